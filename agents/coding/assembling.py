"""Scripts for the sandbox, put together from modules: only their text gets there."""

import re
from functools import cache
from pathlib import Path

_SHARED = re.compile(r"^from agents\.coding\.testing import [^\n]+\n", re.M)


@cache
def assembled(path: Path) -> str:
    """A script whose import of ``agents.coding.testing`` is replaced by that module's own text."""
    shared = Path(__file__).with_name("testing.py").read_text(encoding="utf-8")
    return _SHARED.sub(lambda _: shared, path.read_text(encoding="utf-8"), count=1)
