# A PostgreSQL server of its own for the tests: TLS and SCRAM only, as the lake runs it and as RDS does.
import datetime
import ipaddress
import os
import pwd
import socket
import subprocess
import time
from pathlib import Path

import pg8000.native
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from .engines import engine

USER, DATABASE = "boathouse", "lake"


class Postgres:
    def __init__(self, folder: Path, password: str) -> None:
        self.folder, self.password = folder, password
        self.home = Path(engine("postgres")["home"])
        self.port = _free_port()
        # PostgreSQL refuses to run as root.
        self._owner = _unprivileged() if os.getuid() == 0 else None
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        data = self.folder / "data"
        secret = self.folder / "password"
        self.folder.mkdir(parents=True, exist_ok=True)
        secret.write_text(self.password)
        if self._owner:
            for place in (self.folder, secret):
                os.chown(place, self._owner.pw_uid, self._owner.pw_gid)
        login = ["--username", USER, "--pwfile", str(secret), "--auth-host=scram-sha-256", "--auth-local=scram-sha-256"]
        self._run("initdb", "-D", str(data), "--encoding=UTF8", "--locale=C", "--no-sync", *login)
        _certificate(data / "server.crt", data / "server.key", self._owner)
        (data / "pg_hba.conf").write_text("hostssl all all 127.0.0.1/32 scram-sha-256\n")
        settings = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "ssl": "on",
            "fsync": "off",
            "timezone": "UTC",
        }
        with open(data / "postgresql.conf", "a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        log = open(self.folder / "log", "w")
        self._process = subprocess.Popen(
            [self.home / "bin/postgres", "-D", data], stdout=log, stderr=log, **self._privileges()
        )
        self._wait()
        with self.connect("postgres") as session:
            session.run(f"create database {DATABASE}")

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(30)

    @property
    def url(self) -> str:
        return f"jdbc:postgresql://127.0.0.1:{self.port}/{DATABASE}?sslmode=require"

    def connect(self, database: str = DATABASE) -> pg8000.native.Connection:
        return pg8000.native.Connection(
            USER,
            password=self.password,
            host="127.0.0.1",
            port=self.port,
            database=database,
            ssl_context=_any_certificate(),
        )

    def rows(self, sql: str) -> list[tuple]:
        with self.connect() as session:
            return [tuple(row) for row in session.run(sql)]

    def run(self, *statements: str) -> None:
        """All statements in one transaction."""
        with self.connect() as session:
            session.run("begin")
            for statement in statements:
                session.run(statement)
            session.run("commit")

    def rotate(self, password: str) -> None:
        self.run(f"alter user {USER} password '{password}'")
        self.password = password

    def empty(self) -> None:
        """As if nothing had ever been loaded."""
        self.run("drop schema public cascade", "create schema public")

    def _run(self, program: str, *args: str) -> None:
        subprocess.run([self.home / "bin" / program, *args], check=True, capture_output=True, **self._privileges())

    def _privileges(self) -> dict:
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C"}
        if not self._owner:
            return {"env": environment}
        identity = {"user": self._owner.pw_uid, "group": self._owner.pw_gid, "extra_groups": []}
        return {"env": environment, "cwd": "/", **identity}

    def _wait(self) -> None:
        for _ in range(300):
            if self._process and self._process.poll() is not None:
                raise RuntimeError((self.folder / "log").read_text())
            try:
                self.connect("postgres").close()
                return
            except Exception:
                time.sleep(0.1)
        raise RuntimeError("PostgreSQL did not start: " + (self.folder / "log").read_text())


def _unprivileged() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("there is no user to run PostgreSQL as")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _any_certificate():
    import ssl

    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _certificate(certificate: Path, key_file: Path, owner: pwd.struct_passwd | None) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.timezone.utc)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .sign(key, hashes.SHA256())
    )
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    pem = serialization.PrivateFormat.PKCS8
    key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, pem, serialization.NoEncryption()))
    key_file.chmod(0o600)
    if owner:
        for file in (certificate, key_file):
            os.chown(file, owner.pw_uid, owner.pw_gid)
