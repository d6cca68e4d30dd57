// An extension that the host activates before any other: it begins to write down what Boathouse loads, opens and starts.
import module from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as vscode from "vscode";
import { watched, watchHandles } from "./handles.ts";

type Load = (url: string, context: unknown, next: (url: string, context: unknown) => unknown) => unknown;

export function activate(): void {
  const boathouse = vscode.extensions.getExtension("boathouse.boathouse");
  if (boathouse === undefined) return;
  watched.early = !boathouse.isActive;
  watchHandles(join(boathouse.extensionPath, "dist"));
  (module as unknown as { registerHooks(hooks: { load: Load }): void }).registerHooks({
    load: (url, context, next) => {
      if (url.startsWith("file:")) watched.loaded.push(fileURLToPath(url));
      return next(url, context);
    },
  });
}
