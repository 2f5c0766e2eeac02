import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from grym_synth.settings import Settings
from grym_synth.studio import open_studio

GRYM = Path(sys.executable).with_name("grym")
REQUEST = "Measure its loudness, show me its waveform and master it to -16 LUFS"


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    noise = np.random.default_rng(2).standard_normal((44100 * 8, 2))
    soundfile.write(tmp_path / "noise.wav", 0.05 * noise, 44100)
    return tmp_path / "noise.wav"


def kill_one_turn(home: Path, sound: Path, after: float) -> bool:
    """Run a turn and kill it after so many seconds; whether it was killed before its end."""
    environment = {**os.environ, "GRYM_HOME": str(home), "GRYM_OUT": str(home.parent / "out")}
    with subprocess.Popen(
        [GRYM, "ask", REQUEST, "--audio", sound, "--json"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as turn:
        try:
            turn.wait(timeout=after)
        except subprocess.TimeoutExpired:
            os.killpg(turn.pid, signal.SIGKILL)
            return True
    return False


def check_nothing_is_lost_or_doubled(home: Path, sound: Path) -> None:
    settings = Settings(home=home, out=home.parent / "out", embedder="lexical")
    with open_studio(settings=settings) as studio:
        result = studio.ask(REQUEST, studio.attach([(sound, "audio")]))
        history = studio.deps.repository.history("default")
        findings = studio.deps.repository.findings("default", superseded=True)
        for turn in history:
            for artifact in turn.artifacts:
                assert studio.deps.assets.path(studio.deps.assets.ref(artifact.id)).is_file()
    assert {task.status for task in result.tasks} == {"done"}
    assert [turn.turn for turn in history] == list(range(1, result.turn + 1))
    assert len({finding.id for finding in findings}) == len(findings)
    aspects = [(finding.subject.id, finding.aspect) for finding in findings]
    assert len(set(aspects)) == len(aspects)


def campaign(home: Path, sound: Path, kills: int) -> None:
    chance = random.Random(7)
    killed = sum(kill_one_turn(home, sound, chance.uniform(0.8, 7.0)) for _ in range(kills))
    check_nothing_is_lost_or_doubled(home, sound)
    assert killed >= kills // 3, "the turns ended before they could be killed"


def test_killed_turns_lose_and_double_nothing(home: Path, sound: Path) -> None:
    campaign(home, sound, kills=4)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_many_killed_turns_lose_and_double_nothing(home: Path, sound: Path) -> None:
    campaign(home, sound, kills=100)
