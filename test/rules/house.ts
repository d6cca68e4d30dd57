// What house.test.ts checks, as functions over texts by file name, so that each rule has a case that must fail.

/** Files over 500 lines. */
export function longFiles(texts: ReadonlyMap<string, string>): string[] {
  return [...texts]
    .filter(([name]) => /\.(ts|mjs|py)$/.test(name))
    .map(([name, text]) => ({ name, lines: text.trimEnd().split("\n").length }))
    .filter(({ lines }) => lines > 500)
    .map(({ name, lines }) => `${name}: ${lines} lines`);
}

/** Sources that do not begin with a comment (or a docstring) that says what they are. */
export function withoutFirstLine(texts: ReadonlyMap<string, string>): string[] {
  return [...texts]
    .filter(([name]) => /^(src|test|glue-scripts)\/.*\.(ts|mjs|py)$/.test(name))
    .filter(([, text]) => !/^(#!.*\n)?\s*(\/\/ |\/\*|# |"""|declare)/.test(text))
    .map(([name]) => name);
}

const HOSTS = [
  ["registry", "npmjs"],
  ["pypi", "org"],
  ["files", "pythonhosted"],
  ["repo", "maven"],
  ["repo1", "maven"],
].map((parts) => parts.join("."));
const MACHINE = new RegExp(["", "(work|root)", "[a-z.]"].join("/"));

export function namesMachine(texts: ReadonlyMap<string, string>): string[] {
  return [...texts].flatMap(([name, text]) => [
    ...(HOSTS.some((host) => text.includes(host)) ? [`${name}: names a registry's host`] : []),
    ...(MACHINE.test(text) ? [`${name}: holds a path of a machine`] : []),
  ]);
}
