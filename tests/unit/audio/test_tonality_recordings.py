"""Keys and chords of real recordings, found through GRYM_TEST_DATA."""

import os
from pathlib import Path

import numpy as np
import pytest

from evals.tonality import Score, score_file

HOME = os.environ.get("GRYM_TEST_DATA", "")
pytestmark = pytest.mark.skipif(not HOME, reason="GRYM_TEST_DATA names no folder of recordings")


@pytest.fixture(scope="module")
def music() -> list[Score]:
    annotations = sorted((Path(HOME) / "music").glob("*.json"))
    return [score for score in map(score_file, annotations) if score is not None]


def mean(values: list[float | None]) -> float:
    return float(np.mean([value for value in values if value is not None]))


def test_keys_of_music_are_right_more_often_than_essentia_s(music: list[Score]) -> None:
    assert mean([score.exact for score in music]) > 0.706
    assert mean([score.weighted for score in music]) > 0.806


def test_chords_of_scores_are_right_more_often_than_by_templates(music: list[Score]) -> None:
    assert mean([score.majmin for score in music]) > 0.541
