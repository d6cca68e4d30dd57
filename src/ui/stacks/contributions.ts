// Stacks: deploy, watch, tear down.
import type { Feature } from "../shell/contributed.ts";
import { WELCOME_CONNECTED, welcomeOf } from "../shell/welcome.ts";

/** Where a call on the connection can work; one that is chosen is opened by the first call. */
const CAN = "boathouse.connection =~ /^(local|aws|endpoint)$/ && boathouse.state != stopped";
const STACK = "view == boathouse.stack && viewItem =~ /^stack\\b/";
/** A stack that nothing is under way on. */
const RESTING = `${STACK} && viewItem =~ /\\bresting\\b/`;
const LAKE = `${STACK} && viewItem =~ /\\blake\\b/`;

const PLAN = "resourceScheme == boathouse && boathouse.planOpen && resourceFilename =~ /^Plan for stack /";

export const stacks = {
  commands: {
    "boathouse.stacks.deploy": { title: "Deploy Stack", icon: "$(cloud-upload)", enablement: CAN },
    "boathouse.stacks.tearDown": { title: "Tear Down Stack", icon: "$(trash)", enablement: CAN },
    "boathouse.stacks.load": { title: "Load Sample Data", icon: "$(database)", enablement: CAN },
    "boathouse.stacks.runAll": { title: "Run All Jobs", icon: "$(run-all)", enablement: CAN },
    "boathouse.stacks.crawl": { title: "Crawl", icon: "$(search)", enablement: CAN },
    "boathouse.stacks.cancel": { title: "Cancel Stack Operation", icon: "$(debug-stop)", enablement: CAN },
    "boathouse.stacks.showEvents": { title: "Show Stack Events", icon: "$(list-flat)", enablement: CAN },
    "boathouse.stacks.showTemplate": { title: "Show Stack Template", icon: "$(file-code)", enablement: CAN },
    "boathouse.stacks.openConsole": {
      title: "Open in AWS Console",
      icon: "$(link-external)",
      enablement: "boathouse.connection == aws",
    },
    "boathouse.stacks.executePlan": {
      title: "Execute Plan",
      icon: "$(play)",
      enablement: "boathouse.planOpen",
    },
    "boathouse.stacks.discardPlan": { title: "Discard Plan", icon: "$(close)", enablement: "boathouse.planOpen" },
    "boathouse.stacks.copyValue": { title: "Copy Value", icon: "$(copy)", palette: "false" },
    "boathouse.stacks.moreEvents": { title: "Show Earlier Events", palette: "false" },
  },
  views: [{ id: "boathouse.stack", name: "Stack", size: 2 }],
  welcome: [
    ...welcomeOf("boathouse.stack", "see stacks and deploy one"),
    {
      view: "boathouse.stack",
      when: WELCOME_CONNECTED,
      contents:
        "No stack is deployed on this connection.\n[Deploy Stack](command:boathouse.stacks.deploy)\nYou see the plan before anything is made.",
    },
  ],
  menus: {
    "view/title": [
      { command: "boathouse.stacks.deploy", when: "view == boathouse.stack", group: "navigation@1" },
      { command: "boathouse.refresh", when: "view == boathouse.stack", group: "navigation@2" },
    ],
    "editor/title": [
      { command: "boathouse.stacks.executePlan", when: PLAN, group: "navigation@1" },
      { command: "boathouse.stacks.discardPlan", when: PLAN, group: "navigation@2" },
    ],
    "view/item/context": [
      { command: "boathouse.stacks.load", when: LAKE, group: "inline@1" },
      { command: "boathouse.stacks.runAll", when: LAKE, group: "inline@2" },
      { command: "boathouse.stacks.crawl", when: LAKE, group: "inline@3" },
      { command: "boathouse.stacks.cancel", when: `${STACK} && viewItem =~ /\\bcancellable\\b/`, group: "inline@1" },
      { command: "boathouse.stacks.load", when: LAKE, group: "1_lake@1" },
      { command: "boathouse.stacks.runAll", when: LAKE, group: "1_lake@2" },
      { command: "boathouse.stacks.crawl", when: LAKE, group: "1_lake@3" },
      { command: "boathouse.stacks.deploy", when: `${STACK} && viewItem =~ /\\bupdatable\\b/`, group: "2_stack@1" },
      { command: "boathouse.stacks.showEvents", when: STACK, group: "3_show@1" },
      { command: "boathouse.stacks.showTemplate", when: STACK, group: "3_show@2" },
      {
        command: "boathouse.stacks.openConsole",
        when: "view == boathouse.stack && boathouse.connection == aws && viewItem =~ /\\bconsole\\b/",
        group: "3_show@3",
      },
      { command: "boathouse.stacks.tearDown", when: RESTING, group: "9_end@1" },
      {
        command: "boathouse.stacks.copyValue",
        when: "view == boathouse.stack && viewItem =~ /\\bvalue\\b/",
        group: "inline@1",
      },
      {
        command: "boathouse.stacks.copyValue",
        when: "view == boathouse.stack && viewItem =~ /\\bvalue\\b/",
        group: "1_copy@1",
      },
    ],
  },
  // What a closed window left under way is gone on with though nobody has opened the side bar yet.
  activation: ["onStartupFinished"],
} as const satisfies Feature;
