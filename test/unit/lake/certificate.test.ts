// The certificate that PostgreSQL shows: Node's own X.509 reads it as what it should be.
import { equal, match, notEqual } from "node:assert/strict";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { selfSigned } from "../../../src/lake/engines/certificate.ts";

describe("self-signed certificate", () => {
  it("stands for its names, signed by its own key, for ten years", async () => {
    const made = await selfSigned(["localhost", "127.0.0.1", "::1"], new Date("2026-01-02T03:04:05Z"));
    const certificate = new X509Certificate(made.certificate);
    equal(certificate.subject, "CN=localhost");
    equal(certificate.subjectAltName, "DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1");
    equal(certificate.verify(certificate.publicKey), true);
    equal(certificate.checkPrivateKey(createPrivateKey(made.key)), true);
    equal(certificate.checkHost("localhost"), "localhost");
    equal(certificate.checkIP("127.0.0.1"), "127.0.0.1");
    equal(certificate.checkHost("elsewhere"), undefined);
    equal(new Date(certificate.validFrom).toISOString(), "2026-01-02T03:04:05.000Z");
    equal(new Date(certificate.validTo).toISOString(), "2036-01-02T03:04:05.000Z");
    match(made.certificate, /^-----BEGIN CERTIFICATE-----\n([\w+/=]{1,64}\n)+-----END CERTIFICATE-----\n$/);
  });

  it("is another one each time", async () => {
    const [one, two] = [await selfSigned(["localhost"], new Date()), await selfSigned(["localhost"], new Date())];
    notEqual(new X509Certificate(one.certificate).serialNumber, new X509Certificate(two.certificate).serialNumber);
  });
});
