"""The tree of a project's places: where entries live, and that its counts stay true."""

import sqlite3
from pathlib import Path

import pytest
from pydantic import JsonValue

from audio.assets import AssetRef
from memory.context import Finding, Note, Place, ProjectSetting, Subject
from memory.hierarchy.hierarchy import Branch
from memory.repository import Repository
from memory.store import GrymStore

MIX = AssetRef(id="aa" * 32, kind="audio", name="mix.wav", suffix="wav", size_bytes=9, seconds=90.0)
VOCAL = MIX.model_copy(update={"id": "bb" * 32, "name": "vocal.wav"})
CHORUS = Place(level="section", name="Chorus")
LEAD = Place(level="element", name="lead vocal")


@pytest.fixture
def memory(store: GrymStore) -> Repository:
    repository = Repository(store)
    repository.ensure_project("demo")
    repository.add_assets("demo", [MIX, VOCAL])
    for field, value in (
        ("section", "Chorus: 0:30-0:50"),
        ("section", "bridge: bars 9-16"),
        ("element", "lead vocal: vocal.wav, in the chorus"),
    ):
        repository.set("demo", ProjectSetting.model_validate({"field": field, "value": value}))
    return repository


def found(
    aspect: str, value: JsonValue, asset: AssetRef = MIX, start: float | None = None
) -> Finding:
    end = None if start is None else start + 4
    return Finding.make(
        Subject(kind="asset", id=asset.id, start=start, end=end),
        aspect,
        value,
        unit="",
        evidence="measured",
        source="gama/bench@1",
        method="",
        confidence=0.9,
    )


def branch(memory: Repository, place: Place) -> Branch:
    held = memory.hierarchy("demo").branch(place)
    assert held is not None
    return held


def counts(memory: Repository, place: Place) -> dict[str, int]:
    return {scope.label: scope.count for scope in branch(memory, place).scopes}


def test_an_element_lives_in_its_section_with_what_is_known_of_its_file(
    memory: Repository,
) -> None:
    memory.add_findings("demo", [found("key", "F minor", VOCAL), found("key", "F minor")])
    memory.add_notes("demo", [Note.make("requirement", "no reverb", LEAD)])
    assert [child.place for child in branch(memory, CHORUS).children] == [LEAD]
    assert counts(memory, LEAD) == {"notes": 1, "findings": 1}
    tree = memory.hierarchy("demo")
    records = tree.records(branch(memory, LEAD).scopes, 0, 9)
    assert [record.kind for record in records] == ["requirement", "finding"]


def test_a_stretch_counts_for_the_section_that_its_middle_lies_in(memory: Repository) -> None:
    at = (20.0, 28.5, 30.0, 46.0, 48.5)
    memory.add_findings("demo", [found("loudness.range_lu", t, start=t) for t in at])
    assert counts(memory, CHORUS)["regions"] == 3
    memory.add_findings("demo", [found("tempo.bpm", 120.0), found("meter", "4/4")])
    assert counts(memory, Place(level="section", name="bridge"))["regions"] == 2


def test_a_place_that_only_entries_speak_of_is_in_the_tree(memory: Repository) -> None:
    memory.add_notes("demo", [Note.make("note", "too long", Place(level="section", name="Outro"))])
    assert counts(memory, Place(level="section", name="outro")) == {"notes": 1}


def test_pages_of_a_place_hold_every_entry_once(memory: Repository) -> None:
    memory.add_findings("demo", [found(f"x.{n}", n, VOCAL) for n in range(23)])
    memory.add_notes("demo", [Note.make("note", f"note {n}", LEAD) for n in range(9)])
    tree = memory.hierarchy("demo")
    scopes = branch(memory, LEAD).scopes
    ids = [one.id for skip in range(0, 40, 5) for one in tree.records(scopes, skip, 5)]
    assert len(ids) == len(set(ids)) == branch(memory, LEAD).count == 32


def test_counts_follow_replaced_and_forgotten_entries(memory: Repository) -> None:
    memory.add_findings("demo", [found("key", "F minor", VOCAL)])
    newer = found("key", "C major", VOCAL).model_copy(
        update={"source": "gama/bench@2", "id": "f-2"}
    )
    memory.add_findings("demo", [newer])
    assert counts(memory, LEAD) == {"findings": 1}
    memory.forget_asset("demo", VOCAL.id)
    assert memory.hierarchy("demo").held("findings") == 0


def test_an_older_file_without_counts_gets_them_when_it_is_opened(tmp_path: Path) -> None:
    with GrymStore(tmp_path) as store:
        memory = Repository(store)
        memory.ensure_project("demo")
        memory.add_notes("demo", [Note.make("note", "keep it dry", LEAD)])
        with store._truth.transaction("write") as connection:
            assert isinstance(connection, sqlite3.Connection)
            for name in ("added", "removed", "ended", "restated"):
                connection.execute(f"DROP TRIGGER tally_{name}")
            connection.execute("DROP TABLE tallies")
    with GrymStore(tmp_path) as store:
        memory = Repository(store)
        assert counts(memory, LEAD) == {"notes": 1}
        memory.add_notes("demo", [Note.make("note", "and wide", LEAD)])
        assert counts(memory, LEAD) == {"notes": 2}
