"""A memory in the process."""

from collections.abc import Iterator

import pytest

from memory.repository import Repository
from memory.store import GrymStore


@pytest.fixture
def store() -> Iterator[GrymStore]:
    with GrymStore() as opened:
        yield opened


@pytest.fixture
def memory(store: GrymStore) -> Repository:
    """With one empty project, ``demo``."""
    repository = Repository(store)
    repository.ensure_project("demo")
    return repository
