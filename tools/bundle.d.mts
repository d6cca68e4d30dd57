// Types of bundle.mjs for the tests that import it.
import type { BuildOptions, BuildResult, Metafile } from "esbuild";

export declare const NODE: BuildOptions & { readonly metafile: true };
export declare function buildNode(options: BuildOptions): Promise<BuildResult<{ readonly metafile: true }>>;
export declare function webviews(): BuildOptions;
export declare function staticClosure(
  metafile: Metafile,
  entry: string,
): { readonly sources: readonly string[]; readonly bytes: number };
export declare function copyNative(outdir: string): void;
