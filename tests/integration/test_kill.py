import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from evals.bench.filling import Spread, fill
from grym_synth.settings import Settings
from grym_synth.studio import open_studio
from memory.repository import Repository
from memory.store import GrymStore
from memory.vectors.minilm import MiniLm
from tests.integration.faults.kept import check_copies, check_kept
from tests.integration.faults.killing import THREADS, Campaign, Starter, still_running
from tests.integration.faults.loaded import Loaded

GRYM = Path(sys.executable).with_name("grym")
KILLS = int(os.environ.get("GRYM_TEST_KILLS", "300"))
"""Kills of the long campaign."""
CHECKED_EVERY = 25


class Filler(Spread):
    """Made-up vectors under the product's own name: a large memory without hours of embedding."""

    name = MiniLm.name


class Fresh:
    """Starts every command as its user does, as a program of its own."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = {**os.environ, **environment}

    def start(self, words: Sequence[str], said: Path) -> "Running":
        """Start a command whose standard output goes into a file."""
        with said.open("wb") as out, Path(f"{said}.err").open("wb") as told:
            return Running(
                subprocess.Popen(
                    [GRYM, *words],
                    env=self._environment,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=told,
                    start_new_session=True,
                )
            )


class Running:
    """One command that runs."""

    def __init__(self, started: subprocess.Popen[bytes]) -> None:
        self._started, self.process = started, started.pid

    def wait(self) -> int:
        """Its exit code once it has ended; minus the signal that ended it."""
        return self._started.wait()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Short sounds, a picture, and a temporary folder for the commands."""
    for number in range(5):
        noise = np.random.default_rng(number).standard_normal((22050, 1))
        soundfile.write(tmp_path / f"take{number}.wav", 0.05 * noise, 44100)
    pixels = np.random.default_rng(9).integers(0, 255, (60, 80, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "desk.png")
    (tmp_path / "tmp").mkdir()
    return tmp_path


def environment(place: Path, embedder: str) -> dict[str, str]:
    return {
        "GRYM_HOME": str(place / "home"),
        "GRYM_OUT": str(place / "out"),
        "GRYM_EMBEDDER": embedder,
        "TMPDIR": str(place / "tmp"),
    }


def campaign(place: Path, starter: Starter, seed: int) -> Campaign:
    sounds = sorted(place.glob("take*.wav"))
    return Campaign(place, starter, sounds, place / "desk.png", random.Random(seed))


def check(killed: Campaign, embedder: str) -> None:
    """Nothing runs on, every thread takes up its work, and all is kept that was acknowledged."""
    home, out = killed.place / "home", killed.place / "out"
    assert still_running(home, 15.0) == []
    for thread in THREADS:
        killed.turn(thread, None)
    assert still_running(home, 5.0) == []
    with open_studio(settings=Settings(home=home, out=out, embedder=embedder)) as studio:
        check_kept(studio, killed.attempts, out, killed.place / "tmp")
    check_copies(killed.attempts)


def test_killed_turns_lose_and_double_nothing(place: Path) -> None:
    with Loaded(environment(place, "lexical")) as loaded:
        killed = campaign(place, loaded, seed=7)
        killed.begin()
        killed.kill_turns(15)
        check(killed, "lexical")


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_many_killed_turns_lose_and_double_nothing_in_a_large_memory(place: Path) -> None:
    with GrymStore(place / "home", Filler()) as store:
        fill(Repository(store), "default", 6000)
        assert store.count(()) > 5000
        assert store.flush() == 0
    began = time.monotonic()
    killed = campaign(place, Fresh(environment(place, "minilm")), seed=8)
    killed.begin()
    for _ in range(0, KILLS, CHECKED_EVERY):
        killed.kill_turns(CHECKED_EVERY)
        check(killed, "minilm")
    print(f"{killed.killed} kills in {time.monotonic() - began:.0f} s")
