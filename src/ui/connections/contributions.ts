// Connection: the view that says which one is used, choosing another, signing in.
import type { Feature } from "../shell/contributed.ts";
import { welcomeOf } from "../shell/welcome.ts";

const VIEW = "view == boathouse.connection";
const CHOSEN = "boathouse.connection =~ /^(local|aws|endpoint)$/";
const AWAY = "boathouse.connection =~ /^(aws|endpoint)$/";

const SETTING = { type: "string", default: "", scope: "machine" } as const;

export const connections = {
  commands: {
    "boathouse.connections.choose": { title: "Choose Connection", icon: "$(plug)", enablement: "isWorkspaceTrusted" },
    "boathouse.connections.signIn": {
      title: "Sign In",
      icon: "$(sign-in)",
      enablement: `isWorkspaceTrusted && ${AWAY}`,
    },
    "boathouse.connections.disconnect": { title: "Disconnect", icon: "$(debug-disconnect)", enablement: CHOSEN },
    "boathouse.connections.openTerminal": {
      title: "Open Terminal with AWS Variables",
      icon: "$(terminal)",
      enablement: `isWorkspaceTrusted && boathouse.state == connected`,
    },
    "boathouse.connections.copyEnvironment": {
      title: "Copy AWS Variables for a Shell",
      icon: "$(copy)",
      enablement: `isWorkspaceTrusted && boathouse.state == connected`,
    },
    "boathouse.connections.copyValue": { title: "Copy Connection Detail", icon: "$(copy)", palette: "false" },
    "boathouse.refresh": { title: "Refresh", icon: "$(refresh)", enablement: CHOSEN },
    "boathouse.showLog": { title: "Show Log", icon: "$(output)" },
    "boathouse.openSettings": { title: "Open Settings", icon: "$(gear)" },
    "boathouse.manageTrust": { title: "Manage Workspace Trust", palette: "false" },
  },
  views: [{ id: "boathouse.connection", name: "Connection", size: 2 }],
  welcome: welcomeOf(
    "boathouse.connection",
    "deploy, load, run and query a data lake: on a local lake with real engines and no account, or on AWS",
    true,
  ),
  menus: {
    "view/title": [
      { command: "boathouse.connections.choose", when: VIEW, group: "navigation@2" },
      { command: "boathouse.refresh", when: VIEW, group: "navigation@3" },
      { command: "boathouse.connections.openTerminal", when: VIEW, group: "2_use@1" },
      { command: "boathouse.connections.copyEnvironment", when: VIEW, group: "2_use@2" },
      { command: "boathouse.connections.signIn", when: `${VIEW} && ${AWAY}`, group: "3_connection@1" },
      { command: "boathouse.connections.disconnect", when: VIEW, group: "3_connection@2" },
      { command: "boathouse.showLog", when: VIEW, group: "5_more@2" },
      { command: "boathouse.openSettings", when: VIEW, group: "5_more@3" },
    ],
    "view/item/context": [
      { command: "boathouse.connections.copyValue", when: `${VIEW} && viewItem =~ /^fact/`, group: "inline@1" },
      { command: "boathouse.connections.copyValue", when: `${VIEW} && viewItem =~ /^fact/`, group: "1_copy@1" },
    ],
  },
  settings: {
    "boathouse.connection.profile": {
      ...SETTING,
      markdownDescription:
        "AWS profile of `~/.aws/config` or `~/.aws/credentials` for workspaces that have chosen no connection. Takes effect together with `#boathouse.connection.region#`.",
    },
    "boathouse.connection.region": {
      ...SETTING,
      markdownDescription: "AWS region for workspaces that have chosen no connection, as `eu-west-1`.",
    },
    "boathouse.connection.endpoint": {
      ...SETTING,
      markdownDescription:
        "Address of a server that speaks AWS's APIs, for workspaces that have chosen no connection. Requests to it are signed with the keys of `#boathouse.connection.profile#`. A workspace's settings can't set it.",
    },
    "boathouse.statusBar.visible": {
      type: "boolean",
      default: true,
      scope: "window",
      markdownDescription: "Show the connection in the status bar.",
    },
  },
  // For the status bar, and so that what a closed window left goes on.
  activation: ["onStartupFinished"],
} as const satisfies Feature;
