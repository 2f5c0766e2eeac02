"""The reference pages say what the code says."""

from pathlib import Path

import pytest

from grym_synth.reference import PAGES

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", PAGES)
def test_a_reference_page_is_what_the_code_gives(name: str) -> None:
    written = (DOCS / name).read_text(encoding="utf-8")
    assert written == PAGES[name](), "run `make docs`"


def test_every_setting_says_what_it_is() -> None:
    rows = [line for line in PAGES["settings.md"]().splitlines() if line.startswith("| `GRYM_")]
    assert rows
    assert not [row for row in rows if row.rstrip("| ").endswith("`") or row.endswith("|  |")]
