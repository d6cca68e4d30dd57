// Questions in the quick input: one, or several in a row with step numbers and a way back.
import * as vscode from "vscode";
import { BoathouseError } from "../../base/errors.ts";
import { CANCELLED } from "./failures.ts";
import { described, plain } from "./text.ts";

/** A choice. All texts are shown as they are: what looks like `$(icon)` in them stays text. */
export interface Choice<T> {
  readonly label: string;
  readonly value: T;
  /** Codicon before the label, by its id: "cloud". Only words of our own. */
  readonly icon?: string;
  readonly description?: string;
  readonly detail?: string;
}

/** A heading among the choices. */
export interface Heading {
  readonly heading: string;
}

export interface PickQuestion<T> {
  readonly placeholder: string;
  /** A promise: the box opens at once and shows that it is busy. Where it fails, the question fails with it. */
  readonly choices: readonly (Choice<T> | Heading)[] | Promise<readonly (Choice<T> | Heading)[]>;
  /** Which one is active first. */
  readonly active?: (value: T) => boolean;
  /** Offers what the person types as a choice of its own where the list has nothing that is called so. */
  readonly typed?: (text: string) => Choice<T> | undefined;
}

export interface ManyQuestion<T> {
  readonly placeholder: string;
  readonly choices: readonly (Choice<T> | Heading)[];
  /** Which ones are ticked at first. */
  readonly ticked?: (value: T) => boolean;
}

export interface TextQuestion {
  /** The question, under the box. May be Markdown-free text of a template's own description. */
  readonly prompt: string;
  readonly value?: string;
  readonly placeholder?: string;
  readonly password?: boolean;
  /** What is wrong with it, as one sentence; undefined where it will do. Asked while typing and again at Enter. */
  readonly validate?: (value: string) => string | undefined | Promise<string | undefined>;
}

/** How a step asks. A step asks one question at most; one that asks none is passed over, on the way back too. */
export interface Ask {
  pick<T>(question: PickQuestion<T>): Promise<T>;
  /** Any number of them, none too, in their order. */
  pickMany<T>(question: ManyQuestion<T>): Promise<readonly T[]>;
  text(question: TextQuestion): Promise<string>;
}

export type Step = (ask: Ask) => Promise<void>;

const BACK = Symbol("back");

/**
 * Asks one step after the other. Steps keep what they are told where they like, and offer it again when the person comes back.
 * `steps` as a function is called anew after every step: which ones follow may hang on what was answered.
 * @throws BoathouseError `cancelled` where the person presses Escape.
 */
export async function askSteps(title: string, steps: readonly Step[] | (() => readonly Step[])): Promise<void> {
  const all = () => (typeof steps === "function" ? steps() : steps);
  const asked: number[] = [];
  for (let at = 0; at < all().length; ) {
    const place: Place = { title, step: asked.length + 1, of: all().length, back: asked.length > 0 };
    let did = false;
    const ask: Ask = {
      pick: (question) => {
        did = true;
        return pickOne(place, question);
      },
      pickMany: (question) => {
        did = true;
        return pickSome(place, question);
      },
      text: (question) => {
        did = true;
        return askText(place, question);
      },
    };
    try {
      await all()[at]?.(ask);
      if (did) asked.push(at);
      at += 1;
    } catch (error) {
      if (error !== BACK) throw error;
      at = asked.pop() ?? 0;
    }
  }
}

/** One question. @throws BoathouseError `cancelled` where the person presses Escape. */
export async function pick<T>(title: string, question: PickQuestion<T>): Promise<T> {
  return pickOne({ title, step: 1, of: 1, back: false }, question);
}

/** One question. @throws BoathouseError `cancelled` where the person presses Escape. */
export async function askFor(title: string, question: TextQuestion): Promise<string> {
  return askText({ title, step: 1, of: 1, back: false }, question);
}

interface Place {
  readonly title: string;
  readonly step: number;
  readonly of: number;
  readonly back: boolean;
}

interface Item<T> extends vscode.QuickPickItem {
  readonly choice?: Choice<T>;
}

async function pickOne<T>(place: Place, question: PickQuestion<T>): Promise<T> {
  const box = vscode.window.createQuickPick<Item<T>>();
  box.placeholder = question.placeholder;
  box.matchOnDescription = true;
  box.matchOnDetail = true;
  return within<T>(box, place, (resolve, reject) => {
    let listed: readonly Item<T>[] = [];
    const show = () => {
      const typed = box.value === "" ? undefined : question.typed?.(box.value);
      const known = listed.some(({ choice }) => choice?.label === typed?.label);
      box.items = typed === undefined || known ? listed : [...listed, { ...itemOf(typed), alwaysShow: true }];
    };
    const take = (choices: readonly (Choice<T> | Heading)[]) => {
      listed = itemsOf(choices);
      show();
      const active = listed.find(({ choice }) => choice !== undefined && question.active?.(choice.value) === true);
      if (active !== undefined) box.activeItems = [active];
    };
    if (question.choices instanceof Promise) {
      box.busy = true;
      question.choices
        .then(take)
        .catch(reject)
        .finally(() => {
          box.busy = false;
        });
    } else take(question.choices);
    return [
      ...(question.typed === undefined ? [] : [box.onDidChangeValue(show)]),
      box.onDidAccept(() => {
        const choice = box.selectedItems[0]?.choice;
        if (choice !== undefined) resolve(choice.value);
      }),
    ];
  });
}

async function pickSome<T>(place: Place, question: ManyQuestion<T>): Promise<readonly T[]> {
  const box = vscode.window.createQuickPick<Item<T>>();
  box.canSelectMany = true;
  box.placeholder = question.placeholder;
  box.matchOnDescription = true;
  box.matchOnDetail = true;
  return within<readonly T[]>(box, place, (resolve) => {
    const items = itemsOf(question.choices);
    box.items = items;
    box.selectedItems = items.filter(({ choice }) => choice !== undefined && question.ticked?.(choice.value) === true);
    return [
      box.onDidAccept(() => {
        const ticked = new Set(box.selectedItems);
        resolve(items.flatMap((item) => (item.choice !== undefined && ticked.has(item) ? [item.choice.value] : [])));
      }),
    ];
  });
}

function itemsOf<T>(choices: readonly (Choice<T> | Heading)[]): Item<T>[] {
  return choices.map((choice) =>
    "heading" in choice
      ? { label: plain(choice.heading), kind: vscode.QuickPickItemKind.Separator }
      : itemOf<T>(choice),
  );
}

function itemOf<T>(choice: Choice<T>): Item<T> {
  const icon = choice.icon === undefined ? "" : `$(${choice.icon}) `;
  return {
    choice,
    label: `${icon}${plain(choice.label)}`,
    ...(choice.description === undefined ? {} : { description: described(choice.description) }),
    ...(choice.detail === undefined ? {} : { detail: plain(choice.detail) }),
  };
}

async function askText(place: Place, question: TextQuestion): Promise<string> {
  const box = vscode.window.createInputBox();
  // Both are searched for icons.
  box.prompt = plain(question.prompt);
  box.value = question.value ?? "";
  box.placeholder = question.placeholder;
  box.password = question.password === true;
  return within<string>(box, place, (resolve, reject) => {
    // A slow answer to an older text must not mark a newer one.
    let asked = 0;
    const check = async (): Promise<boolean> => {
      asked += 1;
      const mine = asked;
      const wrong = await question.validate?.(box.value);
      if (mine === asked) box.validationMessage = wrong === undefined ? undefined : plain(wrong);
      return wrong === undefined && mine === asked;
    };
    return [
      box.onDidChangeValue(() => void check().catch(reject)),
      box.onDidAccept(() => {
        const { value } = box;
        box.busy = true;
        void check()
          .then((good) => {
            if (good) resolve(value);
          })
          .catch(reject)
          .finally(() => {
            box.busy = false;
          });
      }),
    ];
  });
}

/** Shows the box until it is answered, left or gone back from; it is disposed then, whichever way. */
async function within<T>(
  box: vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox,
  place: Place,
  ask: (resolve: (value: T) => void, reject: (error: unknown) => void) => vscode.Disposable[],
): Promise<T> {
  box.title = place.title;
  // A person may have to look a value up elsewhere.
  box.ignoreFocusOut = true;
  if (place.of > 1) {
    box.step = place.step;
    box.totalSteps = Math.max(place.of, place.step);
  }
  if (place.back) box.buttons = [vscode.QuickInputButtons.Back];
  const listening: vscode.Disposable[] = [];
  try {
    return await new Promise<T>((resolve, reject) => {
      listening.push(
        ...ask(resolve, reject),
        box.onDidTriggerButton((button) => {
          if (button === vscode.QuickInputButtons.Back) reject(BACK as unknown as Error);
        }),
        box.onDidHide(() => reject(new BoathouseError("cancelled", CANCELLED))),
      );
      box.show();
    });
  } finally {
    for (const one of listening) one.dispose();
    box.dispose();
  }
}
