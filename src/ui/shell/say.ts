// Messages with words of people and services in them. VS Code makes links of "[text](command:...)" in a message: here it stays text.
import * as vscode from "vscode";
import { unlinked } from "./text.ts";

export const say = {
  info: <B extends string>(text: string, ...buttons: B[]): Thenable<B | undefined> =>
    vscode.window.showInformationMessage(unlinked(text), ...buttons),
  warn: <B extends string>(text: string, ...buttons: B[]): Thenable<B | undefined> =>
    vscode.window.showWarningMessage(unlinked(text), ...buttons),
  error: <B extends string>(text: string, ...buttons: B[]): Thenable<B | undefined> =>
    vscode.window.showErrorMessage(unlinked(text), ...buttons),
  /** A question that must be answered; Escape is undefined. */
  modal: <B extends string>(text: string, detail: string, ...buttons: B[]): Thenable<B | undefined> =>
    vscode.window.showWarningMessage(unlinked(text), { modal: true, detail: unlinked(detail) }, ...buttons),
};
