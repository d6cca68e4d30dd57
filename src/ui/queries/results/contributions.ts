// The results panel: what its menu and keys do with the selection.
import type { Feature } from "../../shell/contributed.ts";
import { VIEW_TYPE } from "./viewType.ts";

const focused = `activeWebviewPanelId == '${VIEW_TYPE}'`;
const inGrid = `webviewId == '${VIEW_TYPE}' && webviewSection == 'grid'`;
const entry = (command: string, group: string) => ({ command: `boathouse.results.${command}`, when: inGrid, group });

export const results = {
  commands: {
    "boathouse.results.copy": { title: "Copy Selected Values", palette: focused },
    "boathouse.results.copyWithNames": { title: "Copy Selected Values with Column Names", palette: focused },
    "boathouse.results.copyAsCsv": { title: "Copy Selected Values as CSV", palette: focused },
    "boathouse.results.copyAsJson": { title: "Copy Selected Values as JSON", palette: focused },
    "boathouse.results.copyAsMarkdown": { title: "Copy Selected Values as Markdown", palette: focused },
    "boathouse.results.showValue": { title: "Show Whole Value", palette: focused },
    "boathouse.results.selectRow": { title: "Select Row", palette: focused },
    "boathouse.results.selectColumn": { title: "Select Column", palette: focused },
    "boathouse.results.selectAll": { title: "Select All Rows Held", palette: focused },
    "boathouse.results.sortAscending": { title: "Sort Rows Held Ascending", palette: focused },
    "boathouse.results.sortDescending": { title: "Sort Rows Held Descending", palette: focused },
    "boathouse.results.clearSort": { title: "Clear Sort", palette: focused },
    "boathouse.results.filter": { title: "Filter Rows Held", palette: focused },
    "boathouse.results.export": { title: "Export Whole Result as CSV", palette: focused },
  },
  menus: {
    "webview/context": [
      entry("copy", "1_copy@1"),
      entry("copyWithNames", "1_copy@2"),
      entry("copyAsCsv", "1_copy@3"),
      entry("copyAsJson", "1_copy@4"),
      entry("copyAsMarkdown", "1_copy@5"),
      entry("showValue", "2_value@1"),
      entry("sortAscending", "3_view@1"),
      entry("sortDescending", "3_view@2"),
      entry("clearSort", "3_view@3"),
      entry("filter", "3_view@4"),
      entry("selectRow", "4_select@1"),
      entry("selectColumn", "4_select@2"),
      entry("selectAll", "4_select@3"),
      entry("export", "5_export@1"),
    ],
  },
  /** A panel of before a reload is rebuilt. VS Code does not derive this one. */
  activation: [`onWebviewPanel:${VIEW_TYPE}`],
  keys: [{ command: "boathouse.results.filter", key: "ctrl+f", mac: "cmd+f", when: focused }],
  settings: {
    "boathouse.results.placement": {
      type: "string",
      default: "below",
      enum: ["below", "beside"],
      enumDescriptions: ["Below the editor.", "Beside the editor."],
      markdownDescription:
        "Where the results panel opens if there is only one editor group. With more groups it opens in the next one.",
      scope: "window",
    },
  },
} as const satisfies Feature;
