// The SCRAM verifier against the example of RFC 7677, and against itself.
import { equal, match, notEqual } from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { scramVerifier } from "../../../src/lake/engines/scram.ts";

describe("SCRAM verifier", () => {
  it("proves the server of RFC 7677's example", () => {
    // https://www.rfc-editor.org/rfc/rfc7677#section-3
    const salt = Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64");
    const [iterations, stored, server] = parts(scramVerifier("pencil", salt));
    const messages = [
      "n=user,r=rOprNGfwEbeRWgbNEkqO",
      `r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=${salt.toString("base64")},i=${iterations}`,
      "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
    ].join(",");
    const signature = createHmac("sha256", Buffer.from(server, "base64")).update(messages).digest("base64");
    equal(signature, "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    // The client's proof, with the stored key's signature taken off, is the key whose hash is stored.
    const proof = Buffer.from("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "base64");
    const mask = createHmac("sha256", Buffer.from(stored, "base64")).update(messages).digest();
    const clientKey = Buffer.from(proof.map((byte, index) => byte ^ (mask[index] ?? 0)));
    equal(createHash("sha256").update(clientKey).digest("base64"), stored);
  });

  it("salts each time anew", () => {
    match(scramVerifier("x"), /^SCRAM-SHA-256\$4096:[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$/);
    notEqual(scramVerifier("x"), scramVerifier("x"));
  });
});

function parts(verifier: string): [iterations: string, stored: string, server: string] {
  const [, iterations = "", stored = "", server = ""] =
    /^SCRAM-SHA-256\$(\d+):[^$]+\$([^:]+):(.+)$/.exec(verifier) ?? [];
  return [iterations, stored, server];
}
