// What a feature contributes to VS Code, as plain data: package.json's `contributes` is generated from it.
// https://code.visualstudio.com/api/references/contribution-points

export interface CommandContribution {
  readonly title: string;
  /** "$(play)": shown where the command is a button. */
  readonly icon?: string;
  /** Context expression: where it can work. */
  readonly enablement?: string;
  /** Context expression: when the palette lists it; "false" for commands that need a tree's node. Always when left out. */
  readonly palette?: string;
}

export interface MenuItem<C extends string = string> {
  readonly command: C;
  readonly when?: string;
  /** "inline", "navigation@1" ... */
  readonly group?: string;
}

export interface ViewContribution {
  readonly id: string;
  readonly name: string;
  /** Its share of the side bar's height at first. */
  readonly size?: number;
  readonly visibility?: "visible" | "collapsed";
}

export interface WelcomeContribution {
  readonly view: string;
  /** Markdown with command links, which become buttons where they stand alone on a line. */
  readonly contents: string;
  readonly when?: string;
}

export interface KeyContribution {
  readonly command: string;
  readonly key: string;
  readonly mac?: string;
  readonly when: string;
}

export interface SettingContribution {
  readonly type: "string" | "boolean" | "number" | "array" | "object";
  readonly default: unknown;
  readonly markdownDescription: string;
  /** "machine": a workspace's settings can't set it. "machine-overridable", "window", "resource" as VS Code defines them. */
  readonly scope: "machine" | "machine-overridable" | "window" | "resource";
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** By the kind of theme; the high-contrast ones are VS Code's `hc` and `hcLight`. */
export interface Pictures {
  readonly dark: string;
  readonly light: string;
  readonly hc: string;
  readonly hcLight: string;
}

export interface WalkthroughStep {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly media: { readonly image: Pictures; readonly altText: string } | { readonly markdown: string };
  readonly completionEvents?: readonly string[];
}

export interface Walkthrough {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly steps: readonly WalkthroughStep[];
}

/** All of one feature. Ids of commands and settings are the keys. */
export interface Feature {
  readonly commands: Readonly<Record<string, CommandContribution>>;
  readonly views?: readonly ViewContribution[];
  readonly welcome?: readonly WelcomeContribution[];
  /** By place: "view/title", "view/item/context", "editor/title" ... */
  readonly menus?: Readonly<Record<string, readonly MenuItem[]>>;
  readonly keys?: readonly KeyContribution[];
  readonly settings?: Readonly<Record<string, SettingContribution>>;
  readonly walkthroughs?: readonly Walkthrough[];
  /** Activation events that VS Code does not derive from the rest by itself ("onWebviewPanel:..."). */
  readonly activation?: readonly string[];
}
