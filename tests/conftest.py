"""Parts that tests share: the real recordings, where they are, and a studio of their own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"  # read when LangGraph is imported, after this

DEMO_MIX = Path(__file__).parent.parent / "demo" / "mix.flac"


@pytest.fixture
def recordings() -> Path:
    folder = os.environ.get("GRYM_TEST_DATA")
    if not folder:
        pytest.skip("GRYM_TEST_DATA is not set: no real recordings here")
    return Path(folder)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture(autouse=True)
def clean_environment(tmp_path: Path) -> Iterator[None]:
    held = dict(os.environ)
    for name in held:
        if name.startswith("GRYM_") and name != "GRYM_TEST_DATA":
            del os.environ[name]
    os.environ["GRYM_OUT"] = str(tmp_path / "out")
    os.environ["GRYM_OLLAMA_URL"] = (
        "http://127.0.0.1:9"  # the machine's own models stay out of tests
    )
    yield
    os.environ.clear()
    os.environ.update(held)
