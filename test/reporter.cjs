// mocha's spec reporter that also writes its counts to $BOATHOUSE_COUNTS, so that the runner can add them up and see a run that died.
const { writeFileSync } = require("node:fs");
const { reporters } = require("mocha");

module.exports = class Counting extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    // Said, so that a test that only passes at its second try is not taken for a steady one.
    runner.on("retry", (test, error) => {
      process.stdout.write(`    RETRIED: ${test.fullTitle()}: ${error.message}\n`);
    });
    runner.once("end", () => {
      const file = process.env.BOATHOUSE_COUNTS;
      if (file === undefined) return;
      const { passes, failures, pending } = runner.stats;
      writeFileSync(file, JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
    });
  }
};
