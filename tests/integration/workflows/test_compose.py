import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from audio.assets import AssetRef
from grym_synth.errors import GrymError
from grym_synth.result import TurnResult
from grym_synth.settings import Settings
from grym_synth.studio import Studio, open_studio
from memory.context import Order

BRIEF = (
    "House called “Short Night” in A minor at 200 bpm: verse 2, chorus 2 bars, "
    "with piano, bass and drums"
)


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    home = tmp_path_factory.mktemp("home")
    settings = Settings(home=home, embedder="lexical", ollama_url="http://127.0.0.1:9")
    with open_studio(settings=settings) as opened:
        yield opened


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("out")


def compose(studio: Studio, out: Path, brief: str, base: AssetRef | None = None) -> TurnResult:
    parameters = {"brief": brief, **({"base": base.id} if base is not None else {})}
    order = Order(workflow="compose", parameters=dict(parameters))
    files = (base,) if base is not None else ()
    return studio.ask(brief, files, project="p", thread="t", order=order, out=out)


@pytest.fixture(scope="module")
def result(studio: Studio, out: Path) -> TurnResult:
    return compose(studio, out, BRIEF)


def folder_of(result: TurnResult) -> Path:
    return min((Path(one.path).parent for one in result.artifacts), key=lambda one: len(one.parts))


def test_a_brief_ends_in_a_folder_of_files_with_all_checks_met(result: TurnResult) -> None:
    folder = folder_of(result)
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))

    assert folder.name == "short-night"
    assert {str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()} == {
        "project.json", "song.mid", "score.musicxml", "song.dawproject", "mix.flac",
        "report.json", "report.md", "stems/piano.wav", "stems/electric-bass.wav",
        "stems/drum-kit.wav",
    }  # fmt: skip
    assert result.tasks[0].status == "done", result.answer
    assert {one["name"] for one in report["checks"]} >= {
        "formats.tempo", "formats.meter", "formats.bars", "formats.markers", "formats.notes",
        "formats.round_trip", "dawproject.valid", "notes.outside_range", "notes.without_length",
        "notes.in_key", "notes.chord_tones", "stems.sum", "stems.length", "mix.tail",
        "same_seed", "change.isolated", "heard.tempo", "heard.key",
    }  # fmt: skip
    assert all(one["method"] for one in report["checks"])
    assert report["status"] == "done"


def test_a_change_leaves_every_other_stem_as_it_was(
    studio: Studio, out: Path, result: TurnResult
) -> None:
    before = folder_of(result)
    base = studio.attach([(before / "project.json", "text")])[0]

    after = folder_of(compose(studio, out, "change only the chorus bass", base))

    def same(name: str) -> bool:
        return (before / name).read_bytes() == (after / name).read_bytes()

    report = json.loads((after / "report.json").read_text(encoding="utf-8"))
    checks = {one["name"]: one["status"] for one in report["checks"]}
    assert same("stems/piano.wav") and same("stems/drum-kit.wav")
    assert not same("stems/electric-bass.wav")
    assert report["revision"] == 2
    assert {checks[f"change.{one}"] for one in ("notes", "stems", "sound")} == {"met"}


@pytest.mark.long
def test_the_same_brief_gives_the_same_files(studio: Studio, out: Path, result: TurnResult) -> None:
    again = folder_of(compose(studio, out, BRIEF))

    first = {one.name: one.read_bytes() for one in folder_of(result).rglob("*.*")}
    second = {one.name: one.read_bytes() for one in again.rglob("*.*")}
    assert first == second


def test_an_instrument_that_is_not_known_fails_with_its_name(studio: Studio, out: Path) -> None:
    try:
        told = compose(studio, out, "techno with kazoo and drums").answer
    except GrymError as fault:
        told = str(fault)

    assert "kazoo" in told
