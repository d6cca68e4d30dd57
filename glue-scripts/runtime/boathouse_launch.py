# Starts one job run as Glue would: `python boathouse_launch.py <script> --JOB_NAME x --name value ...`, script and files from S3 or disk.
# Exit code 0 where the script ended by itself (or by sys.exit(0)), 1 where it raised, with its own traceback on stderr, last line first.
import os
import runpy
import shutil
import sys
import tempfile
from urllib.parse import urlparse

RUNTIME = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, RUNTIME)

from boathouse_report import report_failure  # noqa: E402
from boathouse_spark import prepare_spark  # noqa: E402

# Job parameters of the page aws-glue-programming-etl-glue-arguments whose effect a local run does not have. Naming one fails the run.
REFUSED = {
    "--additional-python-modules",
    "--class",
    "--conf",
    "--customer-driver-env-vars",
    "--customer-executor-env-vars",
    "--datalake-formats",
    "--enable-lakeformation-fine-grained-access",
    "--python-modules-installer-option",
    "--scriptLocation",
    "--user-jars-first",
}


def main(words: list[str]) -> int:
    if not words:
        print("usage: boathouse_launch.py <script: s3://bucket/key or a path> [--name value ...]", file=sys.stderr)
        return 2
    location, arguments = words[0], words[1:]
    own_folder = "BOATHOUSE_RUN_FOLDER" not in os.environ
    folder = tempfile.mkdtemp(prefix="boathouse-run-") if own_folder else os.environ["BOATHOUSE_RUN_FOLDER"]
    script = location
    try:
        _refuse(arguments)
        jars = [_local(one, os.path.join(folder, "jars")) for one in _listed(arguments, "--extra-jars")]
        # The JVM comes up while the rest is fetched.
        jvm = prepare_spark(os.path.join(folder, "conf"), jars)
        script = _local(location, os.path.join(folder, "script"))
        python = [_local(one, os.path.join(folder, "python")) for one in _listed(arguments, "--extra-py-files")]
        for one in _listed(arguments, "--extra-files"):
            _local(one, folder)
        _extend_path(python)
        os.chdir(folder)  # extra files lie in the working directory
        jvm.connect()
        sys.argv = [script, *arguments]
        runpy.run_path(script, run_name="__main__")
        return 0
    except SystemExit as end:
        if end.code in (None, 0):
            return 0
        report_failure(end, script, location)
        return 1
    except BaseException as error:
        report_failure(error, script, location)
        return 1
    finally:
        sys.stdout.flush()
        if own_folder:
            os.chdir(RUNTIME)
            shutil.rmtree(folder, ignore_errors=True)


def _refuse(arguments: list[str]) -> None:
    for word in arguments:
        name = word.split("=", 1)[0]
        if name in REFUSED:
            raise NotImplementedError(f"the job parameter {name} is not implemented by Boathouse's local Glue runtime")
    language = _value(arguments, "--job-language")
    if language not in (None, "python"):
        raise NotImplementedError(
            f"the job parameter --job-language {language} is not implemented: jobs here are Python"
        )


def _value(arguments: list[str], name: str) -> str | None:
    for position, word in enumerate(arguments):
        if word == name and position + 1 < len(arguments):
            return arguments[position + 1]
        if word.startswith(f"{name}="):
            return word.split("=", 1)[1]
    return None


def _listed(arguments: list[str], name: str) -> list[str]:
    return [one.strip() for one in (_value(arguments, name) or "").split(",") if one.strip()]


def _local(location: str, folder: str) -> str:
    """The path of a local copy of `location`; a file on disk stays where it is."""
    place = urlparse(location)
    if place.scheme in ("", "file"):
        path = os.path.abspath(place.path)
        if not os.path.isfile(path):
            raise FileNotFoundError(f"{location} does not exist")
        return path
    if place.scheme not in ("s3", "s3a"):
        raise NotImplementedError(f"fetching {location} is not implemented: s3:// or a path")
    import boto3
    from botocore.exceptions import ClientError

    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, os.path.basename(place.path))
    try:
        boto3.client("s3").download_file(place.netloc, place.path.lstrip("/"), path)
    except ClientError as error:
        raise FileNotFoundError(f"{location} could not be fetched: {error}") from error
    return path


def _extend_path(files: list[str]) -> None:
    """Modules for the script and for Python workers: a .py by its folder, an archive by itself."""
    places = [os.path.dirname(file) if file.endswith(".py") else file for file in files]
    places = list(dict.fromkeys(places))
    sys.path[0:0] = places
    inherited = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([*places, RUNTIME, *([inherited] if inherited else [])])


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stderr.flush()
    # The JVM ends with us (its standard input closes); waiting for its clean-up would only add to the run.
    os._exit(code)
