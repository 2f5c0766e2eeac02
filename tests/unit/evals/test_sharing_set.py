import json
from pathlib import Path

import pytest
from pydantic import JsonValue

from audio.aspects import ASPECTS
from evals.sharing_set import (
    DATASETS,
    AssetEntry,
    Entry,
    FindingEntry,
    SharingSet,
    TurnEntry,
    load,
)
from grym_synth.errors import BadInput
from memory.context import AGENTS

CODE = {"api", "architecture", "performance"}
WHEN: dict[str, JsonValue] = {"turn": 1, "at": "2026-01-12T09:10:00Z"}


@pytest.fixture(scope="module")
def sets() -> list[SharingSet]:
    return load(DATASETS)


def small_set(**changes: JsonValue) -> dict[str, JsonValue]:
    return {
        "form": 1,
        "project": {"name": "small"},
        "entries": [
            {"id": "s1", "kind": "section", "level": "section", "place": "verse", **WHEN},
            {"id": "a1", "kind": "asset", "media": "audio", "name": "mix.wav", **WHEN},
            {"id": "g1", "kind": "goal", "text": "loud", **WHEN},
            {"id": "g2", "kind": "goal", "text": "soft", "supersedes": "g1", **WHEN},
        ],
        "tasks": [
            {
                "id": "t1",
                "agent": "gama",
                "objective": "listen",
                "inputs": ["a1"],
                "necessary": [{"id": "g2", "why": "what is wanted"}],
            }
        ],
        **changes,
    }


def with_entry(**entry: JsonValue) -> dict[str, JsonValue]:
    plain = small_set()
    assert isinstance(plain["entries"], list)
    return {**plain, "entries": [*plain["entries"], {**WHEN, **entry}]}


def with_task(**changes: JsonValue) -> dict[str, JsonValue]:
    plain = small_set()
    assert isinstance(plain["tasks"], list) and isinstance(plain["tasks"][0], dict)
    return {**plain, "tasks": [{**plain["tasks"][0], **changes}]}


def written(folder: Path, content: JsonValue) -> Path:
    file = folder / "set.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def finding(**changes: JsonValue) -> dict[str, JsonValue]:
    return {
        "id": "f1",
        "kind": "finding",
        "subject": {"kind": "asset", "id": "a1"},
        "aspect": "key",
        "value": "F minor",
        "evidence": "measured",
        "source": "gama/measure@1",
        "confidence": 0.9,
        **changes,
    }


def test_a_file_may_hold_one_set_or_a_list_of_them(tmp_path: Path) -> None:
    assert [one.project.name for one in load(written(tmp_path, small_set()))] == ["small"]
    assert len(load(written(tmp_path, [small_set(), small_set()]))) == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (with_entry(**finding(confidence=7)), "entries[4] (id f1): confidence: Input should be"),
        (with_entry(id="x", kind="idea", text="no"), "entries[4] (id x): Input tag 'idea'"),
        (with_entry(id="g9", kind="goal", txt="x"), "entries[4] (id g9): text: Field required"),
        (with_entry(id="g1", kind="goal", text="x"), "two entry ids are g1"),
        (with_entry(**finding(subject={"kind": "asset", "id": "a7"})), "subject 'a7' is no asset"),
        (with_entry(id="g9", kind="goal", text="x", at="2026-01-12 09:10"), "give a UTC time"),
        (
            with_entry(id="g9", kind="goal", text="x", turn=2, at="2026-01-11T09:10:00Z"),
            "turn 2 is before turn 1",
        ),
        (
            with_entry(id="g9", kind="goal", text="x", level="section", place="vers"),
            "no section entry has the place 'vers'",
        ),
        (with_entry(id="g9", kind="goal", text="x", place="verse"), "is empty at project level"),
        (with_entry(id="c", kind="goal", text="x", supersedes="g0"), "'g0', which is no entry"),
        (with_task(agent="gemma"), "tasks[0] (id t1): agent: Input should be"),
        (with_task(necessary=[]), "tasks[0] (id t1): necessary: Tuple should have at least"),
        (with_task(inputs=["g2"]), "task t1: its input 'g2' is no asset entry"),
        (with_task(section="chorus"), "task t1: no section entry has the place 'chorus'"),
        (with_task(necessary=[{"id": "g1", "why": ""}]), "g1, which a later entry supersedes"),
        (with_task(necessary=[{"id": "g7", "why": ""}]), "it needs 'g7', which is no entry"),
        ([small_set(), small_set(form=2)], "set 1: form: Input should be 1"),
        ("a text", "the top: Input should be"),
    ],
)
def test_a_wrong_set_is_refused_with_its_place_and_fault(
    tmp_path: Path, content: JsonValue, said: str
) -> None:
    with pytest.raises(BadInput) as refused:
        load(written(tmp_path, content))
    assert said in refused.value.happened
    assert "set.json" in refused.value.tried


def test_broken_json_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "set.json"
    file.write_text('{"form": 1,\n "project" 2}')
    with pytest.raises(BadInput, match="line 2, column 12"):
        load(file)


def test_a_missing_file_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="No such file"):
        load(tmp_path / "none.json")
    with pytest.raises(BadInput, match=r"holds no \.json file"):
        load(tmp_path)


def test_the_committed_projects_are_as_large_as_real_ones(sets: list[SharingSet]) -> None:
    assert len(sets) == 3
    for one in sets:
        turns = [entry for entry in one.entries if isinstance(entry, TurnEntry)]
        assert len(one.entries) >= 350
        assert len(turns) >= 30
        assert len({entry.thread for entry in turns}) >= 4
        assert sum(len(_words(entry)) for entry in one.entries) / 3.5 >= 15_000


def test_every_specialist_has_tasks_in_every_project(sets: list[SharingSet]) -> None:
    for agent in AGENTS:
        counts = [sum(task.agent == agent for task in one.tasks) for one in sets]
        assert min(counts) >= 8 and sum(counts) >= 24


def test_no_label_is_what_its_agent_never_sees(sets: list[SharingSet]) -> None:
    for one in sets:
        known = {entry.id: entry for entry in one.entries}
        for task in one.tasks:
            unseen = [need.id for need in task.necessary if _never(task.agent, known[need.id])]
            assert not unseen, (one.project.name, task.id, unseen)


def test_inputs_are_handed_over_and_not_labelled(sets: list[SharingSet]) -> None:
    for one in sets:
        for task in one.tasks:
            assert not {need.id for need in task.necessary} & set(task.inputs), task.id


def test_controlled_aspects_carry_their_unit(sets: list[SharingSet]) -> None:
    for one in sets:
        for entry in one.entries:
            if isinstance(entry, FindingEntry) and entry.aspect in ASPECTS:
                assert entry.unit == ASPECTS[entry.aspect].unit, entry.id


def _never(agent: str, entry: Entry) -> bool:
    if isinstance(entry, TurnEntry):
        return True
    picture = isinstance(entry, AssetEntry) and entry.media == "image"
    if agent == "coder":
        perceived = isinstance(entry, FindingEntry) and entry.evidence in ("heard", "seen")
        return picture or perceived
    if agent == "gama":
        return picture or entry.kind in CODE or entry.kind == "design"
    return entry.kind in CODE


def _words(entry: Entry) -> str:
    said = entry.model_dump(exclude={"id", "level", "turn", "at", "supersedes", "comment"})
    return " ".join(str(value) for value in said.values() if value not in ("", None, (), {}))
