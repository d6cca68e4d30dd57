// What package.json contributes and what the running extension registers are the same; every title reads well in the palette.
import assert from "node:assert/strict";
import * as vscode from "vscode";

const extension = () => {
  const found = vscode.extensions.getExtension("boathouse.boathouse");
  assert.ok(found, "Boathouse is not installed");
  return found;
};

interface Contributed {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly name: string }[]>>;
    readonly keybindings?: readonly { readonly command: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
  };
}

/** What VS Code registers for each view by itself; a command of ours must not be called so. */
function ofView(id: string, view: string): boolean {
  const own = ["focus", "open", "removeView", "resetViewLocation", "toggleVisibility"];
  return own.some((verb) => id === `${view}.${verb}`);
}

describe("contributions", () => {
  before(() => extension().activate());

  const contributed = () => (extension().packageJSON as Contributed).contributes;

  it("every contributed command is registered, and every registered one is contributed", async () => {
    const named = contributed()
      .commands.map(({ command }) => command)
      .sort();
    const views = Object.values(contributed().views)
      .flat()
      .map(({ id }) => id);
    // VS Code registers some for each view: "<view>.focus", "<view>.open" and their like.
    const registered = (await vscode.commands.getCommands(true))
      .filter((id) => id.startsWith("boathouse.") && !views.some((view) => ofView(id, view)))
      .sort();
    assert.deepEqual(registered, named);
  });

  it("keys and menus name commands that are there", () => {
    const named = new Set(contributed().commands.map(({ command }) => command));
    const used = [...(contributed().keybindings ?? []), ...Object.values(contributed().menus).flat()];
    assert.deepEqual(
      used.map(({ command }) => command).filter((id) => id.startsWith("boathouse.") && !named.has(id)),
      [],
    );
  });

  it("titles are in title case, without the name of the product or a full stop, and no two are the same", () => {
    const titles = contributed().commands.map(({ title }) => title);
    const small = /^(a|an|and|as|at|by|for|from|in|into|of|on|or|the|to|with)$/;
    for (const title of titles) {
      const wrong = title.split(/\s+/).filter((word, at) => /^[a-z]/.test(word) && (at === 0 || !small.test(word)));
      assert.deepEqual(wrong, [], title);
      assert.doesNotMatch(title, /^Boathouse|[^.]\.$/, title);
    }
    assert.deepEqual(
      titles.filter((title, at) => titles.indexOf(title) !== at),
      [],
    );
  });
});
