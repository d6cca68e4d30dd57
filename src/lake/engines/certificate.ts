// A self-signed TLS certificate for a server on loopback: node:crypto makes the key and the signature, but no X.509.
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { isIP } from "node:net";

export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

const EC_WITH_SHA256 = "1.2.840.10045.4.3.2";
const YEARS = 10;

/** Makes a key (P-256) and a certificate for `names` (host names and addresses), both PEM, good for ten years from `now`. */
export async function selfSigned(names: readonly string[], now: Date): Promise<Certificate> {
  // Loaded on first use: a lake without a database does not pay for it.
  const { AsnConvert, OctetString } = await import("@peculiar/asn1-schema");
  const x509 = await import("@peculiar/asn1-x509");
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const publicKey = AsnConvert.parse(pair.publicKey.export({ type: "spki", format: "der" }), x509.SubjectPublicKeyInfo);
  const algorithm = new x509.AlgorithmIdentifier({ algorithm: EC_WITH_SHA256 });
  const name = new x509.Name([
    new x509.RelativeDistinguishedName([
      new x509.AttributeTypeAndValue({
        type: "2.5.4.3",
        value: new x509.AttributeValue({ utf8String: names[0] ?? "localhost" }),
      }),
    ]),
  ]);
  const extension = (id: string, critical: boolean, value: object) =>
    new x509.Extension({ extnID: id, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
  const until = new Date(now);
  until.setUTCFullYear(until.getUTCFullYear() + YEARS);
  const toSign = new x509.TBSCertificate({
    version: x509.Version.v3,
    serialNumber: bytes(Buffer.concat([Buffer.of(1), randomBytes(15)])),
    signature: algorithm,
    issuer: name,
    subject: name,
    validity: new x509.Validity({ notBefore: now, notAfter: until }),
    subjectPublicKeyInfo: publicKey,
    extensions: new x509.Extensions([
      extension(x509.id_ce_basicConstraints, true, new x509.BasicConstraints({ cA: true })),
      extension(
        x509.id_ce_subjectKeyIdentifier,
        false,
        new x509.SubjectKeyIdentifier(
          bytes(createHash("sha1").update(Buffer.from(publicKey.subjectPublicKey)).digest()),
        ),
      ),
      extension(
        x509.id_ce_subjectAltName,
        false,
        new x509.SubjectAlternativeName(
          names.map((each) => new x509.GeneralName(isIP(each) === 0 ? { dNSName: each } : { iPAddress: each })),
        ),
      ),
    ]),
  });
  const der = AsnConvert.serialize(toSign);
  const certificate = new x509.Certificate({
    tbsCertificate: toSign,
    signatureAlgorithm: algorithm,
    signatureValue: bytes(sign("sha256", Buffer.from(der), pair.privateKey)),
  });
  return {
    certificate: pem("CERTIFICATE", Buffer.from(AsnConvert.serialize(certificate))),
    key: pair.privateKey.export({ type: "pkcs8", format: "pem" }) as string,
  };
}

/** A copy with a buffer of its own, as the ASN.1 classes take. */
function bytes(source: Buffer): ArrayBuffer {
  return new Uint8Array(source).buffer;
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
