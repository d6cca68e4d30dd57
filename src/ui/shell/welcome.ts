// What a view says while there is nothing to list, in every state of the connection. Plain data: contribution tables use it.
import type { WelcomeContribution } from "./contributed.ts";

const CHOSEN = "boathouse.connection =~ /^(local|aws|endpoint)$/";

/** Buttons of our own and one of VS Code's. */
const START = "[Start Local Lake](command:boathouse.lake.start)";
const CHOOSE_COMMAND = "command:boathouse.connections.choose";
const CHOOSE = `[Choose AWS Profile or Endpoint](${CHOOSE_COMMAND})`;
const AGAIN = "[Try Again](command:boathouse.refresh)";
const OTHER = `[Choose Another Connection](${CHOOSE_COMMAND})`;
const TRUST = "[Manage Workspace Trust](command:workbench.trust.manage)";

/** Where a view's own contents for "connected, and there is nothing" stand. */
export const WELCOME_CONNECTED = "boathouse.state == connected";

/**
 * The welcome contents of one view for every state but connected. Being denied and failing within a connection are nodes of the
 * tree; here are those without a session.
 * @param why what the view will show, as the end of a sentence: "see stacks and deploy one".
 * @param first the view of the connection itself: it has all the buttons, where the others below it have one.
 */
export function welcomeOf(view: string, why: string, first = false): WelcomeContribution[] {
  const ways = first
    ? `Connect to ${why}.\n${START}\n${CHOOSE}`
    : `Connect to ${why}: start the local lake, or [choose another connection](${CHOOSE_COMMAND}).\n${START}`;
  return [
    {
      view,
      when: "!isWorkspaceTrusted",
      contents: `Boathouse starts programs and sends signed requests only in a workspace that you trust.\n${TRUST}`,
    },
    { view, when: `isWorkspaceTrusted && !(${CHOSEN})`, contents: ways },
    {
      view,
      when: "isWorkspaceTrusted && boathouse.connection == local && boathouse.state == stopped",
      contents: `The local lake is not running.\n${START}${first ? `\n${OTHER}` : ""}`,
    },
    { view, when: `isWorkspaceTrusted && ${CHOSEN} && boathouse.state == connecting`, contents: "Connecting..." },
    {
      view,
      when: `isWorkspaceTrusted && ${CHOSEN} && boathouse.state == failed`,
      contents: `The connection failed; the Connection view says why.\n${AGAIN}${first ? `\n${OTHER}` : ""}`,
    },
  ];
}
