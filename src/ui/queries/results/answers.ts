// What the extension answers the results page.
import "vscode-jsonrpc/node";
import * as vscode from "vscode";
import { BoathouseError } from "../../../base/errors.ts";
import { type Port, serve, type Told } from "../../../messages/channel.ts";
import type { Panel, ResultsContract } from "../../../messages/results.ts";
import { toText } from "../../../queries/rowText.ts";
import { showDocument } from "../../shell/groups.ts";
import type { HeldRows } from "./heldRows.ts";
import type { StatementTab } from "./statementTab.ts";

/** A column is made no wider than so many characters by its content. */
const WIDEST = 400;

/** What is asked of the panel itself. */
export interface Answering {
  tab(id: string): StatementTab | undefined;
  opened(active: string | null): Promise<Panel>;
  show(tab: StatementTab): void;
  close(tab: StatementTab): void;
  rerun(tab: StatementTab): void;
  follow(tab: StatementTab): void;
  exportTab(tab: StatementTab): Promise<void>;
}

export function serveResults(panel: Answering, port: Port): Told<ResultsContract> {
  const tabOf = (id: string): StatementTab => {
    const tab = panel.tab(id);
    if (tab === undefined) throw new BoathouseError("notFound", "The tab was closed.");
    return tab;
  };
  const rowsOf = (id: string): HeldRows => {
    const { rows } = tabOf(id);
    if (rows === undefined) throw new BoathouseError("notFound", "The rows are no longer held.");
    return rows;
  };
  const one = async (tab: string, view: Parameters<HeldRows["values"]>[0], row: number, column: number) => {
    const found = await rowsOf(tab).values(view, { from: row, to: row + 1 }, { from: column, to: column + 1 });
    return found.rows[0]?.[0] ?? null;
  };
  return serve<ResultsContract>(port, {
    open: ({ active }) => panel.opened(active),
    show: async ({ tab }) => {
      panel.show(tabOf(tab));
      return tabOf(tab).table();
    },
    window: ({ tab, view, rows, columns }, signal) => rowsOf(tab).window(view, rows, columns, signal),
    cell: ({ tab, view, row, column }) => one(tab, view, row, column),
    copy: async ({ tab, view, rows, columns, format, names }, signal) => {
      const held = rowsOf(tab);
      const { rows: values } = await held.values(view, rows, columns, signal);
      const alone = format === "tsv" && !names && values.length === 1 && values[0]?.length === 1;
      const shown = held.columns.slice(columns.from, columns.to);
      const text = alone ? (values[0]?.[0] ?? "") : toText(format, shown, values, names);
      await vscode.env.clipboard.writeText(text);
      return text.length;
    },
    edit: async ({ tab, view, row, column }) => {
      const value = (await one(tab, view, row, column)) ?? "";
      const language = /^\s*[[{]/.test(value) ? "json" : "plaintext";
      const document = await vscode.workspace.openTextDocument({ content: value, language });
      await showDocument(document, { preview: true });
      return null;
    },
    widest: ({ tab, column }) => rowsOf(tab).widest(column, WIDEST),
    export: async ({ tab }) => {
      await panel.exportTab(tabOf(tab));
      return null;
    },
    cancel: ({ tab }) => {
      tabOf(tab).cancel();
      return null;
    },
    rerun: ({ tab }) => {
      panel.rerun(tabOf(tab));
      return null;
    },
    follow: ({ tab }) => {
      panel.follow(tabOf(tab));
      return null;
    },
    copyText: async ({ text }) => {
      await vscode.env.clipboard.writeText(text);
      return null;
    },
    close: ({ tab }) => {
      panel.close(tabOf(tab));
      return null;
    },
  });
}
