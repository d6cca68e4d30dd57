// How the page's parts ask the extension.
import type { Asked } from "../../messages/channel.ts";
import type { ResultsContract } from "../../messages/results.ts";

export type Ask = Asked<ResultsContract>["ask"];
