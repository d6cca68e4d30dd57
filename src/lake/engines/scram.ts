// The SCRAM-SHA-256 verifier that PostgreSQL keeps for a password, so that no statement or log ever holds the password itself.
// RFC 5802 and 7677; the text form: https://www.postgresql.org/docs/18/catalog-pg-authid.html
import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";

const ITERATIONS = 4096;

/** `password` is printable ASCII, as RDS asks, so that SASLprep leaves it as it is. */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, "sha256");
  const clientKey = createHmac("sha256", salted).update("Client Key").digest();
  const storedKey = createHash("sha256").update(clientKey).digest("base64");
  const serverKey = createHmac("sha256", salted).update("Server Key").digest("base64");
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString("base64")}$${storedKey}:${serverKey}`;
}
