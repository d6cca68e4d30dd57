// Text of people and services, made fit for places where VS Code reads more into it than letters.

/**
 * For labels that VS Code searches for `$(icon)`: quick picks, the status bar. What it would take for an icon is broken by a character
 * of no width, so that a profile named "$(trash)" reads as it is named. Control characters become blanks.
 */
export function plain(text: string): string {
  return unlinked(oneLine(text)).replaceAll("$(", "$\u200b(");
}

/**
 * For messages and names of documents, in which VS Code makes links, of commands too: "[text](address)" and "<address>" stay text by a
 * character of no width. The tooltip of a preview's tab even counts as trusted, and its commands would run.
 */
export function unlinked(text: string): string {
  return text.replaceAll("](", "]\u200b(").replaceAll(/<(?=[a-z][a-z\d+.-]*:)/gi, "<\u200b");
}

/** For a quick pick's description, of which VS Code makes a tooltip in Markdown: addresses in it stay text, too. */
export function described(text: string): string {
  return plain(text).replaceAll(/:\/\/|www\.|@/gi, (found) => `${found.slice(0, 1)}\u200b${found.slice(1)}`);
}

/** On one line, without control characters and without marks that turn the direction of what follows. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ").replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, "");
}

/** Bytes as a person reads them, decimal as networks and disks count: "740 MB", "1.2 GB". */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes;
  let at = -1;
  do {
    value /= 1000;
    at += 1;
  } while (value >= 999.5 && at < units.length - 1);
  return `${value < 10 && units[at] !== "kB" ? value.toFixed(1) : Math.round(value)} ${units[at]}`;
}
