"""A conversation in a real terminal."""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pexpect
import pytest
import soundfile

_CODES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


class Terminal:
    """``grym chat`` in a terminal of 80 columns."""

    def __init__(self, home: Path, *, color: bool = True) -> None:
        told = {"GRYM_HOME": str(home), "GRYM_MODELS": "instruments", "GRYM_EMBEDDER": "lexical"}
        plain = {} if color else {"NO_COLOR": "1"}
        self.child = pexpect.spawn(
            str(Path(sys.executable).with_name("grym")),
            ["chat", "--out", str(home / "out")],
            env={**os.environ, **told, **plain, "TERM": "xterm"},
            encoding="utf-8",
            dimensions=(40, 80),
            timeout=60,
        )
        self.child.expect("default> ")

    def say(self, line: str, until: str = "> ") -> str:
        """Type a line and return what is shown until the next prompt, without control codes."""
        self.child.sendline(line)
        self.child.expect_exact(line[-20:])
        self.child.expect(until)
        return _CODES.sub("", str(self.child.before))


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    opened = Terminal(tmp_path / "home")
    yield opened
    opened.child.close(force=True)


def test_files_are_attached_models_shown_and_the_last_turn_taken_back(
    terminal: Terminal, tone: Path
) -> None:
    assert "attached tone.wav" in terminal.say(f"/attach '{tone}'")
    assert "supervisor: instruments" in terminal.say("/models")
    assert "style: dark" in terminal.say("The style is dark")
    assert "no longer project style: dark" in terminal.say("/undo")
    assert "style" not in terminal.say("/project")
    assert "is no command" in terminal.say("/bogus")


def test_ctrl_c_stops_the_turn_and_the_conversation_goes_on(
    terminal: Terminal, tmp_path: Path
) -> None:
    long = tmp_path / "long.wav"
    noise = np.random.default_rng(1).standard_normal((44100 * 120, 2)).astype(np.float32)
    soundfile.write(long, 0.1 * noise, 44100)
    terminal.say(f"/attach {long}")
    terminal.child.sendline("Master it to -14 LUFS")
    terminal.child.expect("Apply master")
    terminal.child.sendintr()
    terminal.child.expect("cancelled; go on with /resume")
    assert "other models" not in terminal.say("/project")
    assert "-14 LUFS" in terminal.say("/resume")


def test_what_was_typed_is_called_back_in_the_next_session_and_is_private(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.say("The style is dark")
    terminal.child.sendline("/quit")
    terminal.child.expect(pexpect.EOF)
    assert (tmp_path / "home" / "typed").stat().st_mode & 0o077 == 0
    again = Terminal(tmp_path / "home")
    again.child.send("\x1b[A\x1b[A")  # the key with the arrow up, twice
    again.child.expect_exact("The style is dark")
    again.child.close(force=True)


def test_without_color_the_plan_and_the_answer_stay_within_80_columns(
    tmp_path: Path, tone: Path
) -> None:
    terminal = Terminal(tmp_path / "home", color=False)
    terminal.say(f"/attach {tone}")
    shown = terminal.say("Measure it and show me its spectrogram and its waveform")
    terminal.child.close(force=True)
    assert "\x1b[3" not in str(terminal.child.before)
    lines = [line.rpartition("\r")[2] for line in shown.replace("\r\n", "\n").split("\n")]
    assert max(len(line) for line in lines if str(tmp_path) not in line) <= 80
    assert "✓ gama" in shown
