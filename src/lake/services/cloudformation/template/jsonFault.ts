// Where JSON text breaks off from JSON: engines tell it in some versions and for some faults only.

/** The offset of the first character that can't stand where it does; the text's length where it ends too early. */
export function jsonFaultOffset(text: string): number {
  let at = 0;
  const space = () => {
    while (/[ \t\r\n]/.test(text[at] ?? "")) at++;
  };
  const take = (pattern: RegExp): boolean => {
    const sticky = new RegExp(pattern, "y");
    sticky.lastIndex = at;
    const found = sticky.exec(text);
    if (found !== null) at += found[0].length;
    return found !== null;
  };
  const string = (): boolean => {
    if (text[at] !== '"') return false;
    at++;
    // JSON admits no bare control character within a string.
    // eslint-disable-next-line no-control-regex
    take(/(?:[^"\\\u0000-\u001f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*/);
    if (text[at] !== '"') return false;
    at++;
    return true;
  };
  const members = (close: string, member: () => boolean): boolean => {
    at++;
    space();
    if (text[at] === close) {
      at++;
      return true;
    }
    for (;;) {
      space();
      if (!member()) return false;
      space();
      if (text[at] === close) {
        at++;
        return true;
      }
      if (text[at] !== ",") return false;
      at++;
    }
  };
  const value = (): boolean => {
    space();
    if (text[at] === "{") {
      return members("}", () => {
        if (!string()) return false;
        space();
        if (text[at] !== ":") return false;
        at++;
        return value();
      });
    }
    if (text[at] === "[") return members("]", value);
    if (text[at] === '"') return string();
    return take(/true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/);
  };
  if (value()) space();
  return at;
}
