// Exports and who imports them.
import type { Operations } from "../../../call.ts";
import { importersOf } from "../engine/exports.ts";
import { invalidTemplate } from "../template/fault.ts";
import { pageOf } from "./paging.ts";
import type { Parts } from "./parts.ts";

export function exportOperations({ store }: Parts): Operations<"cloudformation"> {
  return {
    ListExports: {
      fields: ["NextToken"],
      async run({ NextToken }) {
        const { items, next } = pageOf("exports", await store.exports(), NextToken);
        return {
          Exports: items.map(({ name, value, stackId }) => ({ ExportingStackId: stackId, Name: name, Value: value })),
          ...(next === undefined ? {} : { NextToken: next }),
        };
      },
    },
    ListImports: {
      fields: ["ExportName", "NextToken"],
      async run({ ExportName, NextToken }) {
        const users = store.exported(ExportName ?? "") === undefined ? [] : await importersOf(store, ExportName ?? "");
        if (users.length === 0) throw invalidTemplate(`Export '${ExportName ?? ""}' is not imported by any stack.`);
        const { items, next } = pageOf("imports", users.toSorted(), NextToken);
        return { Imports: items, ...(next === undefined ? {} : { NextToken: next }) };
      },
    },
  };
}
