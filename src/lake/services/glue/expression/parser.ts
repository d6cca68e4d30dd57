// GetPartitions' Expression as a tree. AWS page: Glue Web API Reference, "GetPartitions" (a SQL WHERE clause: = <> > < >= <= AND OR NOT IN BETWEEN LIKE IS NULL).
import { invalidInput } from "../faults.ts";

export type Comparison = "=" | "<>" | "<" | "<=" | ">" | ">=";

export type Operand = { kind: "column"; name: string } | { kind: "literal"; text: string };

export type Condition =
  | { kind: "and" | "or"; left: Condition; right: Condition }
  | { kind: "not"; of: Condition }
  | { kind: "compare"; operator: Comparison; left: Operand; right: Operand }
  | { kind: "in"; of: Operand; list: Operand[] }
  | { kind: "between"; of: Operand; low: Operand; high: Operand }
  | { kind: "like"; of: Operand; pattern: string; escape: string | undefined }
  | { kind: "isNull"; of: Operand };

interface Token {
  kind: "word" | "quoted" | "string" | "number" | "symbol" | "end";
  text: string;
  at: number;
}

const TOKENS =
  /\s*(?:(?<string>'(?:[^']|'')*')|(?<quoted>"(?:[^"]|"")*"|`[^`]*`)|(?<number>[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?![\w.]))|(?<word>[\p{L}_][\p{L}\p{N}_$]*(?:\.[\p{L}_][\p{L}\p{N}_$]*)?)|(?<symbol><>|!=|<=|>=|[=<>(),]))/uy;

function tokens(text: string): Token[] {
  const found: Token[] = [];
  TOKENS.lastIndex = 0;
  while (text.slice(TOKENS.lastIndex).trim() !== "") {
    const at = TOKENS.lastIndex;
    const match = TOKENS.exec(text);
    if (match === null) throw unparsable(text, at);
    const [kind, value] = Object.entries(match.groups ?? {}).find(([, part]) => part !== undefined) as [
      Token["kind"],
      string,
    ];
    found.push({ kind, text: kind === "string" ? value.slice(1, -1).replaceAll("''", "'") : value, at });
  }
  found.push({ kind: "end", text: "the end", at: text.length });
  return found;
}

function unparsable(text: string, at: number): Error {
  return invalidInput(`Unable to parse the expression "${text}" at position ${at + 1}.`);
}

/** Parses an expression; throws InvalidInputException with the position where it goes wrong. */
export function parseExpression(text: string): Condition {
  const parser = new Parser(text, tokens(text));
  return parser.whole();
}

class Parser {
  private position = 0;

  constructor(
    private readonly text: string,
    private readonly list: readonly Token[],
  ) {}

  whole(): Condition {
    const condition = this.or();
    if (this.peek.kind !== "end") throw this.wrong();
    return condition;
  }

  private or(): Condition {
    let left = this.and();
    while (this.word("OR")) left = { kind: "or", left, right: this.and() };
    return left;
  }

  private and(): Condition {
    let left = this.not();
    while (this.word("AND")) left = { kind: "and", left, right: this.not() };
    return left;
  }

  private not(): Condition {
    if (this.word("NOT")) return { kind: "not", of: this.not() };
    if (!this.operandAhead() && this.symbol("(")) {
      const inner = this.or();
      this.expect(")");
      return inner;
    }
    return this.predicate();
  }

  /** True for `((column))`: parentheses around an operand alone, not around a condition. */
  private operandAhead(): boolean {
    let at = this.position;
    while (this.list[at]?.kind === "symbol" && this.list[at]?.text === "(") at++;
    return this.list[at + 1]?.kind === "symbol" && this.list[at + 1]?.text === ")";
  }

  private predicate(): Condition {
    const of = this.operand();
    const negated = this.word("NOT");
    const wrap = (condition: Condition): Condition => (negated ? { kind: "not", of: condition } : condition);
    if (this.word("IN")) return wrap({ kind: "in", of, list: this.operands() });
    if (this.word("BETWEEN")) {
      const low = this.operand();
      if (!this.word("AND")) throw this.wrong();
      return wrap({ kind: "between", of, low, high: this.operand() });
    }
    if (this.word("LIKE")) {
      const pattern = this.string();
      return wrap({ kind: "like", of, pattern, escape: this.word("ESCAPE") ? this.string() : undefined });
    }
    if (negated) throw this.wrong();
    if (this.word("IS")) {
      const not = this.word("NOT");
      if (!this.word("NULL")) throw this.wrong();
      return not ? { kind: "not", of: { kind: "isNull", of } } : { kind: "isNull", of };
    }
    const operator = this.peek.kind === "symbol" ? this.peek.text.replace("!=", "<>") : "";
    if (!["=", "<>", "<", "<=", ">", ">="].includes(operator)) throw this.wrong();
    this.position++;
    return { kind: "compare", operator: operator as Comparison, left: of, right: this.operand() };
  }

  private operands(): Operand[] {
    this.expect("(");
    const list = [this.operand()];
    while (this.symbol(",")) list.push(this.operand());
    this.expect(")");
    return list;
  }

  private operand(): Operand {
    if (this.symbol("(")) {
      const inner = this.operand();
      this.expect(")");
      return inner;
    }
    const token = this.peek;
    if (token.kind === "string" || token.kind === "number") {
      this.position++;
      return { kind: "literal", text: token.text };
    }
    if (token.kind === "quoted") {
      this.position++;
      return { kind: "column", name: token.text.slice(1, -1).replaceAll('""', '"') };
    }
    if (token.kind !== "word" || /^(and|or|not|in|between|like|is|null|escape)$/i.test(token.text)) throw this.wrong();
    this.position++;
    // Typed literals: date '2026-01-01', timestamp '2026-01-01 00:00:00'.
    if (/^(date|timestamp)$/i.test(token.text) && this.peek.kind === "string")
      return { kind: "literal", text: this.string() };
    return { kind: "column", name: token.text.slice(token.text.indexOf(".") + 1) };
  }

  private string(): string {
    const token = this.peek;
    if (token.kind !== "string") throw this.wrong();
    this.position++;
    return token.text;
  }

  private word(name: string): boolean {
    const found = this.peek.kind === "word" && this.peek.text.toUpperCase() === name;
    if (found) this.position++;
    return found;
  }

  private symbol(name: string): boolean {
    const found = this.peek.kind === "symbol" && this.peek.text === name;
    if (found) this.position++;
    return found;
  }

  private expect(name: string): void {
    if (!this.symbol(name)) throw this.wrong();
  }

  private get peek(): Token {
    return this.list[this.position] as Token;
  }

  private wrong(): Error {
    return unparsable(this.text, this.peek.at);
  }
}
