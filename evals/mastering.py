"""How well quality control tells faults from music, and masters hit their numbers.

Random sessions in which each kind of fault is planted into one stem, the same sessions clean, and
masters of their mixes: ``python -m evals.mastering [--sessions N] [--first SEED] [--composed]``.
The sessions are random, or songs that the studio composes and plays.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import soundfile

from agents.mastering.limiting import find_limit
from agents.mastering.metering import read_meters
from agents.mastering.rendering import limited
from agents.mastering.sounds import open_sound
from agents.recipes.levels import profile
from audio.mastering.faults import Fault
from audio.mastering.inspection import inspect
from audio.mastering.session_faults import faults_between
from audio.mastering.stem import Stem
from audio.mastering.stem_faults import faults_of
from evals.mastering_composed import composed_session
from evals.mastering_stems import Made, plant, random_session

PLANTED = (
    "clipping", "dc", "polarity", "imbalance", "hum", "offset", "silent", "sample_rate", "cutoff",
)  # fmt: skip
_STRUCK = ("drum", "hat", "keys", "guitar", "piano", "clavinet")
"""Parts whose notes begin clearly: those can be told to be late."""
TARGETS = (-23.0, -14.0, -9.0)


def main(arguments: Sequence[str]) -> int:
    """Print hits, doubts and false alarms, and how far masters lie from their targets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--first", type=int, default=1000)
    parser.add_argument("--composed", action="store_true", help="stems of composed songs")
    given = parser.parse_args(arguments)
    make = composed_session if given.composed else random_session
    hits, doubts, tries = Counter[str](), Counter[str](), Counter[str]()
    alarms, asked, stems = Counter[str](), Counter[str](), 0
    misses: list[float] = []
    with TemporaryDirectory() as folder:
        for seed in range(given.first, given.first + given.sessions):
            session = make(seed)
            clean = [_heard(one, Path(folder)) for one in session]
            stems += len(clean)
            for fault in faults_in(clean):
                (alarms if fault.certain else asked)[fault.kind] += 1
            for number, kind in enumerate(PLANTED):
                found = _found(kind, session, clean, np.random.default_rng(100 * seed + number),
                               Path(folder))  # fmt: skip
                if found is not None:
                    tries[kind] += 1
                    hits[kind] += found == "certain"
                    doubts[kind] += found == "doubt"
            misses += _missed(session, Path(folder))
    for kind in PLANTED:
        print(f"{kind:12} found {hits[kind]:3} of {tries[kind]:3}, doubted {doubts[kind]:3}")
    print(f"{stems} clean stems: false alarms {dict(alarms)}, doubts {dict(asked)}")
    print(f"{len(misses)} masters: at most {max(misses, default=0.0):.3f} LU beside their target")
    return 0


def faults_in(stems: Sequence[Stem]) -> list[Fault]:
    """All that is found in a session."""
    alone = len(stems) == 1
    return [*(one for stem in stems for one in faults_of(stem, alone)), *faults_between(stems)]


def _heard(made: Made, folder: Path) -> Stem:
    path = folder / "stem.wav"
    soundfile.write(path, made.samples.T, made.rate, subtype="FLOAT")
    return Stem(made.name, made.name, False, inspect(path))


def _found(
    kind: str,
    session: Sequence[Made],
    clean: Sequence[Stem],
    random: np.random.Generator,
    folder: Path,
) -> str | None:
    """Whether a fault that is planted into one fitting stem is found in it."""
    fitting = [number for number, one in enumerate(session) if _shows(kind, one)]
    if not fitting:
        return None
    number = int(random.choice(fitting))
    stems = list(clean)
    stems[number] = _heard(plant(kind, session[number], random), folder)
    found = [one for one in faults_in(stems) if one.kind == kind and one.stem == stems[number].id]
    if any(one.certain for one in found):
        return "certain"
    return "doubt" if found else "nothing"


def _shows(kind: str, made: Made) -> bool:
    """Whether a fault could show in a stem at all."""
    left, right = made.samples[0], made.samples[-1]
    if kind in ("polarity", "imbalance"):
        even = 0.7 < left.std() / max(right.std(), 1e-12) < 1.4
        alike = float(np.corrcoef(left, right)[0, 1]) if even else 0.0
        return len(made.samples) == 2 and even and (kind == "imbalance" or alike > 0.4)
    if kind == "cutoff":
        power = np.square(np.abs(np.fft.rfft(made.samples.mean(axis=0))))
        hertz = np.fft.rfftfreq(made.samples.shape[1], 1 / made.rate)
        return float(power[hertz > 12000].sum()) > 1e-4 * float(power.sum())
    return kind != "offset" or any(part in made.name for part in _STRUCK)


def _missed(session: Sequence[Made], folder: Path) -> list[float]:
    """How far the masters of a mix lie from their loudness, in LU."""
    pairs = [one.samples if len(one.samples) == 2 else one.samples.repeat(2, 0) for one in session]
    mix = np.sum(pairs, axis=0)
    path = folder / "mix.wav"
    soundfile.write(path, 0.5 * mix.T / np.abs(mix).max(), session[0].rate, subtype="FLOAT")
    sound = open_sound(path)
    before, missed = profile(sound), []
    for target in TARGETS:
        mastered = find_limit(sound, before, target, -1.0, 24.0)
        after = read_meters(limited(sound, mastered.step, before))
        if after.lufs is not None and not mastered.held_back:
            missed.append(abs(after.lufs - target))
    return missed


if __name__ == "__main__":
    began = time.process_time()
    code = main(sys.argv[1:])
    print(f"{time.process_time() - began:.0f} s of CPU time")
    sys.exit(code)
