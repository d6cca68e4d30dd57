// What a run's error says in one line.

/** What PySpark says before the error of the JVM, on Glue too: which of its own objects was called. */
const CALLING = /^(?:[\w.]+Error: )?An error occurred while calling \w+\.\w+\.\s*:?\s*(?=\S)/;

/**
 * The line of an error that says most. Glue puts what was raised first and its frames behind it; in a plain Python traceback it is the last line.
 */
export function errorLine(error: string | undefined): string | undefined {
  const lines = (error ?? "")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const line = lines[0]?.startsWith("Traceback ") === true ? lines.at(-1) : lines[0];
  return line?.replace(CALLING, "");
}
