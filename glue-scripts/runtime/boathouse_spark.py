# Spark's settings for a run: what the lake gives as JSON in BOATHOUSE_SPARK_CONF, in files that only this user can read.
# They do not go on a command line, where `ps` would show the S3 secret.
import json
import os
import sys

from boathouse_jvm import SparkJvm, archive_file

# One line each, warnings only, on stderr; what is known to be said on every start and to mean nothing is left out.
LOG4J = """\
rootLogger.level = warn
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %d{yyyy-MM-dd HH:mm:ss.SSS} %p %c{1}: %m%n%ex{12}
"""
LEVELS = {
    "org.apache.hadoop.util.NativeCodeLoader": "error",
    "org.apache.hadoop.metrics2": "error",
    "org.apache.hadoop.fs.s3a.S3ABlockOutputStream": "error",
    "org.apache.hadoop.fs.s3a.S3AInstrumentation": "error",
    "org.apache.spark.sql.catalyst.util.SparkStringUtils": "error",
    "org.apache.spark.sql.execution.window.WindowExec": "error",
    "com.amazonaws": "error",
    # A failed task is told once, by the error that the script gets.
    "org.apache.spark.executor.Executor": "off",
    "org.apache.spark.scheduler.TaskSetManager": "off",
    "org.apache.spark.sql.execution.datasources.FileFormatWriter": "off",
}


def prepare_spark(folder: str, extra_jars: list[str]) -> SparkJvm:
    """Starts Spark's JVM with the lake's settings; call its `connect` before the script runs."""
    settings: dict[str, str] = json.loads(os.environ.pop("BOATHOUSE_SPARK_CONF", "{}"))
    if extra_jars:
        path = settings.get("spark.driver.extraClassPath")
        settings["spark.driver.extraClassPath"] = os.pathsep.join([*([path] if path else []), *extra_jars])
    spark_folder(folder, settings)
    archive = archive_file()
    # Without a word where it does not fit: the run then loads its classes from the jars.
    options = [f"-XX:SharedArchiveFile={archive}", "-Xshare:auto", "-Xlog:disable", "-Xlog:all=error:stderr"]
    return SparkJvm(folder, settings, options if archive.exists() else [])


def spark_folder(folder: str, settings: dict[str, str]) -> None:
    """Writes spark-defaults.conf and log4j2.properties; sets what Spark takes from the environment. Completes `settings`."""
    os.makedirs(folder, mode=0o700, exist_ok=True)
    # Nothing of a run listens anywhere but on loopback.
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    settings.setdefault("spark.driver.host", "127.0.0.1")
    settings.setdefault("spark.ui.enabled", "false")
    settings.setdefault("spark.ui.showConsoleProgress", "false")
    if "spark.local.dir" in settings:  # the variable means the same, and Spark does not warn of it
        os.environ["SPARK_LOCAL_DIRS"] = settings.pop("spark.local.dir")
    defaults = "".join(f"{name} {_escaped(value)}\n" for name, value in settings.items())
    _write(os.path.join(folder, "spark-defaults.conf"), defaults)
    loggers = "".join(
        f"logger.own{number}.name = {name}\nlogger.own{number}.level = {level}\n"
        for number, (name, level) in enumerate(LEVELS.items())
    )
    _write(os.path.join(folder, "log4j2.properties"), LOG4J + loggers)
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable


def _escaped(value: str) -> str:
    # The file is read as Java properties: a backslash there begins an escape.
    return str(value).replace("\\", "\\\\").replace("\n", "\\n")


def _write(path: str, text: str) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
