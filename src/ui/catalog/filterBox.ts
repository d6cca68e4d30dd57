// The filter's input box: the tree follows each key.
import * as vscode from "vscode";

/** Keys that follow each other faster than this are one change; ms. */
const MOMENT = 60;

/** Stays until Enter (which keeps the filter) or Escape (which takes it back). Resolves then. */
export async function filterBox(before: string, change: (text: string) => void): Promise<void> {
  const box = vscode.window.createInputBox();
  box.title = "Filter Catalog";
  box.prompt = "Part of a name, or several: “sales ord”, “lake.orders”. The tree follows as you type.";
  box.placeholder = "orders";
  box.value = before;
  let timer: NodeJS.Timeout | undefined;
  let kept = false;
  const listening: vscode.Disposable[] = [];
  try {
    await new Promise<void>((resolve) => {
      listening.push(
        box.onDidChangeValue((text) => {
          clearTimeout(timer);
          timer = setTimeout(() => change(text.trim()), MOMENT);
        }),
        box.onDidAccept(() => {
          kept = true;
          box.hide();
        }),
        box.onDidHide(() => resolve()),
      );
      box.show();
    });
    clearTimeout(timer);
    change(kept ? box.value.trim() : before);
  } finally {
    for (const one of listening) one.dispose();
    box.dispose();
  }
}
