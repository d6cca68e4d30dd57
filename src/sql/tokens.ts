// The lexer of Athena SQL (Trino's queries and Hive's DDL): tokens with their places. Joined together they are the text again.

export type TokenKind = "space" | "comment" | "string" | "quoted" | "number" | "word" | "symbol";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Offset in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

// Quotes are doubled inside quotes; an open quote or block comment reaches to the end. A digit run that goes on with letters is a
// word, as Hive allows names like 2024_sales.
const TOKEN = new RegExp(
  [
    String.raw`(?<space>\s+)`,
    String.raw`(?<comment>--[^\n]*|/\*[^]*?(?:\*/|$))`,
    String.raw`(?<string>'[^']*(?:''[^']*)*(?:'|$))`,
    String.raw`(?<quoted>"[^"]*(?:""[^"]*)*(?:"|$)|${"`"}[^${"`"}]*(?:${"``"}[^${"`"}]*)*(?:${"`"}|$))`,
    String.raw`(?<number>(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\p{L}\p{N}_]))`,
    String.raw`(?<word>[\p{L}\p{N}_$@]+)`,
    String.raw`(?<symbol>\|\||->|=>|<>|<=|>=|!=|::|[^])`,
  ].join("|"),
  "uy",
);

export function* tokens(text: string): Generator<Token> {
  const lexer = new RegExp(TOKEN);
  for (let start = 0; start < text.length; start = lexer.lastIndex) {
    lexer.lastIndex = start;
    const groups = lexer.exec(text)?.groups ?? {};
    const kind = (Object.keys(groups) as TokenKind[]).find((name) => groups[name] !== undefined) ?? "symbol";
    yield { kind, text: text.slice(start, lexer.lastIndex), start, end: lexer.lastIndex };
  }
}

/** The tokens that mean something: neither space nor comment. */
export function* meaningful(text: string): Generator<Token> {
  for (const token of tokens(text)) if (token.kind !== "space" && token.kind !== "comment") yield token;
}

/** The text with every comment replaced by spaces (line breaks stay), so that places in it are places in the original. */
export function blankComments(text: string): string {
  let blanked = "";
  for (const token of tokens(text))
    blanked += token.kind === "comment" ? token.text.replace(/[^\n]/g, " ") : token.text;
  return blanked;
}

/** Offsets of the `?` parameters, in order. */
export function parameterOffsets(text: string): number[] {
  const offsets: number[] = [];
  for (const token of meaningful(text)) if (token.text === "?") offsets.push(token.start);
  return offsets;
}

/** A name as the catalog spells it: quotes gone, doubled quotes single; lower-cased, as Athena's catalog is. */
export function unquote(token: Token): string {
  const quote = token.text[0] ?? "";
  if (token.kind !== "quoted" && token.kind !== "string") return token.text.toLowerCase();
  const closed = token.text.length > 1 && token.text.endsWith(quote);
  const inner = token.text.slice(1, closed ? -1 : undefined).replaceAll(quote + quote, quote);
  return token.kind === "string" ? inner : inner.toLowerCase();
}
