# Where the engines lie: what `local` wrote to <cache>/engines/<name>.json (src/base/engines.ts).
import json
import os
import sys
from pathlib import Path


def cache_folder() -> Path:
    """As src/base/paths.ts has it."""
    named = os.environ.get("BOATHOUSE_CACHE")
    if named:
        return Path(named)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "boathouse"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "boathouse"


def engine(name: str) -> dict:
    file = cache_folder() / "engines" / f"{name}.json"
    if not file.exists():
        raise RuntimeError(f"{file} is missing: fetch the engines first (`boathouse lake start`, or `npm run demo`)")
    return json.loads(file.read_text())
