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

/** What a setting of the machine says, where the workspace has chosen nothing. */
export function defaultChoice(settings: {
  readonly endpoint: string | undefined;
  readonly profile: string | undefined;
  readonly region: string | undefined;
}): ConnectionChoice | undefined {
  const { endpoint, profile, region } = settings;
  if (endpoint !== undefined && wrongEndpoint(endpoint) === undefined) {
    return { kind: "endpoint", url: endpoint, region: region ?? "us-east-1", profile };
  }
  if (profile !== undefined && region !== undefined) return { kind: "aws", profile, region };
  return undefined;
}

/** What is wrong with an endpoint's address, as one sentence; undefined where it will do. */
export function wrongEndpoint(text: string): string | undefined {
  if (text.trim() === "") return "Enter the address of a server.";
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:")
    return "Enter it whole, as http://host:port or https://host.";
  if (url.username !== "" || url.password !== "") return "Leave user and password out: keys come from a profile.";
  if (url.search !== "" || url.hash !== "") return "Leave out what follows ? or #.";
  return undefined;
}

/** What was remembered, where it still is a choice; anything else counts as none. */
export function parseChoice(value: unknown): ConnectionChoice | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { kind, profile, region, url } = value as Record<string, unknown>;
  if (kind === "local") return { kind };
  const named = typeof profile === "string" ? profile : undefined;
  if (typeof region !== "string") return undefined;
  if (kind === "aws") return { kind, profile: named, region };
  if (kind === "endpoint" && typeof url === "string" && wrongEndpoint(url) === undefined)
    return { kind, url, region, profile: named };
  return undefined;
}
