// Jobs: runs, logs, triggers, crawlers.
import type { Feature } from "../shell/contributed.ts";
import { WELCOME_CONNECTED, welcomeOf } from "../shell/welcome.ts";

/** Where a call on the connection can work; one that is chosen is opened by the first call. */
const CAN = "boathouse.connection =~ /^(local|aws|endpoint)$/ && boathouse.state != stopped";
const item = (pattern: string) => `view == boathouse.jobs && viewItem =~ /${pattern}/`;
const JOB = item("^job\\b");
const RUN = item("^run\\b");
const ACTIVE_RUN = item("^(run|job)\\b.*\\bactive\\b");

export const jobs = {
  commands: {
    "boathouse.jobs.run": { title: "Run Job", icon: "$(play)", enablement: CAN },
    "boathouse.jobs.runWith": { title: "Run Job with Arguments...", icon: "$(run-above)", enablement: CAN },
    "boathouse.jobs.stop": { title: "Stop Job Run", icon: "$(debug-stop)", enablement: CAN },
    "boathouse.jobs.showLog": { title: "Show Log of Job Run", icon: "$(output)", enablement: CAN },
    "boathouse.jobs.showError": { title: "Show Error of Job Run", icon: "$(error)", palette: "false" },
    "boathouse.jobs.resetBookmark": { title: "Reset Job Bookmark", icon: "$(discard)", enablement: CAN },
    "boathouse.jobs.openScript": { title: "Open Job Script", icon: "$(file-code)", enablement: CAN },
    "boathouse.jobs.moreRuns": { title: "Show Earlier Runs", palette: "false" },
    "boathouse.jobs.moreJobs": { title: "Show More Jobs", palette: "false" },
    "boathouse.jobs.copyRunId": { title: "Copy Run Id", icon: "$(copy)", palette: "false" },
    "boathouse.jobs.copyName": { title: "Copy Name", icon: "$(copy)", palette: "false" },
    "boathouse.triggers.start": { title: "Start Trigger", icon: "$(play)", enablement: CAN },
    "boathouse.triggers.stop": { title: "Stop Trigger", icon: "$(debug-pause)", enablement: CAN },
    "boathouse.crawlers.run": { title: "Run Crawler", icon: "$(play)", enablement: CAN },
    "boathouse.crawlers.stop": { title: "Stop Crawler", icon: "$(debug-stop)", enablement: CAN },
  },
  views: [{ id: "boathouse.jobs", name: "Jobs", size: 4 }],
  welcome: [
    ...welcomeOf("boathouse.jobs", "see jobs and run them"),
    {
      view: "boathouse.jobs",
      when: WELCOME_CONNECTED,
      contents:
        "There are no Glue jobs on this connection.\n[Deploy Stack](command:boathouse.stacks.deploy)\nA lake of Boathouse brings three.",
    },
  ],
  menus: {
    "view/title": [
      { command: "boathouse.stacks.runAll", when: "view == boathouse.jobs", group: "navigation@1" },
      { command: "boathouse.refresh", when: "view == boathouse.jobs", group: "navigation@2" },
    ],
    "view/item/context": [
      { command: "boathouse.jobs.stop", when: ACTIVE_RUN, group: "inline@1" },
      { command: "boathouse.jobs.showLog", when: item("^(run|job)\\b.*\\bran\\b"), group: "inline@2" },
      { command: "boathouse.jobs.run", when: JOB, group: "inline@3" },
      { command: "boathouse.jobs.run", when: JOB, group: "1_run@1" },
      { command: "boathouse.jobs.runWith", when: JOB, group: "1_run@2" },
      { command: "boathouse.jobs.runWith", when: RUN, group: "1_run@2" },
      { command: "boathouse.jobs.stop", when: ACTIVE_RUN, group: "1_run@3" },
      { command: "boathouse.jobs.showLog", when: item("^(run|job)\\b.*\\bran\\b"), group: "2_show@1" },
      { command: "boathouse.jobs.showError", when: item("^run\\b.*\\bfailed\\b"), group: "2_show@2" },
      { command: "boathouse.jobs.openScript", when: item("^job\\b.*\\bscript\\b"), group: "2_show@3" },
      { command: "boathouse.jobs.resetBookmark", when: JOB, group: "3_change@1" },
      { command: "boathouse.jobs.copyRunId", when: RUN, group: "9_copy@1" },
      { command: "boathouse.jobs.copyName", when: item("^(job|trigger|crawler)\\b"), group: "9_copy@1" },
      { command: "boathouse.triggers.start", when: item("^trigger\\b.*\\bstartable\\b"), group: "inline@1" },
      { command: "boathouse.triggers.stop", when: item("^trigger\\b.*\\bstoppable\\b"), group: "inline@1" },
      { command: "boathouse.triggers.start", when: item("^trigger\\b.*\\bstartable\\b"), group: "1_run@1" },
      { command: "boathouse.triggers.stop", when: item("^trigger\\b.*\\bstoppable\\b"), group: "1_run@1" },
      { command: "boathouse.crawlers.stop", when: item("^crawler\\b.*\\bactive\\b"), group: "inline@1" },
      { command: "boathouse.crawlers.run", when: item("^crawler\\b.*\\bready\\b"), group: "inline@1" },
      { command: "boathouse.crawlers.run", when: item("^crawler\\b.*\\bready\\b"), group: "1_run@1" },
      { command: "boathouse.crawlers.stop", when: item("^crawler\\b.*\\bactive\\b"), group: "1_run@1" },
    ],
  },
} as const satisfies Feature;
