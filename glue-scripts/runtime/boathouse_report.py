# A failed script's error as a person wants it: its last line first, then the script's own frames, not the launcher's.
import json
import os
import sys
import traceback

# Frames of these say nothing about the script.
NOISE = (f"{os.sep}pyspark{os.sep}", f"{os.sep}py4j{os.sep}", "<frozen runpy>", "boathouse_launch.py")


def report_failure(error: BaseException, script: str, location: str) -> None:
    """Prints to stderr; and writes JSON {error, script, line, traceback} to BOATHOUSE_FAILURE_FILE where that is set."""
    last, details = _last_line(error)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not any(one in frame.filename for one in NOISE)]
    own = [frame for frame in frames if frame.filename == script]
    shown = [
        traceback.FrameSummary(
            location if frame.filename == script else frame.filename, frame.lineno, frame.name, line=frame.line
        )
        for frame in frames
    ]
    text = "".join([last + "\n", *traceback.format_list(shown), *details])
    print(text.rstrip(), file=sys.stderr, flush=True)
    target = os.environ.get("BOATHOUSE_FAILURE_FILE")
    if target:
        line = own[-1].lineno if own else getattr(error, "lineno", None)
        with open(f"{target}.part", "w", encoding="utf-8") as file:
            json.dump({"error": last, "script": location, "line": line, "traceback": text.rstrip()}, file)
        os.replace(f"{target}.part", target)


def _last_line(error: BaseException) -> tuple[str, list[str]]:
    """(one line, lines of detail). An error out of the JVM is named by its root cause."""
    if isinstance(error, SystemExit):
        return f"SystemExit: {error.code}", []
    if isinstance(error, SyntaxError):
        *detail, last = traceback.format_exception_only(error)
        return last.strip(), detail
    text = str(error)
    lines = [line for line in text.splitlines() if line.strip()]
    first = lines[0].strip() if lines else ""
    causes = [line.strip().removeprefix("Caused by:").strip() for line in lines if line.strip().startswith("Caused by:")]
    if not causes and len(lines) > 1 and lines[1].startswith(": "):
        causes = [lines[1][2:].strip()]
    last = f"{type(error).__name__}: {first}".rstrip(": ")
    if causes:
        last += f" ({causes[-1]})"
    return last, [f"{line}\n" for line in lines[1:]]
