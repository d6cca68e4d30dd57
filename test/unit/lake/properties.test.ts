// Template properties: numbers and booleans come as themselves or as text, and nothing else passes for them.
import { deepEqual, equal, throws } from "node:assert/strict";
import {
  documentOf,
  flagOf,
  numberOf,
  optional,
  refuseReplacement,
  textOf,
  textsOf,
} from "../../../src/lake/properties.ts";

describe("template properties", () => {
  const properties = {
    text: "t",
    number: 5,
    numeral: "5",
    flag: true,
    word: "FALSE",
    list: ["a", 1],
    object: { a: 1 },
    empty: "",
  };

  it("reads scalars as what they are asked for", () => {
    deepEqual(
      ["text", "number", "flag", "none"].map((name) => textOf(properties, name)),
      ["t", "5", "true", undefined],
    );
    deepEqual([numberOf(properties, "number"), numberOf(properties, "numeral")], [5, 5]);
    deepEqual(
      [flagOf(properties, "flag"), flagOf(properties, "word"), flagOf(properties, "none")],
      [true, false, undefined],
    );
    deepEqual([textsOf(properties, "list"), textsOf(properties, "none")], [["a", "1"], []]);
    deepEqual([documentOf(properties, "object"), documentOf(properties, "text")], ['{"a":1}', "t"]);
  });

  it("refuses what is none", () => {
    throws(() => textOf(properties, "object"), /The property object is not a text/);
    throws(() => numberOf(properties, "text"), /The property text is not a number/);
    throws(() => numberOf(properties, "empty"), /is not a number/);
    throws(() => flagOf(properties, "number"), /neither true nor false/);
  });

  it("leaves out what has no value, and sees what would be replaced", () => {
    deepEqual([optional("A", undefined), optional("A", 0)], [{}, { A: 0 }]);
    refuseReplacement("the thing", { Port: "5" }, { Port: 5 }, ["Port"]);
    throws(
      () => refuseReplacement("the thing", { Port: 5 }, {}, ["Port"]),
      /A change of Port needs a replacement of the thing/,
    );
    equal(refuseReplacement("the thing", { Other: 1 }, { Other: 2 }, ["Port"]), undefined);
  });
});
