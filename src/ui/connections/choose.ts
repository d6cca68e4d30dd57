// Choosing a connection: the local lake, a profile and its region, or any endpoint.
import { readRecord } from "../../local/record.ts";
import type { Profile, ProfileKind } from "../../aws/profiles.ts";
import { isRegion, REGIONS } from "../../aws/regions.ts";
import { startLake } from "../lake/start.ts";
import { known } from "../shell/failures.ts";
import { askSteps, type Choice, type Heading, type Step } from "../shell/quickInput.ts";
import { say } from "../shell/say.ts";
import type { Shell } from "../shell/shell.ts";
import { choiceName, type ConnectionChoice, sameChoice, wrongEndpoint } from "./choice.ts";

type Place =
  | { readonly kind: "local" }
  | { readonly kind: "aws"; readonly profile: Profile | undefined }
  | { readonly kind: "endpoint" }
  | { readonly kind: "none" };

const KINDS: Readonly<Record<ProfileKind, string>> = {
  role: "assume role",
  keys: "access key",
  webIdentity: "web identity",
  process: "credential process",
  sso: "IAM Identity Center",
  login: "aws login",
  incomplete: "no credentials in it",
};

/** Asks, remembers the choice for the workspace and connects; a local lake that is chosen is started. */
export async function chooseConnection(shell: Shell): Promise<void> {
  const { connections } = shell;
  const made = await askChoice(shell);
  if (made === "none") return connections.choose(undefined);
  if (made.kind === "local") return startLake(shell);
  const before = connections.state.kind === "connected" ? connections.choice : undefined;
  if (!sameChoice(made, connections.choice) || connections.state.kind !== "connected") await connections.choose(made);
  try {
    // By `use`, so that a sign-in that has ended is asked for at once.
    await shell.use(async () => undefined);
  } catch (error) {
    if (before === undefined || known(error).kind !== "credentials") throw error;
    await goBack(shell, made, before);
  }
}

/** Without credentials there is nothing to be seen on `made`: the connection that worked is better than none. The person was told and asked already. */
async function goBack(shell: Shell, made: ConnectionChoice, before: ConnectionChoice): Promise<void> {
  const { connections } = shell;
  // The person has chosen once more meanwhile.
  if (!sameChoice(made, connections.choice)) return;
  await connections.choose(before);
  await connections.session().catch(() => undefined);
  void say.info(`${choiceName(made)} gave no credentials. The connection is ${choiceName(before)}, as before.`);
}

async function askChoice(shell: Shell): Promise<ConnectionChoice | "none"> {
  const { choice: current, lakeFolder } = shell.connections;
  const { readProfiles } = await import("../../aws/profiles.ts");
  const profiles = readProfiles();
  let place: Place | undefined;
  let region = current !== undefined && current.kind !== "local" ? current.region : undefined;
  let url = current?.kind === "endpoint" ? current.url : "";
  let profile = current?.kind === "endpoint" ? current.profile : undefined;

  const where: Step = async (ask) => {
    place = await ask.pick<Place>({
      placeholder: "Where is the data lake?",
      choices: profiles.then((all) => places(all, current, readRecord(lakeFolder) !== undefined)),
      active: (one) => isPlace(one, place ?? placeOf(current)),
    });
    // The region of another connection says nothing of this one.
    if (!isPlace(place, placeOf(current))) region = undefined;
  };
  const askUrl: Step = async (ask) => {
    const text = await ask.text({
      prompt: "Address of a server that speaks AWS's APIs",
      placeholder: "https://host:port",
      value: url,
      validate: wrongEndpoint,
    });
    url = text.trim();
  };
  const askRegion: Step = async (ask) => {
    const own = place?.kind === "aws" ? place.profile?.region : undefined;
    region = await ask.pick({
      placeholder: "Region",
      choices: regions(own, region),
      active: (code) => code === (region ?? own),
      typed: (text) =>
        isRegion(text.trim()) ? { label: text.trim(), description: "as typed", value: text.trim() } : undefined,
    });
  };
  const askProfile: Step = async (ask) => {
    profile = await ask.pick<string | undefined>({
      placeholder: "Profile whose keys sign the requests",
      choices: profiles.then((all) => keysOf(all)),
      active: (name) => name === profile,
    });
  };
  await askSteps("Choose Connection", () => {
    if (place?.kind === "aws") return [where, askRegion];
    if (place?.kind === "endpoint") return [where, askUrl, askRegion, askProfile];
    return [where];
  });
  const chosen = place as Place | undefined;
  if (chosen?.kind === "aws") return { kind: "aws", profile: chosen.profile?.name, region: region ?? "us-east-1" };
  if (chosen?.kind === "endpoint") return { kind: "endpoint", url, region: region ?? "us-east-1", profile };
  return chosen?.kind === "local" ? { kind: "local" } : "none";
}

/** What the first question offers. */
export function places(
  profiles: readonly Profile[],
  current: ConnectionChoice | undefined,
  running: boolean,
): (Choice<Place> | Heading)[] {
  const used = (place: Place) => (isPlace(place, placeOf(current)) ? ["in use"] : []);
  const local: Place = { kind: "local" };
  const chain: Place = { kind: "aws", profile: undefined };
  const endpoint: Place = { kind: "endpoint" };
  return [
    { heading: "This machine" },
    {
      label: "Local lake",
      icon: "database",
      description: [running ? "running" : "stopped", ...used(local)].join(" · "),
      detail: "AWS's APIs on this machine with real engines: PostgreSQL, Spark and Trino. No account, no cost.",
      value: local,
    },
    { heading: "AWS profiles" },
    ...profiles.map((profile): Choice<Place> => {
      const value: Place = { kind: "aws", profile };
      const facts = [
        KINDS[profile.kind],
        profile.mfaSerial === undefined ? undefined : "MFA",
        profile.region,
        ...used(value),
      ];
      return {
        label: profile.name,
        icon: profile.kind === "incomplete" ? "warning" : "cloud",
        description: facts.filter((fact) => fact !== undefined).join(" · "),
        value,
      };
    }),
    {
      label: profiles.length === 0 ? "No profiles yet: default credential chain" : "Default credential chain",
      icon: "key",
      description: used(chain).join(""),
      detail: "Keys from the environment, or the role of this container or instance.",
      value: chain,
    },
    { heading: "Elsewhere" },
    {
      label: "Endpoint URL...",
      icon: "server",
      description: used(endpoint).join(""),
      detail: "Any server that speaks AWS's APIs; requests are signed with a profile's keys.",
      value: endpoint,
    },
    ...(current === undefined
      ? []
      : [{ label: "Disconnect", icon: "debug-disconnect", value: { kind: "none" } as const }]),
  ];
}

/** The profile's own region first, then the one used last, then all. */
export function regions(own: string | undefined, last: string | undefined): (Choice<string> | Heading)[] {
  const first = [...new Set([own, last].filter((code) => code !== undefined))];
  const choice = (code: string): Choice<string> => ({
    label: code,
    description: [REGIONS[code], code === own ? "of the profile" : undefined].filter(Boolean).join(" · "),
    value: code,
  });
  return [
    ...first.map(choice),
    ...(first.length === 0 ? [] : [{ heading: "All regions" }]),
    ...Object.keys(REGIONS)
      .filter((code) => !first.includes(code))
      .map(choice),
  ];
}

function keysOf(profiles: readonly Profile[]): Choice<string | undefined>[] {
  return [
    ...profiles.map(({ name, kind }) => ({ label: name, icon: "key", description: KINDS[kind], value: name })),
    {
      label: "Default credential chain",
      icon: "key",
      description: "environment, container or instance",
      value: undefined,
    },
  ];
}

function placeOf(choice: ConnectionChoice | undefined): Place {
  if (choice?.kind !== "aws") return { kind: choice?.kind ?? "none" };
  const profile = choice.profile === undefined ? undefined : ({ name: choice.profile } as Profile);
  return { kind: "aws", profile };
}

function isPlace(a: Place, b: Place): boolean {
  return a.kind === b.kind && (a.kind !== "aws" || b.kind !== "aws" || a.profile?.name === b.profile?.name);
}
