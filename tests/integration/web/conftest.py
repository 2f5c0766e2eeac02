"""A studio for all tests that leave it as it was, and others to be killed."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.integration.web.process import Page, Web

Talk = Callable[[], Page]


@pytest.fixture(scope="session")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """A studio that nobody ends."""
    served = Web(tmp_path_factory.mktemp("studio"), GRYM_LIMITS__IMAGE_BYTES="1000000")
    try:
        served.start()
        yield served
    finally:
        served.stop()


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Web]:
    """A studio that the test may end."""
    served = Web(tmp_path / "studio")
    try:
        yield served
    finally:
        served.stop()


_NUMBERS = count(1)


@pytest.fixture
def page(web: Web) -> Iterator[Page]:
    """A conversation in a project of its own."""
    with web.client() as client:
        yield Page(client, f"project-{next(_NUMBERS)}")
