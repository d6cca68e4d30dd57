// A rule about the stack, and how it is shown to be one: it holds for each kind of lake, and fails for each mutation that breaks it.
import assert from "node:assert/strict";
import { Draft, resolveStack, type Stack } from "./stack.ts";

export interface Rule {
  readonly name: string;
  /** What is wrong, one sentence a finding; none where the rule holds. */
  readonly check: (stack: Stack) => string[];
  /** At least one: a rule that nothing breaks is no rule. */
  readonly mutations: readonly Mutation[];
}

export interface Mutation {
  readonly name: string;
  readonly edit: (draft: Draft) => void;
  /** The kind of lake that it is shown on; `nat` and `dev` where not said. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** What the rule must say of it. */
  readonly finds: RegExp;
}

const KINDS: readonly Readonly<Record<string, string>>[] = [
  { Kind: "dev", PrivateAccess: "nat" },
  { Kind: "dev", PrivateAccess: "endpoints" },
  { Kind: "prod", PrivateAccess: "nat" },
  { Kind: "prod", PrivateAccess: "endpoints", FirstZone: "eu-central-1c", SecondZone: "eu-central-1b" },
];

export function describeRules(title: string, rules: readonly Rule[]): void {
  describe(title, () => {
    for (const { name, check, mutations } of rules) {
      it(name, () => {
        assert.ok(mutations.length > 0, "a rule that nothing breaks is no rule");
        for (const parameters of KINDS) {
          assert.deepEqual(check(resolveStack(new Draft(), parameters)), [], JSON.stringify(parameters));
        }
      });
      for (const mutation of mutations) {
        it(`  fails: ${mutation.name}`, () => {
          const draft = new Draft();
          mutation.edit(draft);
          const found = check(resolveStack(draft, mutation.parameters ?? {}));
          assert.ok(
            found.some((finding) => mutation.finds.test(finding)),
            `expected ${String(mutation.finds)} among ${JSON.stringify(found)}`,
          );
        });
      }
    }
  });
}
