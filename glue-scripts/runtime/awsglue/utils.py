# awsglue.utils: getResolvedOptions, the job's arguments as a dict.
# Page: aws-glue-api-crawler-pyspark-extensions-get-resolved-options; reserved names: aws-glue-programming-etl-glue-arguments.
import argparse

# What Glue itself passes to a script. They are answered whether the script asks for them or not (None where not passed),
# because job.init(args["JOB_NAME"], args) takes the bookmark option from the same dict (page: monitor-continuations).
RESERVED = (
    "job_bookmark_option",
    "job_bookmark_from",
    "job_bookmark_to",
    "JOB_ID",
    "JOB_RUN_ID",
    "SECURITY_CONFIGURATION",
    "encryption_type",
    "enable_data_lineage",
)
BOOKMARK_OPTIONS = ("job-bookmark-enable", "job-bookmark-pause", "job-bookmark-disable")


class GlueArgumentError(Exception):
    """An argument that the script asks for is missing or wrong; Glue names the missing ones as `--name`."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str):  # argparse would print its usage and exit 2
        raise GlueArgumentError(message)


def getResolvedOptions(args: list[str], options: list[str]) -> dict[str, str | None]:
    """Returns the values of `options` (names without hyphens) found in `args` (sys.argv), and the reserved ones.

    Raises GlueArgumentError where one of `options` was not passed. Abbreviated names are refused, as on Glue 6.0.
    """
    # `--a=b` stays one word; a value may begin with a hyphen, which argparse takes for an option unless joined.
    parser = _Parser(prog=args[0] if args else None, add_help=False, allow_abbrev=False)
    for name in RESERVED:
        default = "job-bookmark-disable" if name == "job_bookmark_option" else None
        parser.add_argument(f"--{name.replace('_', '-')}", f"--{name}", dest=name, default=default)
    parser.add_argument("--TempDir", dest="TempDir")
    for option in options:
        if option == "TempDir" or option in RESERVED:
            continue
        names = [f"--{option}"] if "_" not in option else [f"--{option}", f"--{option.replace('_', '-')}"]
        parser.add_argument(*names, dest=option, required=True)
    found, _ = parser.parse_known_args(_joined(args[1:]))
    result = dict(vars(found))
    missing = [name for name in options if result[name] is None]
    if missing:
        raise GlueArgumentError(f"the following arguments are required: {', '.join('--' + name for name in missing)}")
    if result["TempDir"] is None:
        del result["TempDir"]
    else:
        result["RedshiftTempDir"] = result["TempDir"]
    if result["job_bookmark_option"] not in BOOKMARK_OPTIONS:
        raise GlueArgumentError(
            f"argument --job-bookmark-option: invalid choice: {result['job_bookmark_option']!r} "
            f"(choose from {', '.join(map(repr, BOOKMARK_OPTIONS))})"
        )
    if (result["job_bookmark_from"] is None) != (result["job_bookmark_to"] is None):
        # Page monitor-continuations: the two are optional, but used together.
        raise GlueArgumentError("--job-bookmark-from and --job-bookmark-to must be given together")
    return result


def _joined(words: list[str]) -> list[str]:
    """['--a', '-5', '--flag', '--b', 'x'] -> ['--a=-5', '--flag', '--b=x'] so that a value is never taken for an option."""
    joined: list[str] = []
    position = 0
    while position < len(words):
        word = words[position]
        following = words[position + 1] if position + 1 < len(words) else None
        if word.startswith("--") and "=" not in word and following is not None and not following.startswith("--"):
            joined.append(f"{word}={following}")
            position += 2
        else:
            joined.append(word)
            position += 1
    return joined
