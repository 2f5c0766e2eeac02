"""Tempo and beats of real recordings, found through GRYM_TEST_DATA."""

import os
from pathlib import Path

import numpy as np
import pytest

from evals.rhythm import Score, score, score_folder

HOME = os.environ.get("GRYM_TEST_DATA", "")
pytestmark = pytest.mark.skipif(not HOME, reason="GRYM_TEST_DATA names no folder of recordings")


def share(hits: list[bool | None]) -> float:
    return float(np.mean([hit for hit in hits if hit is not None]))


def test_the_tempo_of_short_loops_is_right_more_often_than_essentia_s() -> None:
    scores = score_folder(Path(HOME) / "loops")
    assert share([one.exact for one in scores]) > 0.769
    assert share([one.octave for one in scores]) > 0.769


@pytest.fixture(scope="module")
def music() -> list[Score]:
    files = sorted((Path(HOME) / "music").glob("*.ogg"))
    return [score(path) for path in files if path.stat().st_size < 2_000_000]


@pytest.mark.long
def test_tempo_and_beats_of_music_are_right_more_often_than_essentia_s(music: list[Score]) -> None:
    assert share([one.exact for one in music]) > 0.593
    assert share([one.octave for one in music]) >= 0.963
    assert np.mean([one.beat_f for one in music if one.beat_f is not None]) > 0.679


def test_a_song_made_at_140_bpm_is_measured_at_140() -> None:
    told = score(Path(HOME) / "music" / "lmmsdemo_Impulslogik_Zen.ogg")
    assert told.bpm == pytest.approx(140, abs=0.05)
    assert told.beat_f == pytest.approx(1.0, abs=0.02)
