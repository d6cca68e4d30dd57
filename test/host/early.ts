// An extension that the host activates before any other: it begins to write down what Boathouse loads, opens and starts.
import module from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as vscode from "vscode";
import { watched, watchHandles } from "./handles.ts";

type Load = (url: string, context: unknown, next: (url: string, context: unknown) => unknown) => unknown;

interface Asking {
  /** The module that imports. */
  readonly parentURL?: string;
}

type Resolve = (
  specifier: string,
  context: Asking,
  next: (specifier: string, context: Asking) => { readonly url: string },
) => { readonly url: string };

export function activate(): void {
  const boathouse = vscode.extensions.getExtension("boathouse.boathouse");
  if (boathouse === undefined) return;
  watched.early = !boathouse.isActive;
  const dist = join(boathouse.extensionPath, "dist");
  watchHandles(dist);
  // The extension's files, and what these ask for. The tests load packages of their own, beside them.
  const ours = `${pathToFileURL(dist).href}/`;
  (module as unknown as { registerHooks(hooks: { load: Load; resolve: Resolve }): void }).registerHooks({
    resolve: (specifier, context, next) => {
      const found = next(specifier, context);
      const asked = context.parentURL?.startsWith(ours) === true && found.url.startsWith("file:");
      if (asked && !found.url.startsWith(ours)) watched.loaded.push(fileURLToPath(found.url));
      return found;
    },
    load: (url, context, next) => {
      if (url.startsWith(ours)) watched.loaded.push(fileURLToPath(url));
      return next(url, context);
    },
  });
}
