from pathlib import Path

import numpy as np
import pytest

from audio.structure import Structure, find_sections
from tests.unit.audio.tones import RATE, Sound, hear, progression, tone


def sections_of(sound: Sound, folder: Path, beats: list[float] | None = None) -> Structure:
    heard = hear(sound, folder)
    return find_sections(heard.chromagram, heard.timbre, beats or [])


def verse() -> Sound:
    return progression("C G C F " * 4, 1.0)


def chorus() -> Sound:
    low = progression("Am Em B E " * 4, 1.0)
    high = np.concatenate([tone(88 + step, 0.5, overtones=2) for step in (0, 3, 7, 3) * 8])
    both: Sound = 0.5 * low + high
    return both


def test_a_part_that_returns_gets_its_letter_back(tmp_path: Path) -> None:
    told = sections_of(np.concatenate((verse(), chorus(), verse())), tmp_path)
    assert [section.label for section in told.sections] == ["A", "B", "A"]
    starts = [section.start for section in told.sections]
    assert starts == pytest.approx([0, 16, 32], abs=1.5)
    assert told.sections[-1].end == pytest.approx(48.0)


def test_a_change_of_harmony_alone_is_a_boundary(tmp_path: Path) -> None:
    bridge = progression("Am Em B E " * 4, 1.0)
    told = sections_of(np.concatenate((verse(), bridge, verse())), tmp_path)
    assert [section.label for section in told.sections] == ["A", "B", "A"]


def test_drums_that_enter_and_leave_make_sections(tmp_path: Path) -> None:
    at = np.arange(16 * RATE) / RATE
    noise = np.random.default_rng(5).normal(0, 0.1, len(at))
    with_drums = verse() + noise * np.exp(-20 * (at % 0.5))
    told = sections_of(np.concatenate((verse(), with_drums, verse())), tmp_path)
    assert [section.label for section in told.sections] == ["A", "B", "A"]


def test_boundaries_lie_on_beats_where_these_are_known(tmp_path: Path) -> None:
    beats = list(np.arange(0.3, 32, 0.5))
    told = sections_of(np.concatenate((verse(), chorus())), tmp_path, beats)
    assert told.sections[1].start in beats


@pytest.mark.parametrize(
    ("sound", "word"),
    [
        (np.zeros(30 * RATE), "silent"),
        (progression("C G C F", 1.0), "too short"),
        (progression("C G C F " * 8, 1.0), "uniform"),
        (np.random.default_rng(2).normal(0, 0.1, 30 * RATE), "uniform"),
    ],
)
def test_a_file_without_sections_says_why(sound: Sound, word: str, tmp_path: Path) -> None:
    told = sections_of(sound, tmp_path)
    assert told.sections == ()
    assert word in told.reason
