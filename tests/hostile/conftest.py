"""A home for each test, and no models but those that are asked for."""

import os

import pytest

from tests.hostile.doors import house as house
from tests.integration.web.conftest import page as page
from tests.integration.web.conftest import web as web


@pytest.fixture(autouse=True)
def instruments_alone(clean_environment: None) -> None:
    os.environ.update(GRYM_MODELS="instruments", GRYM_EMBEDDER="lexical")
