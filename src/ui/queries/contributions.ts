// Queries: statements of .sql files, named queries, executions, results.
import type { Feature } from "../shell/contributed.ts";
import { WELCOME_CONNECTED, welcomeOf } from "../shell/welcome.ts";

const CHOSEN = "boathouse.connection =~ /^(local|aws|endpoint)$/";
/** A .sql document in a workspace that has chosen a connection: other SQL extensions' workspaces are left alone. */
const SQL_HERE = `editorLangId == sql && resourceScheme =~ /^(file|untitled|vscode-remote|vscode-vfs)$/ && ${CHOSEN}`;
const CONNECTED = "boathouse.state == connected";
const VIEW = "view == boathouse.queries";

export const queries = {
  commands: {
    "boathouse.queries.run": {
      title: "Run Statement or Selection",
      icon: "$(play)",
      enablement: CHOSEN,
      palette: SQL_HERE,
    },
    "boathouse.queries.runAll": {
      title: "Run All Statements",
      icon: "$(run-all)",
      enablement: CHOSEN,
      palette: SQL_HERE,
    },
    "boathouse.queries.cancel": {
      title: "Cancel Running Query",
      icon: "$(debug-stop)",
      enablement: "boathouse.queriesRunning",
    },
    "boathouse.queries.showPanel": { title: "Show Results Panel", palette: "false" },
    "boathouse.queries.choose": {
      title: "Choose Workgroup and Database",
      icon: "$(settings-gear)",
      enablement: CONNECTED,
    },
    "boathouse.queries.setOutputLocation": { title: "Set Output Location for Query Results", enablement: CONNECTED },
    "boathouse.queries.new": { title: "New Query", icon: "$(new-file)", enablement: CHOSEN },
    "boathouse.queries.openStatement": { title: "Open Statement", icon: "$(go-to-file)", palette: "false" },
    "boathouse.queries.openNamed": { title: "Open Named Query", enablement: CONNECTED },
    "boathouse.queries.runNamed": { title: "Run Named Query", icon: "$(play)", enablement: CONNECTED },
    "boathouse.queries.showResult": { title: "Show Result Again", icon: "$(table)", enablement: CONNECTED },
    "boathouse.queries.stop": { title: "Stop Query", icon: "$(debug-stop)", enablement: CONNECTED },
    "boathouse.queries.copyId": { title: "Copy Execution ID", palette: "false" },
    "boathouse.queries.more": { title: "Show More Queries", palette: "false" },
  },
  views: [{ id: "boathouse.queries", name: "Queries", size: 4 }],
  welcome: [
    ...welcomeOf("boathouse.queries", "see named queries and what ran"),
    {
      view: "boathouse.queries",
      when: WELCOME_CONNECTED,
      contents: "No queries yet.\n[New Query](command:boathouse.queries.new)",
    },
  ],
  menus: {
    "view/title": [
      { command: "boathouse.queries.new", when: VIEW, group: "navigation@1" },
      { command: "boathouse.queries.choose", when: VIEW, group: "navigation@2" },
      { command: "boathouse.refresh", when: VIEW, group: "navigation@3" },
    ],
    "view/item/context": [
      { command: "boathouse.queries.runNamed", when: `${VIEW} && viewItem == named`, group: "inline@1" },
      { command: "boathouse.queries.openStatement", when: `${VIEW} && viewItem == named`, group: "1_open@1" },
      { command: "boathouse.queries.runNamed", when: `${VIEW} && viewItem == named`, group: "1_open@2" },
      { command: "boathouse.queries.stop", when: `${VIEW} && viewItem == execution.running`, group: "inline@1" },
      {
        command: "boathouse.queries.showResult",
        when: `${VIEW} && viewItem == execution.succeeded`,
        group: "inline@1",
      },
      { command: "boathouse.queries.openStatement", when: `${VIEW} && viewItem =~ /^execution/`, group: "1_open@1" },
      {
        command: "boathouse.queries.showResult",
        when: `${VIEW} && viewItem =~ /^execution/`,
        group: "1_open@2",
      },
      { command: "boathouse.queries.stop", when: `${VIEW} && viewItem == execution.running`, group: "2_act@1" },
      { command: "boathouse.queries.copyId", when: `${VIEW} && viewItem =~ /^execution/`, group: "5_copy@1" },
    ],
    "editor/title": [
      { command: "boathouse.queries.run", when: SQL_HERE, group: "navigation@1" },
      { command: "boathouse.queries.runAll", when: SQL_HERE, group: "1_boathouse@1" },
      { command: "boathouse.queries.choose", when: SQL_HERE, group: "1_boathouse@2" },
    ],
    "editor/context": [
      { command: "boathouse.queries.run", when: SQL_HERE, group: "1_boathouse@1" },
      { command: "boathouse.queries.runAll", when: SQL_HERE, group: "1_boathouse@2" },
    ],
  },
  keys: [
    {
      command: "boathouse.queries.run",
      key: "ctrl+enter",
      mac: "cmd+enter",
      when: `editorTextFocus && ${SQL_HERE}`,
    },
  ],
  settings: {
    "boathouse.codeLens.enabled": {
      type: "boolean",
      default: true,
      scope: "resource",
      markdownDescription:
        "Shows “Run on …” above each statement of `.sql` files in workspaces that have chosen a connection.",
    },
    "boathouse.completion.enabled": {
      type: "boolean",
      default: true,
      scope: "resource",
      markdownDescription:
        "Offers databases, tables and columns of the catalog while you type in `.sql` files, once the workspace's connection is there.",
    },
    "boathouse.queries.pricePerTerabyte": {
      type: "number",
      default: 5,
      minimum: 0,
      scope: "window",
      markdownDescription:
        "US dollars for a terabyte scanned by Athena, for the costs that are shown. Regions differ: [Athena pricing](https://aws.amazon.com/athena/pricing/).",
    },
  },
} as const satisfies Feature;
