// Python: the interpreter that the machine has.
import { BoathouseError } from "../../base/errors.ts";
import { run } from "./run.ts";
import type { Work } from "./work.ts";

export interface Python {
  program: string;
  /** "3.11.7" */
  version: string;
}

/** 3.11 first, Glue 5.1's own; then what Spark 3.5's Python code runs on as well. */
const candidates = ["python3.11", "python3", "python3.12", "python3.10", "python"];
const oldest = 10;
const newest = 12;

const probe = `
import sys, platform
try:
    import venv, ensurepip
    whole = "whole"
except ImportError:
    whole = "bare"
print(sys.version_info[0], sys.version_info[1], platform.python_version(), whole)
`;

/** A Python that can make virtual environments: BOATHOUSE_PYTHON, else the first fit one on the PATH. */
export async function findPython(work: Work): Promise<Python> {
  const chosen = work.environment["BOATHOUSE_PYTHON"];
  const seen: string[] = [];
  for (const program of chosen ? [chosen] : candidates) {
    const answer = await askPython(program, work);
    if (answer === undefined) continue;
    const [major, minor, version = "", whole] = answer;
    if (major !== "3" || Number(minor) < oldest || Number(minor) > newest) {
      seen.push(`${program} is ${version}`);
    } else if (whole !== "whole") {
      seen.push(`${program} (${version}) lacks the modules venv and ensurepip`);
    } else {
      return { program, version };
    }
  }
  const wanted = `Python 3.${oldest} to 3.${newest}`;
  throw new BoathouseError(
    "notFound",
    seen.length === 0
      ? `No Python was found${chosen ? ` at ${chosen}` : " on the PATH"}; ${work.engine} needs ${wanted}`
      : `No Python that ${work.engine} can use was found: ${seen.join("; ")}; it needs ${wanted}`,
    {
      resource: work.engine,
      next: "Install Python 3.11 with its venv module (on Debian: apt install python3 python3-venv), or let BOATHOUSE_PYTHON name one.",
    },
  );
}

async function askPython(program: string, work: Work): Promise<string[] | undefined> {
  try {
    const { code, tail } = await run(program, ["-c", probe], {
      environment: pythonEnvironment(work),
      signal: work.signal,
      timeout: 20_000,
    });
    const words = (tail.at(-1) ?? "").split(" ");
    return code === 0 && words.length === 4 ? words : undefined;
  } catch (error) {
    work.signal.throwIfAborted();
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}

/** The user's environment with what would lead a Python away from its own packages taken out. */
export function pythonEnvironment(work: Work): NodeJS.ProcessEnv {
  const environment = { ...work.environment };
  for (const name of [
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONSTARTUP",
    "VIRTUAL_ENV",
    "__PYVENV_LAUNCHER__",
    "PIP_TARGET",
    "PIP_USER",
    "PIP_PREFIX",
    "PIP_REQUIRE_VIRTUALENV",
    "PIP_QUIET",
    "PIP_PROGRESS_BAR",
  ]) {
    delete environment[name];
  }
  return environment;
}
