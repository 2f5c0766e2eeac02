"""``grym project show`` and ``grym project open``: a project as a tree that can be looked into."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.integration.command import Grym, command


@pytest.fixture
def grym(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Grym:
    os.environ |= {"GRYM_HOME": str(home), "GRYM_EMBEDDER": "lexical", "GRYM_MODELS": "instruments"}

    run = command(capsys)
    seconds = np.arange(2 * 44100) / 44100
    soundfile.write(tmp_path / "vox.wav", 0.2 * np.sin(2 * np.pi * 440 * seconds), 44100)
    run("project", "new", "song")
    run("project", "set", "section", "chorus: 0:00-0:01", "--project", "song")
    run("ask", "how loud is it?", "--audio", tmp_path / "vox.wav", "--project", "song")
    run("project", "set", "element", "lead vocal: vox.wav, in the chorus", "--project", "song")
    run("project", "note", "song", "keep it dry", "--element", "lead vocal")
    run("ask", "how long is the lead vocal?", "--project", "song")
    return run


def test_show_tells_the_tree_and_each_place_opens(grym: Grym) -> None:
    shown = grym("project", "show", "song").stdout
    assert "s:chorus chorus" in shown and "e:lead-vocal lead vocal" in shown
    opened = grym("project", "open", "e:lead-vocal", "--project", "song")
    assert opened.returncode == 0 and "keep it dry" in opened.stdout and "vox.wav" in opened.stdout
    (item,) = json.loads(grym("project", "open", "t:main/1", "--project", "song", "--json").stdout)
    assert item["id"] == "t:main/1" and "how loud is it?" in item["text"]
    history = grym("project", "history", "song", "--turn", "2").stdout
    steps = ("initial context: 1 file", "planned", "round 1, gama", "integrated", "answered")
    assert [step for step in steps if step not in history] == []


def test_a_handle_that_is_none_ends_with_code_2_and_near_ones(grym: Grym) -> None:
    missed = grym("project", "open", "e:led-vocal", "--project", "song")
    assert missed.returncode == 2 and "Did you mean e:lead-vocal" in missed.stderr
