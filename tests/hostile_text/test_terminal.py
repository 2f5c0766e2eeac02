import re
from pathlib import Path

import pytest
import soundfile

from tests.hostile_text.carriers import RATE, chord
from tests.hostile_text.payloads import payload
from tests.integration.command import command

STEERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
NAME = "\x1b[2J\x9b31m\u202e[bold][nothing].wav"
WORDS = payload("terminal", 9) + payload("turned", 9) + payload("markup", 9)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sounds").mkdir()
    soundfile.write(tmp_path / "sounds" / NAME, chord(), RATE, format="WAV")
    return tmp_path / "sounds"


@pytest.mark.parametrize(
    "said",
    [
        ["ask", "Make it 3 dB louder", "--audio", "{file}"],
        ["ask", "What key is it in?", "--audio", "{file}"],
        ["ask", f"Note that {WORDS}"],
        ["ask", "louder", "--audio", f"nowhere{WORDS}.wav"],
        ["plan", "Make it 3 dB louder", "--audio", "{file}"],
        ["measure", "{file}"],
        ["project", "note", "default", WORDS],
        ["project", "show", "default"],
        ["project", "history", "default"],
        ["project", "search", "default", WORDS],
        ["project", "open", WORDS],
        ["library", "index", "{folder}"],
        ["library", "list"],
        ["library", "list", "--files"],
        ["library", "search", WORDS],
        ["library", "show", "{file}"],
        ["library", "forget", WORDS],
        ["assets"],
        ["assets", "list"],
        ["open", WORDS],
        ["glossary", WORDS],
        ["master", f"nowhere{WORDS}.wav"],
        ["unpack", f"nowhere{WORDS}.wav"],
        ["build", WORDS],
    ],
    ids=lambda said: " ".join(one for one in said[:2] if one.isprintable()),
)
def test_no_word_of_a_file_or_a_memory_steers_the_terminal(
    folder: Path, home: Path, capsys: pytest.CaptureFixture[str], said: list[str]
) -> None:
    grym = command(capsys)
    grym("ask", f"Note that {WORDS}", "--home", home, "--profile", "instruments")
    grym("library", "index", folder, "--home", home)
    places = {"{file}": str(folder / NAME), "{folder}": str(folder)}
    place = () if said[0] == "measure" else ("--home", home)
    ended = grym(*(places.get(one, one) for one in said), *place)

    assert not STEERS.findall(ended.stdout + ended.stderr)
    assert "Traceback" not in ended.stderr
