// The results page begins: the channel to the extension, the page, what was kept of it.
import "vscode-jsonrpc/browser";
import { ask } from "../../messages/channel.ts";
import type { ResultsContract } from "../../messages/results.ts";
import { App } from "./app.ts";
import { readKept } from "./kept.ts";
import "./style.css";

interface Host {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): Host;

const host = acquireVsCodeApi();
const asked = ask<ResultsContract>(
  {
    post: (message) => host.postMessage(message),
    listen: (heard) => {
      const listener = (event: MessageEvent) => heard(event.data);
      window.addEventListener("message", listener);
      return { dispose: () => window.removeEventListener("message", listener) };
    },
  },
  {
    panel: (panel) => app.setPanel(panel),
    tab: (tab) => app.setTab(tab),
    table: (table) => app.setTable(table),
    act: (action) => app.view?.act(action),
  },
);
const app = new App(asked.ask, (kept) => host.setState(kept), readKept(host.getState()));
document.body.append(app.element);
// The panel is focused as a whole: its rows are what the keys are for.
window.addEventListener("focus", () => {
  if (document.activeElement === document.body) app.view?.focus();
});
void app.open();
