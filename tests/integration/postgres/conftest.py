"""One server for all tests of a process, an empty database for each."""

from collections.abc import Iterator

import psycopg
import pytest

from memory.databases import Servers
from memory.repository import Repository
from memory.store import GrymStore
from tests.postgres import postgres_server


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with postgres_server() as url:
        yield url


@pytest.fixture
def database(server: str) -> Iterator[str]:
    with psycopg.connect(server, autocommit=True) as connection:
        found = connection.execute(
            "SELECT format('grym.%I', tablename) FROM pg_tables WHERE schemaname = 'grym' "
            "AND tablename NOT IN ('marks', 'checkpoint_migrations')"
        ).fetchall()
        if found:
            names = ", ".join(name for (name,) in found)
            connection.execute(f"TRUNCATE {names} RESTART IDENTITY")
        if any(name == "grym.entries" for (name,) in found):
            connection.execute("DELETE FROM grym.marks WHERE name <> 'schema'")
    yield server


@pytest.fixture
def servers(database: str) -> Servers:
    return Servers(database=database)


@pytest.fixture
def store(servers: Servers) -> Iterator[GrymStore]:
    with GrymStore(servers=servers) as opened:
        yield opened


@pytest.fixture
def memory(store: GrymStore) -> Repository:
    """With one empty project, ``demo``."""
    repository = Repository(store)
    repository.ensure_project("demo")
    return repository
