from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from audio.chords import find_chords
from tests.unit.audio.tones import RATE, hear, progression

SEVEN = ["C", "Am", "F", "G", "Em", "Dm", "G", "C"]


@pytest.mark.parametrize("beat", [0.25, 0.5, 1.0])
def test_a_progression_is_named_chord_by_chord_whatever_the_beat(
    beat: float, tmp_path: Path
) -> None:
    chromagram = hear(progression(" ".join(SEVEN), 1.0), tmp_path).chromagram
    told = find_chords(chromagram, np.arange(0, 8, beat).tolist())
    assert [chord.label for chord in told.spans] == SEVEN
    starts = [chord.start for chord in told.spans]
    assert starts == pytest.approx(list(range(8)), abs=0.26)
    assert told.confidence > 0.6


def test_chords_are_found_without_any_beats(tmp_path: Path) -> None:
    chromagram = hear(progression(" ".join(SEVEN), 1.0), tmp_path).chromagram
    assert [chord.label for chord in find_chords(chromagram, []).spans] == SEVEN


def test_chords_cover_the_file_without_gaps(tmp_path: Path) -> None:
    chromagram = hear(progression("C F C", 1.0), tmp_path).chromagram
    spans = find_chords(chromagram, [0.5, 1.0, 1.5]).spans
    assert spans[0].start == 0
    assert spans[-1].end == pytest.approx(3.0)
    assert all(one.end == other.start for one, other in pairwise(spans))


def test_a_rest_between_chords_is_no_chord(tmp_path: Path) -> None:
    rest = np.zeros(2 * RATE)
    sound = np.concatenate((progression("C", 2.0), rest, progression("F", 2.0)))
    told = find_chords(hear(sound, tmp_path).chromagram, np.arange(0, 6, 0.5).tolist())
    assert [chord.label for chord in told.spans] == ["C", "N", "F"]


def test_noise_has_no_chords_and_says_why(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, 5 * RATE)
    told = find_chords(hear(noise, tmp_path).chromagram, [1.0, 2.0])
    assert told.spans == ()
    assert "noise" in told.reason
