"""What orders are tried in: a folder, somebody who listens, and a secret in the environment."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile_text.payloads import CANARY
from tests.hostile_text.world import World


@pytest.fixture
def world(tmp_path: Path, clean_environment: None) -> Iterator[World]:
    os.environ["GRYM_TEST_CANARY"] = os.environ["STUDIO_SECRET"] = CANARY
    (tmp_path / "given").mkdir()
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield World(tmp_path, listener)
