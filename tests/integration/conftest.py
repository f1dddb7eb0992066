"""What tests on a database share: a PostgreSQL server for each worker that asks, and a database on it for each test; the little borough's
places, and a directory of its services."""

from __future__ import annotations

from collections.abc import Iterator

import little_borough
import pytest
from little_directory import SIZE, Directory
from postgresql import NoServer, Server, served
from sqlalchemy import Engine

from portal.db import open_engine
from portal.search.areas import Extents


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """This worker's PostgreSQL server. Skips, saying why, where there is none."""
    try:
        with served() as server:
            yield server
    except NoServer as reason:
        pytest.skip(f"{reason}: nothing was shown about PostgreSQL")


@pytest.fixture(scope="session")
def _migrated(postgresql_server: Server) -> str:
    return postgresql_server.migrate("migrated")


@pytest.fixture
def postgresql(postgresql_server: Server, _migrated: str) -> Iterator[Engine]:
    """An empty PostgreSQL database of the test's own, with every table."""
    with postgresql_server.database(_migrated) as address:
        engine = open_engine(address)
        yield engine
        engine.dispose()


@pytest.fixture(scope="session")
def known(tmp_path_factory: pytest.TempPathFactory) -> Extents:
    """The little borough's places."""
    return little_borough.extents(tmp_path_factory.mktemp("localities"))


@pytest.fixture
def directory(database: Engine) -> Directory:
    """Some services in an SQLite database of the test's own."""
    made = Directory(database)
    made.fill(SIZE)
    return made
