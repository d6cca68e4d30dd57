// Words of services in messages: VS Code makes links of some, here they stay text.
import { doesNotMatch, equal } from "node:assert/strict";
import { BoathouseError } from "../../../../src/base/errors.ts";
import { messageFor } from "../../../../src/ui/shell/failures.ts";
import { unlinked } from "../../../../src/ui/shell/text.ts";

/** What VS Code takes for a link in a message. */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;

describe("a message", () => {
  for (const text of ["[a](command:b)", "x [a](https://b) y", '[a](file:///etc "t")', "[[a]](command:b)"]) {
    it(`makes no link of ${text}`, () => {
      doesNotMatch(unlinked(text), LINK);
      doesNotMatch(messageFor(new BoathouseError("service", text, { next: text })), LINK);
    });
  }
  it("leaves other text as it is", () => equal(unlinked("cron(0 2 * * ? *) [x] (y)"), "cron(0 2 * * ? *) [x] (y)"));
});
