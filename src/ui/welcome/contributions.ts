// First steps: the walkthrough and the sample workspace.
import type { Feature } from "../shell/contributed.ts";

/** A step is done when its event has happened once, in any window of this user. */
const reached = (what: string) => [`onContext:boathouse.reached.${what}`];

/** Taken by the test of the user interface. */
const picture = (name: string, altText: string) => {
  const of = (theme: string) => `media/walkthrough/${name}-${theme}.webp`;
  return { image: { dark: of("dark"), light: of("light"), hc: of("contrast"), hcLight: of("light") }, altText };
};

export const welcome = {
  commands: {
    "boathouse.openSample": { title: "Open Sample", icon: "$(folder-opened)" },
    "boathouse.openWalkthrough": { title: "Open Walkthrough", icon: "$(mortar-board)" },
  },
  menus: {
    "view/title": [
      { command: "boathouse.openSample", when: "view == boathouse.connection", group: "6_first@1" },
      { command: "boathouse.openWalkthrough", when: "view == boathouse.connection", group: "6_first@2" },
    ],
  },
  walkthroughs: [
    {
      id: "firstSteps",
      title: "A Data Lake in Six Steps",
      description: "From nothing to rows: on this machine, without an account, by the same steps as on AWS.",
      steps: [
        {
          id: "sample",
          title: "Open the sample",
          description:
            "A folder with queries that answer. It is copied for you; nothing that you have edited is ever overwritten.\n[Open Sample](command:boathouse.openSample)",
          media: picture("sample", "The sample's README, and the side bar with the button that starts the local lake"),
          completionEvents: ["onCommand:boathouse.openSample"],
        },
        {
          id: "start",
          title: "Start a local lake",
          description:
            "A server on this machine that answers AWS's own APIs on real engines: PostgreSQL, Spark and Trino. The engines are fetched once; you are told first how much that is.\n[Start Local Lake](command:boathouse.lake.start)\nOr work on AWS: [choose a profile](command:boathouse.connections.choose).",
          media: picture("start", "The Connection view with the local lake running, and buttons that deploy a stack"),
          completionEvents: reached("start"),
        },
        {
          id: "deploy",
          title: "Deploy the stack",
          description:
            "One CloudFormation template: buckets, a database, Glue jobs, a catalog, a workgroup. You see the plan before it is executed.\n[Deploy Stack](command:boathouse.stacks.deploy)",
          media: picture(
            "deploy",
            "The plan of a stack as a document: its cost and each resource, with Execute and Discard",
          ),
          completionEvents: reached("deploy"),
        },
        {
          id: "load",
          title: "Load data",
          description:
            "69,659 real orders go into the source database.\n[Load Sample Data](command:boathouse.stacks.load)",
          media: picture("load", "Loading the sample, with its progress"),
          completionEvents: reached("load"),
        },
        {
          id: "run",
          title: "Run the jobs",
          description:
            "Spark carries what has changed from the database to Parquet in S3; the crawler registers its partitions. Their log can be watched while they run.\n[Run All Jobs](command:boathouse.stacks.runAll)\nThen [crawl](command:boathouse.stacks.crawl).",
          media: picture("run", "The jobs view with runs, their durations and DPU-hours, and a log"),
          completionEvents: reached("run"),
        },
        {
          id: "query",
          title: "Query it",
          description:
            "Open a .sql file of the sample, and press Run above a statement, or Ctrl+Enter (Cmd+Enter) within it.\n[Open Sample](command:boathouse.openSample)",
          media: picture("query", "A query and its rows in the results panel"),
          completionEvents: reached("query"),
        },
      ],
    },
  ],
} as const satisfies Feature;
