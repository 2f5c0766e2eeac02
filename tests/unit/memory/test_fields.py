"""Entries are found by their flat fields, however they were written, changed and removed."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import JsonValue

from memory.storage.entries import Address, Entry, Filter, Namespace
from memory.storage.matching import matches
from memory.store import GrymStore

PLACES: tuple[Namespace, ...] = (
    ("project", "demo", "findings", "a"),
    ("project", "demo", "findings", "b"),
    ("project", "demo", "notes"),
    ("project", "demo plus", "notes"),
)

FILTERS: tuple[Filter, ...] = (
    {},
    {"evidence": "heard"},
    {"evidence": {"$in": ["heard", "seen"]}, "until": "9999"},
    {"thread": "main", "turn": {"$gte": 3}},
    {"turn": 4},
    {"at": {"$gte": "2026-03", "$lt": "2026-07"}},
    {"at": {"$lte": "2026-05"}, "until": {"$gt": "2026-05"}},
    {"middle": None},
    {"middle": {"$ne": None}, "aspect": "key"},
    {"middle": {"$gte": 2.0, "$lt": 6.0}},
    {"aspect": "key", "status": "open"},
    {"mood": "dark"},
    {"mood": "dark", "evidence": "heard"},
)


def value(chance: random.Random) -> dict[str, JsonValue]:
    held: dict[str, JsonValue] = {
        "kind": chance.choice(["finding", "note"]),
        "evidence": chance.choice(["heard", "seen", "measured"]),
        "thread": chance.choice(["main", "other"]),
        "turn": chance.randrange(6),
        "at": f"2026-{chance.randrange(1, 10):02d}-01",
        "until": chance.choice(["9999", "2026-08-01"]),
        "mood": chance.choice(["dark", "bright"]),
    }
    if chance.random() < 0.5:
        held |= {"aspect": chance.choice(["key", "tempo.bpm"]), "middle": chance.randrange(16) / 2}
    if chance.random() < 0.3:
        held["status"] = chance.choice(["open", "settled"])
    return held


def live(store: GrymStore) -> dict[Address, Entry]:
    """Many entries, of which some are written again with other fields and some deleted."""
    chance = random.Random(7)
    held: dict[Address, Entry] = {}
    for number in range(120):
        entry = Entry(chance.choice(PLACES), f"k{number % 80}", value(chance), f"text {number}")
        store.write([entry])
        held[entry.address] = entry
    gone = chance.sample([*held], 15)
    store.write((), gone)
    return {address: entry for address, entry in held.items() if address not in gone}


@pytest.mark.parametrize("where", FILTERS)
def test_what_fields_select_is_what_the_values_say(store: GrymStore, where: Filter) -> None:
    held = live(store)
    for prefixes in ([("project", "demo")], [*PLACES[:2]], [PLACES[0]], [PLACES[3], PLACES[2]]):
        wanted = {
            address
            for address, entry in held.items()
            if matches(entry.value, where)
            and any(address.namespace[: len(prefix)] == prefix for prefix in prefixes)
        }
        found = store.select(prefixes, where)
        assert {one.entry.address for one in found} == wanted
        assert store.count_fitting(prefixes, where) == len(wanted)
        numbers = [one.number for one in found]
        assert numbers == sorted(numbers, reverse=True)
        page = store.select(prefixes, where, limit=3, skip=2)
        assert [one.number for one in page] == numbers[2:5]


@pytest.mark.parametrize("where", FILTERS)
def test_a_search_within_fields_finds_all_that_have_them(store: GrymStore, where: Filter) -> None:
    held = live(store)
    inside = [address for address, one in held.items() if address.namespace[1] == "demo"]
    wanted = {address for address in inside if matches(held[address].value, where)}
    found = store.find(("project", "demo"), "text", 200, where)
    assert {one.entry.address for one in found} == wanted


def test_an_older_file_without_the_narrow_table_answers_all_the_same(tmp_path: Path) -> None:
    with GrymStore(tmp_path) as store:
        held = live(store)
    with closing(sqlite3.connect(tmp_path / "memory.sqlite")) as connection:
        for name in ("added", "removed", "changed"):
            connection.execute(f"DROP TRIGGER fields_{name}")
        connection.execute("DROP TABLE fields")
        connection.commit()
    where: Filter = {"evidence": "heard", "until": "9999"}
    wanted = {address for address, entry in held.items() if matches(entry.value, where)}
    with GrymStore.read_only(tmp_path) as store:
        assert {one.entry.address for one in store.select([("project",)], where)} == wanted
    with GrymStore(tmp_path) as store:
        assert {one.entry.address for one in store.select([("project",)], where)} == wanted
        store.write((), wanted)
        assert store.select([("project",)], where) == []
