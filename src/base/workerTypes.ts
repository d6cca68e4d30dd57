// How much a Glue worker is worth, by its type, in DPU (data processing units: 4 vCPU and 16 GB each; the R types have twice the memory).

/**
 * DPU a worker, by worker type. `Standard` is that of Glue 2.0 and earlier, `G.025X` that of streaming jobs alone.
 * https://docs.aws.amazon.com/glue/latest/dg/worker-types.html
 */
const DPU: Readonly<Record<string, number>> = {
  "G.025X": 0.25,
  Standard: 1,
  "G.1X": 1,
  "G.2X": 2,
  "G.4X": 4,
  "G.8X": 8,
  "G.12X": 12,
  "G.16X": 16,
  "R.1X": 1,
  "R.2X": 2,
  "R.4X": 4,
  "R.8X": 8,
};

/** DPU of one worker; undefined for a type that is not known here. */
export function dpuOf(workerType: string | undefined): number | undefined {
  return workerType !== undefined && Object.hasOwn(DPU, workerType) ? DPU[workerType] : undefined;
}
