"""Turns of the real command that are killed at random moments of their work."""

import json
import os
import random
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import Protocol

from pydantic import TypeAdapter

from grym_synth.result import TurnResult
from tests.processes import children_of, kill

THREADS = ("main", "vocals", "drums")
_SHOWN = TypeAdapter(TurnResult)


class Started(Protocol):
    """A command that runs."""

    process: int
    """Its id."""

    def wait(self) -> int:
        """Its exit code once it has ended; minus the signal that ended it."""
        ...


class Starter(Protocol):
    """What starts ``grym`` commands."""

    def start(self, words: Sequence[str], said: Path) -> Started:
        """Start a command whose standard output goes into a file."""
        ...


@dataclass(frozen=True)
class Attempt:
    """One request, and what its user was told before the command ended."""

    number: int
    thread: str
    request: str
    shown: TurnResult | None
    """Whole on standard output, and so acknowledged, however the command ended."""


@dataclass
class Campaign:
    """Turns on several threads of one project, of which each is killed at a random moment."""

    place: Path
    starter: Starter
    sounds: Sequence[Path]
    picture: Path
    chance: random.Random
    killed: int = 0
    attempts: list[Attempt] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)
    """Seconds that killed commands had run."""
    _whole_seconds: float = 0.0
    """How long the longest turn took that came to its end."""

    def begin(self) -> None:
        """Run one turn on each thread to its end, which tells how long a turn takes."""
        for thread in THREADS:
            self.turn(thread, None)

    def kill_turns(self, kills: int) -> None:
        """Kill so many turns, spread over the whole length of a turn in random order."""
        strata = [*range(kills)]
        self.chance.shuffle(strata)
        until = self.killed + kills
        while self.killed < until:
            stratum = strata.pop() if strata else self.chance.randrange(kills)
            moment = (stratum + self.chance.random()) / kills * self._whole_seconds
            self.turn(self.chance.choice(THREADS), moment)

    def turn(self, thread: str, moment: float | None) -> None:
        """Ask for everything that a turn can do, and kill the command that many seconds later."""
        number = len(self.attempts) + 1
        request = (
            f"Note that take {number} is the keeper. Measure its loudness, describe the picture, "
            f"show me its waveform and master it to {-16 - number % 3} LUFS"
        )
        sound = self.sounds[number % len(self.sounds)]
        said, began = self.place / "said.json", time.monotonic()
        words = ["ask", request, "--audio", str(sound), "--image", str(self.picture), "--json"]
        command = self.starter.start([*words, "--thread", thread], said)
        murder = Timer(moment or 0, self._kill, [command.process])
        if moment is not None:
            murder.start()
        code = command.wait()
        murder.cancel()
        lasted = time.monotonic() - began
        shown = _told(said)
        self.attempts.append(Attempt(number, thread, request, shown))
        if code == -signal.SIGKILL:
            self.killed += 1
            self.moments.append(lasted)
            return
        assert code == 0, Path(f"{said}.err").read_text()
        assert shown is not None
        self._whole_seconds = max(self._whole_seconds, 0.0 if self.killed else lasted)

    def _kill(self, process: int) -> None:
        """Kill the process; every third time one of its children first: index, decoder, sandbox."""
        children = children_of(process)
        if children and self.chance.random() < 1 / 3:
            kill(self.chance.choice(children))
            time.sleep(self.chance.uniform(0, 0.05))
        kill(process)


def _told(said: Path) -> TurnResult | None:
    """The object on standard output, if it is whole."""
    try:
        return _SHOWN.validate_python(json.loads(said.read_bytes()))
    except ValueError:
        return None


def still_running(home: Path, seconds: float) -> list[str]:
    """Commands of processes that still work for a home after that many seconds, but for this one's.

    Args:
        home: named in the environment of all that a command starts.
        seconds: how long they may take to notice that their parent is gone.
    """
    until = time.monotonic() + seconds
    while (found := _working_for(home)) and time.monotonic() < until:
        time.sleep(0.05)
    return found


def _working_for(home: Path) -> list[str]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            environment = (process / "environ").read_bytes().split(b"\0")
        except OSError:  # it has ended, or is another user's
            continue
        ours = os.fsencode(f"GRYM_HOME={home}") in environment
        if ours and "faults.loaded" not in words and int(process.name) != os.getpid():
            found.append(words)
    return found
