import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile
from langchain_core.messages import HumanMessage

from graph.state import Context
from grym_synth.settings import Settings
from grym_synth.studio import Studio, open_studio
from nodes.attachments import reference_block
from tests.integration.coding.deciding import NO, ask_about
from tests.integration.command import Grym

QUIETER = "Normalise this to -30 LUFS"


@pytest.fixture
def studio(home: Path) -> Iterator[Studio]:
    settings = Settings(home=home, out=home / "out", models="instruments", embedder="lexical")
    with open_studio(settings=settings) as one:
        yield one


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the user wants results: outside of the output folder."""
    made = tmp_path / "my music"
    made.mkdir()
    return made


def test_what_recipes_make_goes_where_the_request_says_in_the_format_of_its_name(
    studio: Studio, clip: Path, folder: Path
) -> None:
    place = folder / "quiet.flac"
    result, asked = ask_about(studio, clip, f"{QUIETER} and save it as {place}")

    assert asked == ["write_outside"]
    assert soundfile.info(place).format == "FLAC"
    assert f"clip-normalised.flac is saved as {place}" in result.answer
    assert [task.status for task in result.tasks] == ["done"]


def test_what_is_refused_is_made_and_not_put_there(
    studio: Studio, clip: Path, folder: Path
) -> None:
    place = folder / "quiet.wav"
    result, _ = ask_about(studio, clip, f"{QUIETER} and save it as {place}", NO)

    assert not place.exists()
    assert f"{place} was not written: not approved" in result.answer
    assert "clip-normalised.wav" in {Path(one.path).name for one in result.artifacts}


def test_what_lies_there_is_only_replaced_after_a_yes(
    studio: Studio, clip: Path, folder: Path
) -> None:
    place = folder / "quiet.wav"
    place.write_text("a mix of months")
    request = f"{QUIETER} and save it as {place}"
    _, asked = ask_about(studio, clip, request, NO)
    assert (asked, place.read_text()) == (["write_outside", "overwrite"], "a mix of months")

    ask_about(studio, clip, request)
    assert place.read_bytes()[:4] == b"RIFF"


def test_a_name_alone_is_one_in_the_output_folder_and_needs_no_yes(
    studio: Studio, clip: Path, home: Path
) -> None:
    result, asked = ask_about(studio, clip, f"{QUIETER} and save it as quiet.wav")

    assert asked == []
    assert (home / "out" / "quiet.wav").read_bytes()[:4] == b"RIFF"
    assert "was not written" not in result.answer


def test_a_picture_goes_where_the_request_says(studio: Studio, clip: Path, folder: Path) -> None:
    place = folder / "clip.png"
    _, asked = ask_about(studio, clip, f"Show me its spectrogram and save it as {place}")

    assert asked == ["write_outside"]
    assert place.read_bytes()[:4] == b"\x89PNG"


def test_a_result_that_misses_what_was_wanted_is_not_put_there(
    studio: Studio, clip: Path, folder: Path
) -> None:
    place = folder / "loud.wav"
    request = f"Master this to -5 LUFS with a true peak of at most -12 dBTP, save it as {place}"
    result, asked = ask_about(studio, clip, request)

    assert [task.status for task in result.tasks] == ["not_met"]
    assert (asked, place.exists()) == ([], False)
    assert f"{place} was not written" in result.answer


@pytest.mark.parametrize("name", [".hidden/quiet.wav", "quiet.sh"])
def test_no_result_goes_to_a_hidden_place_or_under_the_name_of_a_program(
    studio: Studio, clip: Path, folder: Path, name: str
) -> None:
    result, asked = ask_about(studio, clip, f"{QUIETER} and save it as {folder / name}")

    assert (asked, list(folder.iterdir())) == ([], [])
    assert f"{folder / name} was not written" in result.answer


def test_a_command_that_can_ask_nobody_waits_and_goes_on_with_what_was_made(
    grym: Grym, clip: Path, folder: Path, tmp_path: Path
) -> None:
    place, out = folder / "quiet.wav", tmp_path / "results"
    request = f"{QUIETER} and save it as {place}"
    waits = grym("ask", request, "--audio", str(clip), "--out", str(out), "--json")
    assert waits.returncode == 3
    (question,) = json.loads(waits.stdout)["asks"]
    assert "May clip-normalised.wav of clip-normalised.py" in question["question"]
    assert not place.exists()

    done = grym("ask", "--resume", "--yes", "--out", str(out), "--json")
    assert done.returncode == 0
    assert place.read_bytes() == (out / "clip-normalised.wav").read_bytes()


def test_a_run_that_may_ask_nobody_leaves_out_what_needs_a_yes(
    studio: Studio, clip: Path, folder: Path
) -> None:
    place = folder / "quiet.wav"
    (ref,) = studio.attach([(clip, "audio")])
    message = HumanMessage(
        [{"type": "text", "text": f"{QUIETER}, save it as {place}"}, reference_block(ref)]
    )
    config = studio.config("default", "main")
    state = studio.graph.run(
        {"messages": [message]}, config, Context(approval="never"), lambda event: None
    )

    assert not studio.graph.approvals(config)
    assert not place.exists()
    assert f"{place} was not written: not approved" in str(state["messages"][-1].content)
