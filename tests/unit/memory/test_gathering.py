import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from audio.assets import AssetRef
from memory.context import Conflict, Finding, Note, Place, ProjectSetting, Subject, Task
from memory.glossary.glossary import Glossary
from memory.packing.file_names import lineage, says
from memory.packing.gathering import gather
from memory.repository import Repository
from memory.shelf.shelf import Shelf
from memory.store import GrymStore

SONG = "song"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GrymStore]:
    with GrymStore(tmp_path) as opened:
        yield opened


@pytest.fixture
def repository(store: GrymStore) -> Repository:
    made = Repository(store)
    made.ensure_project(SONG)
    return made


def sound(number: int, name: str) -> AssetRef:
    return AssetRef(
        id=f"{number:064x}", kind="audio", name=name, suffix="wav", size_bytes=9,
        seconds=180.0, sample_rate_hz=48_000, channels=2,
    )  # fmt: skip


def picture(number: int, name: str) -> AssetRef:
    return AssetRef(id=f"{number:064x}", kind="image", name=name, suffix="png", size_bytes=9)


def fact(asset: AssetRef, aspect: str, value: float | str) -> Finding:
    return Finding.make(
        Subject(kind="asset", id=asset.id),
        aspect,
        value,
        unit="",
        evidence="measured",
        source="gama/test@1",
        method="",
        confidence=1,
    )


def task(objective: str, *inputs: AssetRef) -> Task:
    return Task(id="t", agent="gama", objective=objective, inputs=tuple(one.id for one in inputs))


def gathered(store: GrymStore, wanted: Task) -> set[str]:
    (known,) = gather(Shelf(store, SONG), [wanted], Glossary.load())
    return set(known.records)


def test_what_is_known_of_the_files_their_versions_and_their_pictures_is_gathered(
    store: GrymStore, repository: Repository
) -> None:
    new, old, other = sound(1, "mix_v2.wav"), sound(2, "mix_v1.wav"), sound(3, "dog.wav")
    shown = picture(4, "mix_v2-spectrogram.png")
    facts = [fact(one, "key", "F minor") for one in (new, old, other)]
    relation = fact(shown, "picture.shows", new.id)
    repository.add_assets(SONG, (new, old, other, shown))
    repository.add_findings(SONG, (*facts, relation))
    known = gathered(store, task("Measure the loudness", new))
    assert {facts[0].id, facts[1].id, relation.id, new.id, old.id, shown.id} <= known


def test_what_binds_all_work_is_gathered_whatever_the_task_says(
    store: GrymStore, repository: Repository
) -> None:
    mix = sound(1, "mix.wav")
    note = Note.make("requirement", "48 kHz WAV", Place(level="element", name="drums"))
    sides = fact(mix, "key", "F minor"), fact(mix, "tempo.bpm", 74.0)
    conflict = Conflict(
        aspect="key", findings=(sides[0].id,), kept=None, rule="none", why="odd", status="open"
    )
    repository.add_assets(SONG, (mix,))
    repository.add_findings(SONG, sides)
    repository.add_conflicts(SONG, (conflict,))
    repository.add_notes(SONG, (note,))
    repository.set(SONG, ProjectSetting(field="style", value="warm and dark"))
    (gathered,) = gather(Shelf(store, SONG), [task("xyzzy", mix)], Glossary.load())
    known = gathered.records.values()
    assert {"style", "requirement", "finding", "conflict", "asset"} <= {one.kind for one in known}


def test_what_was_given_up_is_never_gathered(store: GrymStore, repository: Repository) -> None:
    mix = sound(1, "mix.wav")
    old, new = fact(mix, "tempo.bpm", 74.0), fact(mix, "tempo.bpm", 75.0)
    repository.add_assets(SONG, (mix,))
    repository.add_findings(SONG, (old,))
    repository.add_findings(SONG, (new,))
    known = gathered(store, task("What is the tempo of mix.wav?", mix))
    assert new.id in known and old.id not in known


def test_a_large_project_is_not_read_as_a_whole_and_the_rest_is_counted(
    store: GrymStore, repository: Repository
) -> None:
    sounds = [sound(n, f"take-{chr(97 + n % 26)}{chr(97 + n // 26)}.wav") for n in range(200)]
    repository.add_assets(SONG, sounds)
    aspects = ("key", "meter", "tempo.bpm", "stereo.width", "hum.hz", "dc_offset")
    for one in sounds:
        repository.add_findings(SONG, [fact(one, aspect, 1.5) for aspect in aspects])
    wanted = task("Measure the loudness", sounds[7])
    began = time.perf_counter()
    (known,) = gather(Shelf(store, SONG), [wanted], Glossary.load())
    assert time.perf_counter() - began < 2
    own = [one for one in known.findings().values() if one.subject.id == sounds[7].id]
    assert len(own) == len(aspects)
    assert len(known.records) < 700
    assert sum(known.passed.values()) == 1400 - len(known.records)
    assert known.tokens > 1400 * 10


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mix_v2.wav", "mix_v3.wav"),
        ("Vocal take 3.wav", "vocal take 12.aif"),
        ("a-2b.wav", "a.wav"),
    ],
)
def test_versions_of_a_file_are_known_by_their_names(one: str, other: str) -> None:
    assert lineage(one) == lineage(other) != ""


def test_different_files_are_no_versions_of_each_other() -> None:
    assert lineage("mix.wav") != lineage("master.wav")


@pytest.mark.parametrize("text", ["the mix_v3 is", "Mix v3?", "mix-v3"])
def test_a_name_is_known_however_its_parts_are_joined(text: str) -> None:
    assert says(text, "mix_v3") and not says(text, "mix_v") and not says("remix_v3", "mix_v3")


def test_tasks_that_are_gathered_together_know_what_each_knows_alone(
    store: GrymStore, repository: Repository
) -> None:
    mix, dog = sound(1, "mix.wav"), sound(2, "dog.wav")
    repository.add_assets(SONG, [mix, dog])
    repository.add_findings(SONG, [fact(mix, "key", "F minor"), fact(dog, "key", "C major")])
    repository.set(SONG, ProjectSetting(field="constraint", value="the dog barks last"))
    tasks = [task("Measure the key", mix), task("How loud is the dog?", dog)]

    together = gather(Shelf(store, SONG), tasks, Glossary.load())

    assert together == [gather(Shelf(store, SONG), [one], Glossary.load())[0] for one in tasks]
