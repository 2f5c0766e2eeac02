from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.unit.audio.tones import RATE, Sound, hear, progression

SECONDS = 6


def drums() -> Sound:
    at = np.arange(SECONDS * RATE) / RATE
    noise = np.random.default_rng(4).normal(0, 0.2, SECONDS * RATE)
    return noise * np.exp(-30 * (at % 0.5))


def ratio(sound: Sound, folder: Path) -> float:
    told = hear(sound, folder).ratio.ratio_db
    assert told is not None
    return told


def test_chords_are_harmonic_and_drums_are_not(tmp_path: Path) -> None:
    assert ratio(progression("C F G", 2.0), tmp_path) > 6
    assert ratio(drums(), tmp_path) < -10


def test_turning_the_drums_up_lowers_the_ratio(tmp_path: Path) -> None:
    chords = progression("C F G", 2.0)
    ratios = [ratio(chords + level * drums(), tmp_path) for level in (0.5, 1, 2, 4)]
    assert all(softer - louder > 1.5 for softer, louder in pairwise(ratios))


def test_the_ratio_does_not_depend_on_the_level(tmp_path: Path) -> None:
    sound = progression("C F G", 2.0) + drums()
    assert ratio(sound, tmp_path) == pytest.approx(ratio(0.05 * sound, tmp_path), abs=0.2)


def test_a_silent_file_has_no_ratio_and_says_why(tmp_path: Path) -> None:
    told = hear(np.zeros(RATE), tmp_path).ratio
    assert told.ratio_db is None
    assert "silent" in told.reason
