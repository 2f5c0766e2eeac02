import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import soundfile

from evals.bench.filling import Spread, fill
from grym_synth.settings import Settings
from grym_synth.studio import Studio, open_studio
from memory.repository import Repository
from memory.store import GrymStore
from memory.vectors.minilm import MiniLm

GRYM = Path(sys.executable).with_name("grym")
REQUEST = "Measure its loudness, show me its waveform and master it to -16 LUFS"
THREADS = ("main", "vocals", "drums")
KILLS = int(os.environ.get("GRYM_TEST_KILLS", "200"))
"""Kills of the long campaign."""


class Filler(Spread):
    """Made-up vectors under the product's own name: a large memory without hours of embedding."""

    name = MiniLm.name


@dataclass
class Campaign:
    """Turns on several threads of one project that are killed at random moments."""

    home: Path
    sound: Path
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    killed: int = 0
    answered: set[tuple[str, int]] = field(default_factory=set)
    """Threads and numbers of the turns that the user saw the answer of."""

    def turn(self, thread: str, *, with_index: bool) -> None:
        """Run a turn and kill it, with its index or without, unless it ends before."""
        environment = {
            **os.environ, "GRYM_HOME": str(self.home), "GRYM_OUT": str(self.home.parent / "out")
        }  # fmt: skip
        with subprocess.Popen(
            [GRYM, "ask", REQUEST, "--audio", self.sound, "--json", "--thread", thread],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as turn:
            try:
                answer, _ = turn.communicate(timeout=self.chance.uniform(0.8, 5.0))
            except subprocess.TimeoutExpired:
                self.killed += 1
                for child in children_of(turn.pid) if with_index else []:
                    kill(child)
                os.killpg(turn.pid, signal.SIGKILL)
            else:
                self.answered.add((thread, json.loads(answer)["turn"]))

    def check(self) -> None:
        """Every thread resumes, what was answered is there, and nothing is doubled."""
        settings = Settings(home=self.home, out=self.home.parent / "out")
        with open_studio(settings=settings) as studio:
            (sound,) = studio.attach([(self.sound, "audio")])
            for thread in THREADS:
                result = studio.ask(REQUEST, [sound], thread=thread)
                assert {task.status for task in result.tasks} == {"done"}
                history = studio.deps.repository.history("default", thread)
                assert [turn.turn for turn in history] == list(range(1, result.turn + 1))
                seen = {turn for name, turn in self.answered if name == thread}
                assert seen <= {turn.turn for turn in history}
                for turn in history:
                    for artifact in turn.artifacts:
                        kept = studio.deps.assets.ref(artifact.id)
                        assert studio.deps.assets.path(kept).is_file()
            check_findings(studio, sound.id)
            assert studio.deps.store.flush() == 0
            assert studio.deps.store.degraded is None


def check_findings(studio: Studio, sound: str) -> None:
    everything = studio.deps.repository.findings("default", superseded=True)
    assert len({finding.id for finding in everything}) == len(everything)
    of_sound = studio.deps.repository.findings("default", subjects=[sound])
    aspects = [finding.aspect for finding in of_sound]
    assert aspects
    assert len(set(aspects)) == len(aspects)


def children_of(pid: int) -> list[int]:
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for path in lists for child in path.read_text().split()]


def kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    noise = np.random.default_rng(2).standard_normal((44100 * 3, 2))
    soundfile.write(tmp_path / "noise.wav", 0.05 * noise, 44100)
    return tmp_path / "noise.wav"


def run(campaign: Campaign, kills: int) -> None:
    while campaign.killed < kills:
        number = campaign.killed
        campaign.turn(THREADS[number % len(THREADS)], with_index=number % 2 == 1)
    campaign.check()


def test_killed_turns_lose_and_double_nothing(home: Path, sound: Path) -> None:
    run(Campaign(home, sound), kills=3)


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_many_killed_turns_lose_and_double_nothing_in_a_large_memory(
    home: Path, sound: Path
) -> None:
    with GrymStore(home, Filler()) as store:
        fill(Repository(store), "default", 6000)
        assert store.count(()) > 5000
        assert store.flush() == 0
    began = time.monotonic()
    run(Campaign(home, sound), kills=KILLS)
    print(f"{KILLS} kills in {time.monotonic() - began:.0f} s")
