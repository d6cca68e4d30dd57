// dist/cli.js: the flows from a terminal or a CI job.
export {};
