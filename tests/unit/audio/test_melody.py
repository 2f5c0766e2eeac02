from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.unit.audio.tones import RATE, hear, progression, tone

TUNE = [60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 62, 72, 76, 74]


@pytest.mark.parametrize("seconds", [0.2, 0.5])
def test_a_tune_alone_is_written_down_note_by_note(seconds: float, tmp_path: Path) -> None:
    sound = np.concatenate([tone(midi, seconds) for midi in TUNE])
    notes = hear(sound, tmp_path).melody.notes
    assert [note.midi for note in notes] == TUNE
    starts = [note.start for note in notes]
    assert starts == pytest.approx(list(np.arange(len(TUNE)) * seconds), abs=0.05)


def test_a_tune_is_found_above_its_chords(tmp_path: Path) -> None:
    tune = np.concatenate([tone(midi + 5, 0.5) for midi in TUNE])
    chords = 0.3 * progression("F C F C F C F", 1.0)
    notes = hear(tune + chords, tmp_path).melody.notes
    right = [note for note in notes if TUNE[min(13, int(note.start / 0.5 + 0.1))] + 5 == note.midi]
    assert len(right) >= 12


def test_a_note_struck_again_is_two_notes(tmp_path: Path) -> None:
    fall = np.exp(-6 * np.arange(RATE // 2) / RATE)
    sound = np.concatenate([tone(67, 0.5) * fall] * 4)
    notes = hear(sound, tmp_path).melody.notes
    assert [note.midi for note in notes] == [67] * 4


def test_a_rest_in_the_tune_is_no_note(tmp_path: Path) -> None:
    sound = np.concatenate((tone(69, 1.0), np.zeros(RATE), tone(69, 1.0)))
    first, second = hear(sound, tmp_path).melody.notes
    assert first.end == pytest.approx(1.0, abs=0.15)
    assert second.start == pytest.approx(2.0, abs=0.05)


def test_a_tune_at_a_low_sample_rate_keeps_time_across_blocks(tmp_path: Path) -> None:
    sound = np.concatenate([tone(midi, 0.5) for midi in TUNE * 4])
    notes = hear(sound[::2], tmp_path, RATE // 2).melody.notes
    assert [note.midi for note in notes] == TUNE * 4
    assert notes[-1].start == pytest.approx(0.5 * (4 * len(TUNE) - 1), abs=0.05)


def test_notes_never_overlap(tmp_path: Path) -> None:
    notes = hear(progression("C Am F G", 0.7), tmp_path).melody.notes
    assert notes
    assert all(one.end <= other.start for one, other in pairwise(notes))
