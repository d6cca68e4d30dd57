// Catalog: databases, tables, columns, partitions.
import type { Feature } from "../shell/contributed.ts";
import { WELCOME_CONNECTED, welcomeOf } from "../shell/welcome.ts";

const CHOSEN = "boathouse.connection =~ /^(local|aws|endpoint)$/ && boathouse.state != stopped";
const VIEW = "view == boathouse.catalog";
const TABLE = `${VIEW} && viewItem =~ /^(table|view)$/`;
const NAMED = `${VIEW} && viewItem =~ /^(database|table|view|column|partition)$/`;

export const catalog = {
  commands: {
    "boathouse.catalog.filter": { title: "Filter Catalog", icon: "$(filter)", enablement: CHOSEN },
    "boathouse.catalog.clearFilter": {
      title: "Clear Catalog Filter",
      icon: "$(clear-all)",
      enablement: "boathouse.catalogFiltered",
    },
    "boathouse.catalog.preview": { title: "Preview 100 Rows", icon: "$(open-preview)", enablement: CHOSEN },
    "boathouse.catalog.select": { title: "New SELECT from Table", icon: "$(new-file)", enablement: CHOSEN },
    "boathouse.catalog.selectPartition": { title: "New SELECT from Partition", palette: "false" },
    "boathouse.catalog.showDdl": { title: "Show Table DDL", icon: "$(code)", enablement: CHOSEN },
    "boathouse.catalog.size": { title: "Measure Table Size", icon: "$(graph)", enablement: CHOSEN },
    "boathouse.catalog.insertName": { title: "Insert Name into Editor", icon: "$(insert)", enablement: CHOSEN },
    "boathouse.catalog.copyName": { title: "Copy Name as SQL", icon: "$(copy)", enablement: CHOSEN },
    "boathouse.catalog.copyLocation": { title: "Copy Location", icon: "$(copy)", palette: "false" },
    "boathouse.catalog.show": { title: "Show Database in Catalog", palette: "false" },
    "boathouse.catalog.useDatabase": { title: "Use This Database for Queries", palette: "false" },
    "boathouse.catalog.refreshNode": { title: "Read Again", icon: "$(refresh)", palette: "false" },
    "boathouse.catalog.more": { title: "Show More Tables or Partitions", palette: "false" },
  },
  views: [{ id: "boathouse.catalog", name: "Catalog", size: 4 }],
  welcome: [
    ...welcomeOf("boathouse.catalog", "browse databases and tables"),
    {
      view: "boathouse.catalog",
      when: WELCOME_CONNECTED,
      contents:
        "The catalog has no databases. A deployed stack brings one.\n[Deploy Stack](command:boathouse.stacks.deploy)",
    },
  ],
  menus: {
    "view/title": [
      { command: "boathouse.catalog.filter", when: `${VIEW} && !boathouse.catalogFiltered`, group: "navigation@1" },
      { command: "boathouse.catalog.clearFilter", when: `${VIEW} && boathouse.catalogFiltered`, group: "navigation@1" },
      { command: "boathouse.refresh", when: VIEW, group: "navigation@3" },
    ],
    "view/item/context": [
      { command: "boathouse.catalog.preview", when: TABLE, group: "inline@1" },
      { command: "boathouse.catalog.insertName", when: `${VIEW} && viewItem == column`, group: "inline@2" },
      { command: "boathouse.catalog.copyLocation", when: `${VIEW} && viewItem == location`, group: "inline@1" },
      { command: "boathouse.catalog.size", when: `${VIEW} && viewItem == size`, group: "inline@1" },
      { command: "boathouse.catalog.preview", when: TABLE, group: "1_query@1" },
      { command: "boathouse.catalog.select", when: TABLE, group: "1_query@2" },
      {
        command: "boathouse.catalog.selectPartition",
        when: `${VIEW} && viewItem == partition`,
        group: "1_query@1",
      },
      { command: "boathouse.catalog.useDatabase", when: `${VIEW} && viewItem == database`, group: "1_query@1" },
      { command: "boathouse.catalog.showDdl", when: TABLE, group: "2_look@1" },
      { command: "boathouse.catalog.size", when: `${VIEW} && viewItem =~ /^(table|size)$/`, group: "2_look@2" },
      { command: "boathouse.catalog.insertName", when: NAMED, group: "5_name@1" },
      { command: "boathouse.catalog.copyName", when: NAMED, group: "5_name@2" },
      {
        command: "boathouse.catalog.copyLocation",
        when: `${VIEW} && viewItem =~ /^(location|partition)$/`,
        group: "5_name@3",
      },
      {
        command: "boathouse.catalog.refreshNode",
        when: `${VIEW} && viewItem =~ /^(database|table|view)$/`,
        group: "9_again@1",
      },
    ],
  },
} as const satisfies Feature;
