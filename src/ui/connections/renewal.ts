// New credentials for a connection whose old ones are not accepted: asked once, by the way that its profile signs in.
import * as vscode from "vscode";
import type { Profile } from "../../aws/profiles.ts";
import { type BoathouseError, isCancelled } from "../../base/errors.ts";
import { sentence } from "../shell/failures.ts";
import { say } from "../shell/say.ts";
import { type ConnectionChoice, choiceName } from "./choice.ts";
import { signInByDevice } from "./signIn.ts";

type Away = Exclude<ConnectionChoice, { kind: "local" }>;

export interface Way {
  /** What happened and what can be done, for a message. */
  readonly text: string;
  /** The button that does it. */
  readonly button: string;
  /** What the button does before credentials are resolved anew. */
  readonly act: () => Promise<void>;
}

/** How the person can give `choice` new credentials. */
export async function wayOf(choice: Away, error?: BoathouseError): Promise<Way> {
  const { readProfiles, signInProfile } = await import("../../aws/profiles.ts");
  const profiles = await readProfiles();
  const name = choice.profile ?? process.env["AWS_PROFILE"];
  const profile = name === undefined ? undefined : profiles.find((one) => one.name === name);
  const root = name === undefined ? undefined : signInProfile(profiles, name);
  return wayOfProfile(choiceName(choice), profile, root, error);
}

/**
 * @param root the profile whose sign-in counts: for a role, that of its source.
 * @param error what a call threw, where one did.
 */
export function wayOfProfile(
  connection: string,
  profile: Profile | undefined,
  root: Profile | undefined,
  error?: BoathouseError,
): Way {
  const nothing = async () => undefined;
  if (root?.kind === "sso" && root.sso !== undefined) {
    const { sso, name } = { sso: root.sso, name: root.name };
    return {
      text: `${connection} is not signed in at IAM Identity Center, or the sign-in has expired.`,
      button: "Sign In",
      act: () => signInByDevice(sso, name),
    };
  }
  if (root?.kind === "login") {
    return {
      text: `${connection} is not signed in, or the sign-in has expired. The AWS CLI signs in.`,
      button: "Sign In in Terminal",
      act: () => inTerminal(`aws login --profile ${quoted(root.name)}`),
    };
  }
  if (profile?.mfaSerial !== undefined) {
    return {
      text: `The session of ${connection} has ended; its role asks for a code of your MFA device.`,
      button: "Enter MFA Code",
      act: nothing,
    };
  }
  // Keys in a file, a program, a container: the person mends them there, and then they are read again.
  const said =
    error === undefined
      ? `The credentials of ${connection} have expired or are not accepted.`
      : `${connection}: ${sentence(error.message)}`;
  return { text: `${said}${place(root, error)}`, button: "Try Again", act: nothing };
}

function place(root: Profile | undefined, error: BoathouseError | undefined): string {
  if (root?.kind === "keys") return " Put a valid access key into ~/.aws/credentials, then try again.";
  return root === undefined && error?.kind === "credentials" && error.next !== undefined ? ` ${error.next}` : "";
}

/** Asks by one message; true once there is something new to try. `done` is called before. */
export async function askToRenew(
  choice: Away,
  error: BoathouseError | undefined,
  done: () => Promise<void>,
): Promise<boolean> {
  const way = await wayOf(choice, error);
  const other = "Choose Connection";
  const pressed = await say.warn(way.text, way.button, other);
  if (pressed === other) void vscode.commands.executeCommand("boathouse.connections.choose");
  if (pressed !== way.button) return false;
  try {
    await way.act();
  } catch (error) {
    if (!isCancelled(error)) throw error;
    return false;
  }
  await done();
  return true;
}

/** A terminal of the person's own shell; resolves once they have closed it or said that they are done. */
async function inTerminal(line: string): Promise<void> {
  const terminal = vscode.window.createTerminal({ name: "AWS sign-in" });
  terminal.show();
  terminal.sendText(line);
  const done = await vscode.window.showInformationMessage("Sign in as the terminal says.", "I Have Signed In");
  if (done === undefined) return;
  terminal.dispose();
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
