"""The commands that a guide shows, run as a reader would: one after another, in a fresh folder."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile

from tests.integration.command import Ended, Grym

RATE_HZ = 44100
SECONDS = 12
_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


class Shown(NamedTuple):
    """One command of a guide."""

    words: str
    prints: str


def commands(page: Path) -> Iterator[Shown]:
    """Each command of a guide with what it is said to print."""
    for block in _BLOCK.findall(page.read_text(encoding="utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            words, _, prints = part.partition("\n")
            yield Shown(words, prints.strip("\n"))


def run(grym: Grym, words: str) -> Ended:
    """Run a command as it is written."""
    name, *rest = shlex.split(words)
    assert name == "grym", words
    return grym(*rest)


def record(folder: Path) -> None:
    """The two sounds that the guides speak of: a loud song, and a calmer reference."""
    noise = np.random.default_rng(5).normal(0, 1, RATE_HZ * SECONDS)
    times = np.arange(noise.size) / RATE_HZ
    beat = np.sin(2 * np.pi * 82 * times) * np.exp(-((times * 2) % 1) * 7)
    chord = sum(np.sin(2 * np.pi * hertz * times) for hertz in (220.0, 261.63, 329.63)) / 3
    for name, bass, level in (("song.wav", 1.0, 0.83), ("reference.wav", 0.45, 0.4)):
        mix = bass * beat + 0.4 * chord + 0.06 * noise
        mix = level * np.tanh(2.5 * mix) / np.abs(np.tanh(2.5 * mix)).max()
        soundfile.write(folder / name, np.stack([mix, mix], axis=1), RATE_HZ, subtype="PCM_24")
