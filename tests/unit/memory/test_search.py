"""What a search puts first: by words alone, and by words and meaning without the index."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from pydantic import JsonValue

from memory.storage.entries import Entry, Value
from memory.store import GrymStore

FACTS = ("project", "demo", "notes")
THREAD = ("project", "demo", "turns", "main")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GrymStore]:
    with GrymStore(tmp_path) as opened:
        yield opened


def write(store: GrymStore, place: tuple[str, ...], texts: Sequence[str], **fields: str) -> None:
    """Write entries whose keys are their texts."""
    store.write([Entry(place, text, {"text": text, **fields}, text) for text in texts])


def found(store: GrymStore, text: str, limit: int = 10, where: Value | None = None) -> list[str]:
    """Keys that are found in the project, best first."""
    return [hit.entry.key for hit in store.find(("project", "demo"), text, limit, where)]


def test_the_turn_after_one_that_fits_comes_before_another_that_shares_as_many_words(
    store: GrymStore,
) -> None:
    write(store, THREAD, ["a snare is loud", "fine by me", "which reverb for the choir?"])
    write(store, THREAD, ["a plate is what fits the choir", "and the drums", "a choir is a choir"])
    assert found(store, "choir reverb")[:2] == [
        "which reverb for the choir?",
        "a plate is what fits the choir",
    ]


def test_what_was_noted_beside_an_entry_that_fits_is_no_better_for_it(store: GrymStore) -> None:
    write(store, FACTS, ["the choir has a long reverb", "the choir is dark and far and wide"])
    write(store, FACTS, ["the choir is dark and far"])
    assert found(store, "choir reverb")[1] == "the choir is dark and far"


def test_an_answer_that_shares_no_word_is_not_found_by_words(store: GrymStore) -> None:
    write(store, THREAD, ["which reverb for the choir?", "hello there"])
    assert found(store, "choir reverb") == ["which reverb for the choir?"]


def test_entries_of_a_named_time_come_first(store: GrymStore) -> None:
    for day in ("2023-04-02", "2023-05-08", "2023-06-30"):
        write(store, FACTS, [f"vocals recorded, take of {day[5:]}"], at=f"{day}T13:56:00+00:00")
    assert found(store, "which vocals were recorded in May 2023?")[0].endswith("05-08")
    assert found(store, "the vocals recorded on 2 April")[0].endswith("04-02")
    assert len(found(store, "the vocals recorded on 2 April")) == 3


def test_entries_of_a_named_turn_come_first(store: GrymStore) -> None:
    for turn in (11, 12, 13):
        text = f"the mix was measured, time number {turn * 7}"
        store.write([Entry(FACTS, str(turn), {"text": text, "turn": turn}, text)])
    assert found(store, "how was the mix measured at turn 12?")[0] == "12"


def test_a_rare_word_finds_its_entry_among_thousands_that_share_the_others(
    store: GrymStore,
) -> None:
    write(store, FACTS, ["the mix of the theremin is muddy"])
    write(store, FACTS, [f"the mix number {number} is muddy" for number in range(5000)])
    assert found(store, "muddy mix of the theremin")[0] == "the mix of the theremin is muddy"
    assert len(found(store, "muddy mix")) == 10


def test_a_time_finds_its_entry_among_thousands_that_fit_as_well(store: GrymStore) -> None:
    write(store, FACTS, ["loudness of mix 1"], at="2023-05-08T13:56:00+00:00")
    write(store, FACTS, [f"loudness of mix {number}" for number in range(2, 1500)])
    assert found(store, "loudness of the mix in May 2023")[0] == "loudness of mix 1"


@pytest.mark.parametrize(
    "where",
    [
        {"kind": "note"},
        {"kind": {"$in": ["note", "memo"]}},
        {"place": {"bar": 3}},
        {"gain": {"$gt": 0.1}},
        {"tags": ["a", "b"]},
        {"kind": {"$ne": None}},
    ],
)
def test_a_filter_loses_nothing_to_better_entries_that_it_leaves_out(
    store: GrymStore, where: dict[str, object]
) -> None:
    fields: dict[str, JsonValue] = {
        "kind": "note",
        "place": {"bar": 3},
        "gain": 0.3,
        "tags": ["a", "b"],
    }
    text = "some words about something else and a snare"
    store.write([Entry(FACTS, "wanted", {"text": text, **fields}, text)])
    write(store, FACTS, [f"snare {number}" for number in range(600)])
    items = store.search(("project",), query="snare", filter=where)
    assert [item.key for item in items] == ["wanted"]


def test_a_store_with_many_projects_searches_one_of_them(store: GrymStore) -> None:
    for number in range(300):
        write(store, ("project", f"p{number}"), ["the snare is too loud"])
    write(store, FACTS, ["the snare is fine"])
    assert found(store, "snare too loud") == ["the snare is fine"]


def test_an_unknown_operator_in_a_filter_is_refused(store: GrymStore) -> None:
    write(store, FACTS, ["the snare is fine"])
    for query in (None, "snare"):
        with pytest.raises(ValueError, match="near"):
            store.search(("project",), query=query, filter={"text": {"$near": "x"}})


def test_among_many_entries_common_words_find_when_the_rarer_ones_are_nowhere(
    store: GrymStore,
) -> None:
    write(store, FACTS, [f"a loud take, number {number}" for number in range(2200)])
    assert len(found(store, "the loudest ophicleide was loud")) == 10
    assert found(store, "an ophicleide without a serpent") == []
