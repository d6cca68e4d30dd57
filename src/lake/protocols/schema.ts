// Operations as the AWS SDK v3 clients' runtime schemas describe them: input and output shapes, HTTP method and path.
import { NormalizedSchema } from "@smithy/core/schema";
import type { $SchemaRef } from "@smithy/types";

/** An operation of a client module: [9, namespace, name, traits, input, output]. */
export interface OperationShape {
  readonly name: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
  /** Method, path with literal query, success status; only in HTTP-bound protocols. */
  readonly http: readonly [method: string, path: string, status: number] | undefined;
}

const OPERATION = 9;
const tables = new WeakMap<object, Map<string, OperationShape>>();

/** All operations of a client module by name; made once a module. */
export function operationShapes(module: object): Map<string, OperationShape> {
  let table = tables.get(module);
  if (table === undefined) {
    table = new Map();
    for (const value of Object.values(module) as unknown[]) {
      if (!Array.isArray(value) || value[0] !== OPERATION) continue;
      const [, , name, traits, input, output] = value as [
        number,
        string,
        string,
        { http?: OperationShape["http"] },
        $SchemaRef,
        $SchemaRef,
      ];
      table.set(name, {
        name,
        input: NormalizedSchema.of(input),
        output: NormalizedSchema.of(output),
        http: traits?.http,
      });
    }
    tables.set(module, table);
  }
  return table;
}

/** How many of a structure's first members are required (the SDK's schemas keep required members first). */
export function requiredCount(structure: NormalizedSchema): number {
  const schema: unknown = structure.getSchema();
  const count: unknown = Array.isArray(schema) ? schema[6] : undefined;
  return typeof count === "number" ? count : 0;
}
