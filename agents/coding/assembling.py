"""Scripts for the sandbox, put together from modules: only their text gets there."""

import re
from functools import cache
from pathlib import Path

_OURS = re.compile(r"^from (agents\.[\w.]+) import [^\n]+\n", re.M)
_ROOT = Path(__file__).parents[2]


@cache
def assembled(path: Path) -> str:
    """A script whose imports of this project's modules are replaced by those modules' own text."""
    return _OURS.sub(_text_of, path.read_text(encoding="utf-8"))


def _text_of(found: re.Match[str]) -> str:
    place = _ROOT.joinpath(*found[1].split(".")).with_suffix(".py")
    return place.read_text(encoding="utf-8")
