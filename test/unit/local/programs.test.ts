// Finding Python and Java among what the machine has. The programs here are scripts that answer as real ones do.
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { BoathouseError } from "../../../src/base/errors.ts";
import { findJdk } from "../../../src/local/engines/java.ts";
import { findPython } from "../../../src/local/engines/python.ts";
import { closedAddress } from "./standIn.ts";
import { type TestWork, testWork } from "./work.ts";

function program(file: string, script: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

async function refused(attempt: Promise<unknown>): Promise<BoathouseError> {
  const error: unknown = await attempt.then(
    () => new Error("it was found"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof BoathouseError, String(error));
  return error;
}

describe("Python", () => {
  let work: TestWork;
  let bin: string;
  beforeEach(() => {
    const first = testWork();
    bin = join(first.cache, "bin");
    work = { ...first, environment: { HOME: first.cache, PATH: bin } };
  });
  afterEach(() => work.dispose());

  it("3.11 goes before another one that is first on the PATH", async () => {
    program(join(bin, "python3"), "echo 3 12 3.12.1 whole");
    program(join(bin, "python3.11"), "echo 3 11 3.11.2 whole");
    assert.deepEqual(await findPython(work), { program: "python3.11", version: "3.11.2" });
  });

  it("is passed over where it does not start (a version manager's shim)", async () => {
    program(join(bin, "python3.11"), "echo 'version not installed' >&2; exit 127");
    program(join(bin, "python3"), "echo 3 10 3.10.9 whole");
    assert.deepEqual(await findPython(work), { program: "python3", version: "3.10.9" });
  });

  it("is none: says so and what to install", async () => {
    const { kind, message, next } = await refused(findPython(work));
    assert.equal(kind, "notFound");
    assert.equal(message, "No Python was found on the PATH; spark needs Python 3.10 to 3.12");
    assert.match(next ?? "", /apt install python3 python3-venv.*BOATHOUSE_PYTHON/);
  });

  it("is too new, or without venv: says which and why", async () => {
    program(join(bin, "python3"), "echo 3 14 3.14.0 whole");
    program(join(bin, "python3.11"), "echo 3 11 3.11.2 bare");
    const { message } = await refused(findPython(work));
    assert.match(message, /python3\.11 \(3\.11\.2\) lacks the modules venv and ensurepip; python3 is 3\.14\.0/);
  });

  it("of BOATHOUSE_PYTHON goes before all others, and is not replaced by another", async () => {
    program(join(bin, "python3.11"), "echo 3 11 3.11.2 whole");
    const chosen = join(work.cache, "mine");
    program(chosen, "echo 3 12 3.12.8 whole");
    const environment = { ...work.environment, BOATHOUSE_PYTHON: chosen };
    assert.deepEqual(await findPython({ ...work, environment }), { program: chosen, version: "3.12.8" });
    const missing = { ...work.environment, BOATHOUSE_PYTHON: "/nowhere/python" };
    assert.match((await refused(findPython({ ...work, environment: missing }))).message, /at \/nowhere\/python/);
  });
});

describe("Java", () => {
  let work: TestWork;
  const java = (version: string) => `echo 'openjdk version "${version}" 2025-01-01' >&2`;
  beforeEach(() => {
    const first = testWork();
    work = { ...first, environment: { HOME: first.cache, PATH: join(first.cache, "bin") } };
  });
  afterEach(() => work.dispose());

  it("is that of JAVA_HOME where its version fits, whatever its folder is named", async () => {
    const home = join(work.cache, "java-8");
    program(join(home, "bin", "java"), java("17.0.2"));
    const environment = { ...work.environment, JAVA_HOME: home };
    assert.deepEqual(await findJdk(17, { ...work, environment }, []), { home, version: "17.0.2", fetched: false });
  });

  it("is one of the system's where JAVA_HOME is another version", async () => {
    const [home, jvms] = [join(work.cache, "old"), join(work.cache, "jvm")];
    program(join(home, "bin", "java"), java("11.0.1"));
    program(join(jvms, "a-21", "bin", "java"), java("21"));
    program(join(jvms, "z-25", "bin", "java"), java("25"));
    const environment = { ...work.environment, JAVA_HOME: home };
    assert.equal((await findJdk(25, { ...work, environment }, [jvms])).home, join(jvms, "z-25"));
  });

  it("is that of the PATH, through its links", async () => {
    const home = join(work.cache, "somewhere");
    program(join(home, "bin", "java"), java("17"));
    const environment = { ...work.environment, PATH: join(home, "bin") };
    assert.equal((await findJdk(17, { ...work, environment }, [])).home, home);
  });

  it("is none, nor Python to fetch it with: says both", async () => {
    const { kind, message, next } = await refused(findJdk(17, work, []));
    assert.equal(kind, "notFound");
    assert.match(message, /^No Java 17 was found on this machine, and none could be fetched: No Python was found/);
    assert.match(next ?? "", /Install a JDK 17 and let JAVA_HOME name it; or: Install Python 3\.11/);
  });

  it("is none, nor a network to fetch it from: says both", async function () {
    this.timeout(60_000);
    // A real Python and pip, whose index is an address where nothing listens.
    const { PATH: path = "" } = process.env;
    const withoutJava = path.split(":").filter((folder) => !folder.endsWith("/java"));
    program(join(work.cache, "bin", "python3.11"), `PATH='${withoutJava.join(":")}' exec python3.11 "$@"`);
    const pip = await closedAddress();
    const environment = { ...work.environment, PIP_RETRIES: "1", PIP_FIND_LINKS: "" };
    const { kind, message, next } = await refused(findJdk(17, { ...work, environment, mirrors: { pip } }, []));
    assert.equal(kind, "network", message);
    assert.match(message, /^No Java 17 was found on this machine, and none could be fetched: /);
    assert.match(next ?? "", /JAVA_HOME name it; or: .*BOATHOUSE_PIP_INDEX/);
  });
});
