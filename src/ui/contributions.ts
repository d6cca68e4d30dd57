// The one table of what Boathouse contributes: each feature's, merged. Plain data, so that a script can write package.json from it.
import { catalog } from "./catalog/contributions.ts";
import { connections } from "./connections/contributions.ts";
import { jobs } from "./jobs/contributions.ts";
import { lake } from "./lake/contributions.ts";
import { queries } from "./queries/contributions.ts";
import { results } from "./queries/results/contributions.ts";
import { stacks } from "./stacks/contributions.ts";
import { welcome } from "./welcome/contributions.ts";

/** In the order in which their views stand in the side bar. */
export const FEATURES = { connections, lake, stacks, jobs, catalog, queries, results, welcome };

type Merged = (typeof FEATURES)[keyof typeof FEATURES];

/** Distributes over the features, so that each one's keys count. */
type KeysOf<F, P extends string> = F extends Readonly<Record<P, infer T>> ? Extract<keyof T, string> : never;

export type CommandId = KeysOf<Merged, "commands">;
export type SettingId = KeysOf<Merged, "settings">;
