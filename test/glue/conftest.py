# Fixtures of the Glue tests: one PostgreSQL for all, an endpoint and a runner for each test.
import os
import stat
import tempfile
from pathlib import Path

import pytest
from support.endpoint import Endpoint
from support.lake import Warehouse
from support.postgres import Postgres
from support.runs import Runner


@pytest.fixture(scope="session")
def server():
    # Not pytest's own folder: that is closed to the user whom PostgreSQL runs as.
    with tempfile.TemporaryDirectory(prefix="boathouse-test-") as folder:
        os.chmod(folder, stat.S_IRWXU | stat.S_IXGRP | stat.S_IXOTH)
        postgres = Postgres(Path(folder) / "postgres", "first-password")
        postgres.start()
        yield postgres
        postgres.stop()


@pytest.fixture
def postgres(server: Postgres):
    server.empty()
    return server


@pytest.fixture
def endpoint():
    started = Endpoint()
    yield started
    started.close()


@pytest.fixture
def runner(endpoint: Endpoint, tmp_path: Path):
    return Runner(endpoint, tmp_path / "runs")


@pytest.fixture
def warehouse(postgres: Postgres, endpoint: Endpoint, runner: Runner, tmp_path: Path):
    return Warehouse(postgres, endpoint, runner, tmp_path / "store")
