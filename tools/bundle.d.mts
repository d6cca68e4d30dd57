// Types of bundle.mjs for the tests that import it.
import type { BuildOptions, Metafile } from "esbuild";

export declare const NODE: BuildOptions & { readonly metafile: true };
export declare function webviews(): BuildOptions;
export declare function staticClosure(
  metafile: Metafile,
  entry: string,
): { readonly sources: readonly string[]; readonly bytes: number };
