"""Searches by words and meaning together, on the real index."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from memory.storage.entries import Entry
from memory.store import GrymStore
from tests.integration.memory.letters import Letters

FACTS = ("project", "demo", "notes")
THREAD = ("project", "demo", "turns", "main")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GrymStore]:
    home: Path = tmp_path_factory.mktemp("home")
    with GrymStore(home, Letters()) as opened:
        loud = [Entry(FACTS, f"c{number}", {"text": "ccc"}, "ccc") for number in range(120)]
        said = ["aaaa bbbb", "hhh", "eee", "bbbb", "fff"]
        turns = [Entry(THREAD, text, {"text": text}, text) for text in said]
        wanted = Entry(FACTS, "wanted", {"text": "c ddddd", "kind": "odd"}, "c ddddd")
        opened.write([*loud, *turns, wanted])
        assert opened.flush() == 0
        yield opened


def test_a_filter_loses_nothing_to_closer_entries_that_it_leaves_out(store: GrymStore) -> None:
    found = store.search(("project",), query="cxcxc", filter={"kind": "odd"})
    assert [item.key for item in found] == ["wanted"]


def test_the_turn_after_one_that_fits_comes_before_others_that_fit_no_better(
    store: GrymStore,
) -> None:
    found = [hit.entry.key for hit in store.find(THREAD, "aaaa bbbb", 5)]
    assert found[0] == "aaaa bbbb"
    assert found.index("hhh") < found.index("fff")


def test_scores_lie_between_0_and_1_and_fall(store: GrymStore) -> None:
    scores = [hit.score for hit in store.find(("project",), "bbbb ccc", 20)]
    assert scores == sorted(scores, reverse=True)
    assert 0 < scores[-1] <= scores[0] <= 1
