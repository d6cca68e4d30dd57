// Which connection a workspace has chosen, as it is remembered: plain data, no keys.

export type ConnectionChoice =
  | { readonly kind: "local" }
  | { readonly kind: "aws"; readonly profile: string | undefined; readonly region: string }
  | {
      readonly kind: "endpoint";
      readonly url: string;
      readonly region: string;
      readonly profile: string | undefined;
    };

/** As people name it in lenses and status bar: "local lake", "prod-analytics · eu-west-1". */
export function choiceName(choice: ConnectionChoice): string {
  switch (choice.kind) {
    case "local":
      return "local lake";
    case "aws":
      return `${choice.profile ?? "default"} · ${choice.region}`;
    case "endpoint":
      return `${choice.url} · ${choice.region}`;
  }
}

/** True for two choices that mean the same place. */
export function sameChoice(a: ConnectionChoice | undefined, b: ConnectionChoice | undefined): boolean {
  return a?.kind === b?.kind && (a === undefined || b === undefined ? a === b : choiceName(a) === choiceName(b));
}

/** What was remembered, where it still is a choice; anything else counts as none. */
export function parseChoice(value: unknown): ConnectionChoice | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { kind, profile, region, url } = value as Record<string, unknown>;
  if (kind === "local") return { kind };
  const named = typeof profile === "string" ? profile : undefined;
  if (typeof region !== "string") return undefined;
  if (kind === "aws") return { kind, profile: named, region };
  if (kind === "endpoint" && typeof url === "string") return { kind, url, region, profile: named };
  return undefined;
}
