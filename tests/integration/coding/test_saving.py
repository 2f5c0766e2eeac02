from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import JsonValue

from agents.coding.approval import Decision
from grym_synth.result import TurnResult
from grym_synth.studio import Studio
from tests.integration.coding.deciding import NO, YES, ask_about
from tests.integration.coding.programs import REQUEST, handed_over
from tests.integration.coding.test_approval import opened, status


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where the user wants the result: outside of the output folder."""
    folder = tmp_path / "my music"
    folder.mkdir()
    return folder / "ring.wav"


@pytest.fixture
def studio(home: Path, place: Path) -> Iterator[Studio]:
    with opened(home, saving(place)) as one:
        yield one


def saving(place: Path) -> dict[str, JsonValue]:
    """A program whose result goes to a place."""
    save: JsonValue = [{"file": "clip-ring.wav", "path": str(place)}]
    return {"answer": handed_over(save_as=save), "times": 0}


def ask(
    studio: Studio, clip: Path, place: Path, says: Decision = YES
) -> tuple[TurnResult, list[str]]:
    """The turn, and which actions needed a yes."""
    return ask_about(studio, clip, f"{REQUEST}, and save it as {place}", says)


def test_a_result_goes_where_the_request_says_after_a_yes(
    studio: Studio, clip: Path, place: Path
) -> None:
    result, asked = ask(studio, clip, place)

    assert asked == ["run_code", "write_outside"]
    assert status(result) == "done"
    assert place.read_bytes()[:4] == b"RIFF"
    assert f"clip-ring.wav is saved as {place}" in result.answer


def test_a_file_is_only_overwritten_after_a_yes(studio: Studio, clip: Path, place: Path) -> None:
    place.write_text("a mix of months")
    result, asked = ask(studio, clip, place, NO)

    assert asked == ["run_code", "write_outside", "overwrite"]
    assert place.read_text() == "a mix of months"
    assert status(result) == "skipped"


def test_a_link_is_replaced_and_what_it_leads_to_stays(
    studio: Studio, clip: Path, place: Path, tmp_path: Path
) -> None:
    precious = tmp_path / "precious.wav"
    precious.write_text("mine")
    place.symlink_to(precious)
    _, asked = ask(studio, clip, place)

    assert "overwrite" in asked
    assert precious.read_text() == "mine"
    assert not place.is_symlink()


@pytest.mark.parametrize("named", ["/tmp/other.wav", "{home}/.bashrc", "{home}/run.sh"])
def test_a_model_can_not_name_a_place_of_its_own(home: Path, clip: Path, named: str) -> None:
    target = Path(named.format(home=home))
    in_request = home / "x.wav" if "other" in named else target
    with opened(home, saving(target)) as studio:
        result, asked = ask(studio, clip, in_request)

    assert asked == []
    assert status(result) == "not_met"
    assert "save_as: " in result.answer
    assert not target.exists()


def test_a_place_that_the_model_forgets_is_written_after_a_yes(
    home: Path, clip: Path, place: Path
) -> None:
    with opened(home, {"answer": handed_over(), "times": 0}) as studio:
        result, asked = ask(studio, clip, place)

    assert asked == ["run_code", "write_outside"]
    assert place.read_bytes()[:4] == b"RIFF"
    assert f"clip-ring.wav is saved as {place}" in result.answer


def test_a_place_whose_kind_of_file_does_not_come_out_is_told(
    home: Path, clip: Path, place: Path
) -> None:
    score = place.with_suffix(".mid")
    with opened(home, {"answer": handed_over(), "times": 0}) as studio:
        result, _ = ask(studio, clip, score)

    assert not score.exists()
    assert f"{score} was not written: the program left no single file of its kind" in result.answer
