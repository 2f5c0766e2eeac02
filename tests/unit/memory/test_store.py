"""The store as LangGraph uses it, without an index."""

import asyncio
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from langgraph.store.base import GetOp, PutOp, SearchOp
from langgraph.store.memory import InMemoryStore
from pydantic import JsonValue

from grym_synth.errors import MemoryFault
from memory.storage.entries import Address, Entry
from memory.store import GrymStore

PLACE = ("project", "demo", "findings")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GrymStore]:
    with GrymStore(tmp_path) as opened:
        yield opened


def keys(store: GrymStore | InMemoryStore, **asked: object) -> list[str]:
    """Keys that a search below a namespace gives, sorted."""
    prefix = asked.pop("prefix", ("project",))
    return sorted(item.key for item in store.search(prefix, **asked))  # type: ignore[arg-type]


def test_what_was_put_is_there_after_reopening(tmp_path: Path) -> None:
    with GrymStore(tmp_path) as store:
        store.put(PLACE, "key", {"value": "F minor", "nested": {"list": [1, 2.5, None, True]}})
    with GrymStore(tmp_path) as store:
        item = store.get(PLACE, "key")
    assert item is not None
    assert item.value == {"value": "F minor", "nested": {"list": [1, 2.5, None, True]}}
    assert item.namespace == PLACE


def test_a_second_put_replaces_the_value_and_keeps_the_time_of_creation(store: GrymStore) -> None:
    store.put(PLACE, "key", {"value": 1})
    first = store.get(PLACE, "key")
    store.put(PLACE, "key", {"value": 2})
    second = store.get(PLACE, "key")
    assert first and second and second.value == {"value": 2}
    assert second.created_at == first.created_at
    assert second.updated_at > first.updated_at
    assert store.count(PLACE) == 1


def test_a_deleted_item_is_not_found_by_key_or_by_words(store: GrymStore) -> None:
    store.put(PLACE, "key", {"text": "the chorus is muddy"})
    store.delete(PLACE, "key")
    assert store.get(PLACE, "key") is None
    assert keys(store, query="muddy chorus") == []


def test_a_search_keeps_to_its_namespace_and_not_to_names_that_begin_alike(
    store: GrymStore,
) -> None:
    store.put(("project", "demo"), "a", {})
    store.put(("project", "demo", "x"), "b", {})
    store.put(("project", "demo2"), "c", {})
    store.put(("project", "demo-x"), "d", {})
    store.put(("project", "Demo"), "e", {})
    assert keys(store, prefix=("project", "demo")) == ["a", "b"]
    assert keys(store, prefix=()) == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize(
    "wanted",
    [
        {"kind": "tempo"},
        {"bpm": {"$gt": 100}},
        {"bpm": {"$gte": 120, "$lt": 140}},
        {"bpm": {"$lte": 90}},
        {"kind": {"$ne": "tempo"}},
        {"kind": {"$eq": "key"}},
        {"where": {"start": 3}},
        {"where": None},
        {"tags": ["a", "b"]},
        {"missing": None},
    ],
)
def test_filters_select_what_langgraphs_own_store_selects(
    store: GrymStore, wanted: dict[str, object]
) -> None:
    reference = InMemoryStore()
    values: list[dict[str, object]] = [
        {"kind": "tempo", "bpm": 120, "where": {"start": 3, "end": 4}},
        {"kind": "tempo", "bpm": 90, "where": {"start": 5}, "tags": ["a", "b"]},
        {"kind": "key", "bpm": 140, "where": None, "tags": ["a"]},
    ]
    for number, value in enumerate(values):
        store.put(PLACE, str(number), value)
        reference.put(PLACE, str(number), value)
    assert keys(store, filter=wanted) == keys(reference, filter=wanted)


def test_pages_of_a_search_hold_every_item_once(store: GrymStore) -> None:
    for number in range(7):
        store.put(PLACE, str(number), {"text": f"take {number} of the vocal"})
    pages = [store.search(("project",), limit=3, offset=start) for start in (0, 3, 6)]
    assert sorted(item.key for page in pages for item in page) == list("0123456")
    asked = [store.search(PLACE, query="vocal", limit=3, offset=start) for start in (0, 3, 6)]
    assert sorted(item.key for page in asked for item in page) == list("0123456")


def test_namespaces_are_listed_by_prefix_suffix_and_depth(store: GrymStore) -> None:
    for namespace in [("a", "b", "c"), ("a", "x", "c"), ("d", "b", "e")]:
        store.put(namespace, "k", {})
    assert store.list_namespaces(prefix=("a",)) == [("a", "b", "c"), ("a", "x", "c")]
    assert store.list_namespaces(suffix=("c",), limit=1) == [("a", "b", "c")]
    assert store.list_namespaces(prefix=("*", "b")) == [("a", "b", "c"), ("d", "b", "e")]
    assert store.list_namespaces(max_depth=1) == [("a",), ("d",)]


def test_a_batch_reads_the_state_before_it_and_its_last_write_wins(store: GrymStore) -> None:
    results = store.batch(
        [
            PutOp(PLACE, "k", {"value": 1}),
            GetOp(PLACE, "k"),
            PutOp(PLACE, "k", {"value": 2}),
            SearchOp(PLACE),
        ]
    )
    assert results == [None, None, None, []]
    item = store.get(PLACE, "k")
    assert item is not None and item.value == {"value": 2}


def test_async_calls_see_what_sync_calls_wrote(store: GrymStore) -> None:
    async def scenario() -> list[str]:
        await store.aput(PLACE, "b", {"text": "second"})
        await store.adelete(PLACE, "a")
        return [item.key for item in await store.asearch(("project",))]

    store.put(PLACE, "a", {"text": "first"})
    assert asyncio.run(scenario()) == ["b"]


def test_threads_write_at_once_and_nothing_is_lost(store: GrymStore) -> None:
    def write(worker: int) -> None:
        for number in range(20):
            store.put(PLACE, f"{worker}-{number}", {"text": f"note {number}"})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert store.count(PLACE) == 80


def test_a_batch_that_fails_leaves_nothing(store: GrymStore) -> None:
    with pytest.raises(ValueError, match="JSON"):
        store.write([Entry(PLACE, "a", {}), Entry(PLACE, "b", {"bpm": float("nan")})])
    assert store.count(()) == 0


def test_words_in_other_forms_and_with_accents_are_found(store: GrymStore) -> None:
    store.put(PLACE, "a", {"text": "mastered to -14 LUFS"})
    store.put(PLACE, "b", {"text": "the café recording has hum"})
    assert keys(store, query='master "it" AND (NOT') == ["a"]
    assert keys(store, query="cafe recordings") == ["b"]


def test_an_item_that_is_not_indexed_is_kept_but_not_found_by_words(store: GrymStore) -> None:
    store.put(PLACE, "a", {"text": "secret groove"}, index=False)
    store.put(PLACE, "b", {"title": "groove", "body": "calm"}, index=["title"])
    assert keys(store, query="secret groove") == ["b"]
    assert keys(store, query="calm") == []
    assert keys(store) == ["a", "b"]


def test_text_that_is_no_valid_unicode_is_kept(store: GrymStore) -> None:
    store.put(PLACE, "a", {"text": "broken \udce4 name \0 end"})
    item = store.get(PLACE, "a")
    assert item is not None and item.value["text"] == "broken \udce4 name \0 end"


def test_a_labels_dot_is_refused_also_in_a_batch(store: GrymStore) -> None:
    with pytest.raises(ValueError, match="period"):
        store.batch([PutOp(("a.b",), "k", {})])


def test_a_memory_without_a_folder_lives_in_the_process() -> None:
    with GrymStore() as store:
        store.put(PLACE, "a", {"text": "warm pads"})
        assert keys(store, query="pads") == ["a"]
        assert store.degraded is None


def test_reading_alone_changes_no_file_and_sees_a_running_owner(tmp_path: Path) -> None:
    def files() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    with GrymStore(tmp_path) as owner:
        owner.put(PLACE, "a", {"text": "first take"})
        with GrymStore.read_only(tmp_path) as reader:
            assert keys(reader, query="take") == ["a"]
    before = files()
    with GrymStore.read_only(tmp_path) as reader:
        assert keys(reader) == ["a"]
        with pytest.raises(MemoryFault):
            reader.put(PLACE, "b", {})
    assert files() == before


def test_a_file_that_is_no_database_is_told_and_not_touched(tmp_path: Path) -> None:
    (tmp_path / "memory.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(MemoryFault, match=r"memory\.sqlite"):
        GrymStore(tmp_path)
    assert (tmp_path / "memory.sqlite").read_bytes() == b"not a database" * 100


def test_scrubbing_leaves_no_trace_of_a_deleted_entry_in_any_file(tmp_path: Path) -> None:
    filled_by_another_embedder = tmp_path / "index" / "abc" / "chroma"
    filled_by_another_embedder.mkdir(parents=True)
    (filled_by_another_embedder / "chroma.sqlite3").write_bytes(b"zanzibarquux")
    with GrymStore(tmp_path) as store:
        store.write([Entry(PLACE, str(n), {"text": f"plain{n}"}, f"plain{n}") for n in range(50)])
        store.write([Entry(PLACE, "zanzibarquux", {"text": "Zanzibarquux"}, "Zanzibarquux")])
        store.write([], [Address(PLACE, "zanzibarquux")])
        store.scrub()
        left = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"zanzibarquux" not in left.lower()


def broken(folder: Path, statement: str) -> None:
    """Do something to the file behind the store's back."""
    with closing(sqlite3.connect(folder / "memory.sqlite")) as connection, connection:
        connection.execute(statement)


def test_repair_builds_lost_words_anew(tmp_path: Path) -> None:
    with GrymStore(tmp_path) as store:
        store.put(PLACE, "a", {"text": "tape saturation"})
    broken(tmp_path, "UPDATE words_data SET block = zeroblob(8) WHERE id > 10")
    with GrymStore(tmp_path) as store:
        assert keys(store, query="tape") == []
        told = store.repair()
        assert keys(store, query="tape") == ["a"]
    assert told[0].startswith("1 entries checked")
    assert "built the word index anew" in told


def test_repair_tells_what_to_do_about_a_file_that_it_can_not_mend(tmp_path: Path) -> None:
    with GrymStore(tmp_path) as store:
        for number in range(200):
            store.put(PLACE, str(number), {"text": f"take {number} " * 20})
    path = tmp_path / "memory.sqlite"
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(MemoryFault) as told, GrymStore(tmp_path) as store:
        store.repair()
    assert "backup" in told.value.do


def test_what_is_no_longer_searchable_stays_readable(store: GrymStore) -> None:
    for number in range(4):
        store.write([Entry(PLACE, str(number), {}, "old take" if number % 2 else "")])
    assert [entry.key for entry in store.entries(PLACE, searchable=True)] == ["1", "3"]
    assert [entry.key for entry in store.entries(PLACE, newest=1, searchable=True)] == ["3"]
    assert [entry.key for entry in store.entries(PLACE, keys={"0", "3", "9"})] == ["0", "3"]
    assert store.namespaces(("project",)) == [PLACE]


def test_a_value_with_half_a_surrogate_pair_is_read_back_as_it_was(tmp_path: Path) -> None:
    place = ("project", "demo", "notes")
    with GrymStore(tmp_path) as store:
        store.write([Entry(place, "odd", {"text": "take \udcff"}, "take"), Entry(place, "b", {})])
    with GrymStore(tmp_path) as store:
        held = store.read(place, ["odd", "b"])
        assert held["odd"].value == {"text": "take \udcff"}
        assert held["b"].value == {}


def test_many_entries_are_read_at_once_in_the_order_of_the_question(store: GrymStore) -> None:
    store.write([Entry(PLACE, f"key {number}", {"value": number}) for number in range(1200)])
    asked = [f"key {number}" for number in reversed(range(-3, 1200))]
    assert list(store.read(PLACE, [*asked, *asked[:7]])) == asked[:1200]


def test_an_entry_that_was_read_can_be_written_as_it_is(store: GrymStore) -> None:
    value: dict[str, JsonValue] = {"name": "mix \u00fc", "list": [1, None, {"deep": 0.5}]}
    store.write([Entry(PLACE, "key", value, "text")])
    (read,) = store.read(PLACE, ["key"]).values()
    store.write([replace(read, key="copy")])
    assert store.read(PLACE, ["copy"])["copy"].value == value
    assert value == read.value
    assert (len(read.value), list(read.value)) == (2, ["name", "list"])


def test_what_holds_is_counted_by_label_even_where_labels_begin_alike(store: GrymStore) -> None:
    places = (
        ("mix",),
        ("mix", "a"),
        ("mix", "b"),
        ("mix-2",),
        ("mix-2", "a"),
        ("mi",),
        ("mixes", "x"),
    )
    store.write([Entry(("project", "demo", *one), "key", {}, "text") for one in places])
    store.write([Entry(("project", "demo-2", "mix"), "key", {}, "text")])
    assert store.held(("project", "demo")) == {"mi": 1, "mix": 3, "mix-2": 2, "mixes": 1}
    assert store.held(("project", "none")) == {}
