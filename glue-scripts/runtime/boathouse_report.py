# A failed script's error as a person wants it: its last line first, then the script's own frames, not the launcher's.
import json
import os
import re
import sys
import traceback

_STAGE_FAILURE = re.compile(r"Job aborted due to stage failure: .*? executor (driver|\d+)\): ")
# Frames of these say nothing about the script.
NOISE = (f"{os.sep}pyspark{os.sep}", f"{os.sep}py4j{os.sep}", "<frozen runpy>", "boathouse_launch.py")
_JAVA_FRAME = re.compile(r"\s+(at .+\(.*\)|\.\.\. \d+ more)$")


def report_failure(error: BaseException, script: str, location: str) -> None:
    """Prints to stderr; and writes JSON {error, script, line, traceback} to BOATHOUSE_FAILURE_FILE where that is set."""
    last, details = _last_line(error)
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if not any(one in frame.filename for one in NOISE)
    ]
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
    # Java's own frames say nothing about the script; and Spark tells the whole story once more behind "Driver stacktrace:".
    lines = [line for line in str(error).splitlines() if line.strip() and not _JAVA_FRAME.match(line)]
    whole = lines.index("Driver stacktrace:") if "Driver stacktrace:" in lines else len(lines)
    causes = [line.removeprefix("Caused by:").strip() for line in lines[:whole] if line.startswith("Caused by:")]
    last = f"{type(error).__name__}: {lines[0].strip() if lines else ''}".rstrip(": ")
    if len(lines) > 1 and lines[1].startswith(": "):  # py4j: the Java exception stands on the second line
        last += " " + _STAGE_FAILURE.sub("", lines[1][2:].strip())
    if last.endswith("Traceback (most recent call last):"):  # raised in a Python worker
        last = last.removesuffix("Traceback (most recent call last):") + lines[whole - 1].strip()
    elif causes and causes[-1] not in last:
        last += f" (caused by {causes[-1]})"
    return last, [f"{line}\n" for line in lines[1:whole]]
