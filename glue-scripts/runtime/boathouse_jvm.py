# Spark's JVM, started without spark-submit's shell script and its first JVM, at once, while Python still fetches the script.
# PySpark connects to it as to any gateway that is named by PYSPARK_GATEWAY_PORT and PYSPARK_GATEWAY_SECRET.
import hashlib
import os
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# What spark-submit gives every JVM 17 (org.apache.spark.launcher.JavaModuleOptions).
MODULES = (
    "java.base/java.lang",
    "java.base/java.lang.invoke",
    "java.base/java.lang.reflect",
    "java.base/java.io",
    "java.base/java.net",
    "java.base/java.nio",
    "java.base/java.util",
    "java.base/java.util.concurrent",
    "java.base/java.util.concurrent.atomic",
    "java.base/jdk.internal.ref",
    "java.base/sun.nio.ch",
    "java.base/sun.nio.cs",
    "java.base/sun.security.action",
    "java.base/sun.util.calendar",
    "java.security.jgss/sun.security.krb5",
)
START_LIMIT = 60  # seconds


def archive_file() -> Path:
    """The archive of loaded classes for this JDK (see boathouse_archive.py): BOATHOUSE_SPARK_ARCHIVE, or beside the venv."""
    if "BOATHOUSE_SPARK_ARCHIVE" in os.environ:
        return Path(os.environ["BOATHOUSE_SPARK_ARCHIVE"])
    java = hashlib.sha256(os.environ.get("JAVA_HOME", "").encode()).hexdigest()[:8]
    return Path(sys.prefix).parent / f"spark-classes-{java}.jsa"


class SparkJvm:
    """A JVM with PySpark's gateway. It ends when its standard input closes: with this process at the latest."""

    def __init__(self, folder: str, settings: dict[str, str], java_options: list[str]) -> None:
        """`folder` holds spark-defaults.conf and log4j2.properties; the settings that concern the JVM itself are applied here."""
        import pyspark

        home = Path(pyspark.__file__).parent
        jars = sorted(str(jar) for jar in (home / "jars").glob("*.jar"))
        extra = [part for part in settings.get("spark.driver.extraClassPath", "").split(os.pathsep) if part]
        self._information = tempfile.mktemp(dir=folder)
        words = [
            "-cp",
            # The fixed ones first: an archive of classes fits as long as its class path begins this one.
            os.pathsep.join([*jars, *extra]),
            f"-Xmx{settings.get('spark.driver.memory', '1g')}",
            *settings.get("spark.driver.extraJavaOptions", "").split(),
            f"-Dlog4j2.configurationFile={folder}/log4j2.properties",
            "-XX:+IgnoreUnrecognizedVMOptions",
            *[f"--add-opens={module}=ALL-UNNAMED" for module in MODULES],
            "-Djdk.reflect.useDirectMethodHandle=false",
            *java_options,
            "org.apache.spark.deploy.SparkSubmit",
            "--properties-file",
            f"{folder}/spark-defaults.conf",
            "pyspark-shell",
        ]
        # By a file: the class path alone is 25 KB.
        command = Path(folder) / "java.args"
        command.write_text("".join(f'"{_escaped(word)}"\n' for word in words))
        java = Path(os.environ["JAVA_HOME"]) / "bin" / "java" if os.environ.get("JAVA_HOME") else "java"
        environment = {**os.environ, "SPARK_HOME": str(home), "_PYSPARK_DRIVER_CONN_INFO_PATH": self._information}
        self.process = subprocess.Popen([str(java), f"@{command}"], stdin=subprocess.PIPE, env=environment)

    def connect(self) -> None:
        """Waits for the gateway (about a second) and tells PySpark where it is."""
        begun = time.monotonic()
        while not os.path.exists(self._information):
            code = self.process.poll()
            if code is not None:
                raise RuntimeError(f"Spark's JVM ended with {code} before it was there")
            if time.monotonic() - begun > START_LIMIT:
                raise RuntimeError(f"Spark's JVM was not there after {START_LIMIT} s")
            time.sleep(0.005)
        with open(self._information, "rb") as file:
            (port,) = struct.unpack(">i", file.read(4))
            (length,) = struct.unpack(">i", file.read(4))
            secret = file.read(length).decode()
        os.unlink(self._information)
        os.environ["PYSPARK_GATEWAY_PORT"] = str(port)
        os.environ["PYSPARK_GATEWAY_SECRET"] = secret


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace('"', '\\"')
