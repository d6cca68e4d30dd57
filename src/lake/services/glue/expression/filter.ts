// A partition filter: a parsed expression bound to a table's partition keys, with SQL's three-valued logic.
import type { Column } from "@aws-sdk/client-glue";
import { invalidInput } from "../faults.ts";
import { type Comparison, type Condition, type Operand, parseExpression } from "./parser.ts";
import { NULL_PARTITION, type Order, orderOf } from "./values.ts";

/** Values of one partition, in the order of the keys. */
type Values = readonly string[];
/** undefined is SQL's unknown. */
type Truth = boolean | undefined;
type Test = (values: Values) => Truth;
type Value = (values: Values) => string | null;

/** Binds `expression` to `keys`; what it returns says whether a partition with these values belongs to the answer. */
export function partitionFilter(expression: string, keys: readonly Column[]): (values: Values) => boolean {
  const test = bind(parseExpression(expression), keys);
  return (values) => test(values) === true;
}

function bind(condition: Condition, keys: readonly Column[]): Test {
  switch (condition.kind) {
    case "and":
    case "or": {
      const [left, right] = [bind(condition.left, keys), bind(condition.right, keys)];
      const decisive = condition.kind === "or";
      return (values) => {
        const first = left(values);
        if (first === decisive) return decisive;
        const second = right(values);
        if (second === decisive) return decisive;
        return first === undefined || second === undefined ? undefined : !decisive;
      };
    }
    case "not": {
      const of = bind(condition.of, keys);
      return (values) => negate(of(values));
    }
    case "compare":
      return compare(condition.operator, condition.left, condition.right, keys);
    case "in": {
      const tests = condition.list.map((item) => compare("=", condition.of, item, keys));
      return (values) => tests.reduce<Truth>((so, test) => or(so, test(values)), false);
    }
    case "between": {
      const low = compare(">=", condition.of, condition.low, keys);
      const high = compare("<=", condition.of, condition.high, keys);
      return (values) => negate(or(negate(low(values)), negate(high(values))));
    }
    case "like": {
      const of = valueOf(condition.of, keys);
      const pattern = likePattern(condition.pattern, condition.escape);
      return (values) => {
        const text = of(values);
        return text === null ? undefined : pattern.test(text);
      };
    }
    case "isNull": {
      const of = valueOf(condition.of, keys);
      return (values) => of(values) === null;
    }
  }
}

function negate(truth: Truth): Truth {
  return truth === undefined ? undefined : !truth;
}

function or(left: Truth, right: Truth): Truth {
  if (left === true || right === true) return true;
  return left === undefined || right === undefined ? undefined : false;
}

function compare(operator: Comparison, left: Operand, right: Operand, keys: readonly Column[]): Test {
  const order = commonOrder([left, right], keys);
  const [a, b] = [rawValue(left, keys), rawValue(right, keys)];
  const literal = [left, right].some((operand) => operand.kind === "literal" && operand.text === NULL_PARTITION);
  return (values) => {
    const [one, other] = [a(values), b(values)];
    // Clients ask for the partition of NULL by its name, whatever the key's type.
    if (literal && (operator === "=" || operator === "<>")) return (one === other) === (operator === "=");
    if (one === NULL_PARTITION || other === NULL_PARTITION) return undefined;
    const place = order(one, other);
    if (operator === "=") return place === 0;
    if (operator === "<>") return place !== 0;
    if (operator === "<") return place < 0;
    if (operator === "<=") return place <= 0;
    return operator === ">" ? place > 0 : place >= 0;
  };
}

function commonOrder(operands: readonly Operand[], keys: readonly Column[]): Order {
  const column = operands.find((operand) => operand.kind === "column");
  return orderOf(column === undefined ? "string" : (keys[keyIndex(column.name, keys)]?.Type ?? "string"));
}

function rawValue(operand: Operand, keys: readonly Column[]): (values: Values) => string {
  if (operand.kind === "literal") return () => operand.text;
  const index = keyIndex(operand.name, keys);
  return (values) => values[index] ?? NULL_PARTITION;
}

function valueOf(operand: Operand, keys: readonly Column[]): Value {
  const raw = rawValue(operand, keys);
  return (values) => {
    const text = raw(values);
    return text === NULL_PARTITION ? null : text;
  };
}

function keyIndex(name: string, keys: readonly Column[]): number {
  const index = keys.findIndex((key) => key.Name?.toLowerCase() === name.toLowerCase());
  if (index < 0) throw invalidInput(`The expression names ${name}, which is not a partition key of the table.`);
  return index;
}

/** % is any characters, _ one; an escaped one stands for itself. */
function likePattern(pattern: string, escape: string | undefined): RegExp {
  let source = "";
  const letters = [...pattern];
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at] as string;
    if (letter === escape && at + 1 < letters.length) source += quote(letters[++at] as string);
    else source += letter === "%" ? ".*" : letter === "_" ? "." : quote(letter);
  }
  return new RegExp(`^${source}$`, "su");
}

function quote(letter: string): string {
  return letter.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
}
