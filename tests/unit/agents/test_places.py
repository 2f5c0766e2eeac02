"""Requests that name a section or element of the project."""

from collections.abc import Iterator

import pytest

from agents.supervisor import Supervisor
from audio.assets import AssetRef
from memory.context import Finding, Plan, ProjectSetting, Subject, TurnRecord
from memory.repository import Repository
from memory.store import GrymStore


def asset(letter: str, name: str) -> AssetRef:
    return AssetRef(
        id=letter * 64, kind="audio", name=name, suffix="wav", size_bytes=9, seconds=90.0
    )


VOX, MIX = asset("a", "vox_take7.wav"), asset("b", "full.wav")


@pytest.fixture
def memory() -> Iterator[Repository]:
    with GrymStore() as store:
        repository = Repository(store)
        repository.ensure_project("demo")
        repository.add_assets("demo", [VOX, MIX])
        for field, value in (
            ("section", "chorus: 0:30-0:50"),
            ("section", "middle eight: bars 9-16"),
            ("element", "lead vocal: vox_take7.wav, in the chorus"),
        ):
            repository.set("demo", ProjectSetting.model_validate({"field": field, "value": value}))
        tempo = Finding.make(
            Subject(kind="asset", id=MIX.id),
            "tempo.bpm",
            120.0,
            unit="BPM",
            evidence="measured",
            source="gama/tempo@1",
            method="",
            confidence=1.0,
        )
        repository.add_findings("demo", [tempo])
        turn = TurnRecord(
            thread="main", turn=1, when="2026-01-01", request="", answer="", attached=(MIX.id,)
        )
        repository.add_turn("demo", turn)
        yield repository


def plan(memory: Repository, request: str, *attached: str) -> Plan:
    return Supervisor().plan(memory.context("demo", "main", 2, request, attached))


@pytest.mark.parametrize(
    "request_", ["is the lead vocal harsh?", "Make the Lead-Vocal 3 dB louder", "LEAD VOCAL: key?"]
)
def test_an_element_stands_for_its_file(memory: Repository, request_: str) -> None:
    made = plan(memory, request_)
    assert {task.inputs for task in made.tasks} == {(VOX.id,)}
    assert {place.name for task in made.tasks for place in task.places} == {"lead vocal"}


def test_a_file_that_comes_with_the_request_goes_before_the_elements(memory: Repository) -> None:
    newer = asset("c", "new take.wav")
    memory.add_assets("demo", [newer])
    made = plan(memory, "is this lead vocal harsh?", newer.id)
    assert {task.inputs for task in made.tasks} == {(newer.id,)}


@pytest.mark.parametrize(
    ("request_", "start", "end"),
    [("trim it to the chorus", 30.0, 50.0), ("trim it to the middle eight", 16.0, 32.0)],
)
def test_a_section_stands_for_its_time(
    memory: Repository, request_: str, start: float, end: float
) -> None:
    made = plan(memory, request_)
    (cut,) = [one for task in made.tasks for one in task.operations if one.name == "trim"]
    assert cut.parameters == {"start_seconds": start, "end_seconds": end}


def test_a_change_of_a_section_says_that_it_is_of_the_whole_file(memory: Repository) -> None:
    made = plan(memory, "make the chorus louder")
    assert made.notes == ("The whole file is changed, not chorus alone.",)
    assert [place.name for place in made.tasks[0].places] == ["chorus"]


def test_a_file_name_that_holds_a_section_is_only_a_file(memory: Repository) -> None:
    memory.add_assets("demo", [asset("d", "chorus.wav")])
    made = plan(memory, "how loud is chorus.wav?")
    assert made.tasks[0].inputs == ("d" * 64,) and made.tasks[0].places == ()
