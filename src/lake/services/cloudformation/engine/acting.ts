// The stack operation that acts on resources: whose it is, which stack's, and when to leave off.
import type { Principal } from "../../../call.ts";
import type { OperationRecord, StackRecord } from "../records.ts";
import type { Template } from "../template/template.ts";

export interface Acting {
  readonly stack: StackRecord;
  /** Id of the operation. */
  readonly operation: string;
  readonly token: string | undefined;
  readonly principal: Principal;
  readonly signal: AbortSignal;
  /** The lake is stopping: a failure now is no failure of the resource. */
  readonly stopping: () => boolean;
  /** Records of deleted resources are kept, to be listed. */
  readonly keepsDeleted: boolean;
  /** The text without the values of NoEcho parameters. */
  readonly hide: (text: string) => string;
}

export function actingFor(
  operation: OperationRecord,
  stack: StackRecord,
  rest: Pick<Acting, "signal" | "stopping" | "keepsDeleted">,
): Acting {
  const secrets = stack.hidden.map((name) => stack.parameters[name] ?? "");
  return {
    stack,
    operation: operation.id,
    token: operation.token,
    principal: operation.principal,
    hide: hider(secrets),
    ...rest,
  };
}

/** Values of NoEcho parameters, which no description of a stack shows. */
export function hiddenValues(template: Template, parameters: Readonly<Record<string, string>>): string[] {
  return Object.values(template.parameters)
    .filter(({ noEcho }) => noEcho)
    .map(({ name }) => parameters[name] ?? "");
}

/** Puts "****" for each secret, in plain text and within JSON. One or two characters are no secret: they would blot out everything. */
export function hider(secrets: readonly string[]): (text: string) => string {
  const forms = secrets
    .filter((secret) => secret.length > 2)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  return (text) => forms.reduce((hidden, form) => hidden.replaceAll(form, "****"), text);
}
