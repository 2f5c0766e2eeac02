"""Search by words in a scope that is too large to score every entry of it."""

from pathlib import Path

import pytest

from memory.search import word_search
from memory.storage.entries import Entry
from memory.store import GrymStore

PLACE = ("project", "demo", "notes")


@pytest.fixture
def store(tmp_path: Path) -> GrymStore:
    return GrymStore(tmp_path)


def note(number: int, text: str) -> Entry:
    return Entry(PLACE, f"n{number}", {"text": text}, text)


def test_a_word_that_was_rare_or_unknown_is_found_as_soon_as_it_is_written(
    store: GrymStore,
) -> None:
    many = word_search.MANY + 50
    with store:
        store.write(note(number, f"take {number} of the drums") for number in range(many))
        assert not [
            hit for hit in store.find(PLACE, "the glockenspiel", 5) if "glock" in hit.entry.text
        ]
        store.write([note(many, "the glockenspiel doubles the drums")])
        for _ in range(2):
            best = store.find(PLACE, "drums and glockenspiel take", 5)[0]
            assert best.entry.key == f"n{many}"


def test_words_that_most_entries_hold_still_find_some_of_them(store: GrymStore) -> None:
    with store:
        store.write(note(number, "take of the drums") for number in range(word_search.MANY + 50))
        for _ in range(2):
            assert len(store.find(PLACE, "drums take", 5)) == 5
