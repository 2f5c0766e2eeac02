from pathlib import Path

import numpy as np
import pytest

from tests.unit.audio.sounds import Sound, noise, read

CORRELATION, WIDTH, BALANCE = "stereo.correlation", "stereo.width", "stereo.balance_db"


def values(folder: Path, sound: Sound) -> tuple[object, ...]:
    told = read(folder, sound, ["stereo"])
    return tuple(told[aspect].value for aspect in (CORRELATION, WIDTH, BALANCE))


def test_the_same_on_both_sides_is_correlated_narrow_and_balanced(tmp_path: Path) -> None:
    assert values(tmp_path, noise(3).repeat(2, axis=1)) == (1.0, 0.0, 0.0)


def test_an_inverted_side_is_anticorrelated_and_all_side(tmp_path: Path) -> None:
    assert values(tmp_path, noise(3) * np.array([1.0, -1.0])) == (-1.0, 1.0, 0.0)


def test_unrelated_sides_are_half_wide(tmp_path: Path) -> None:
    told = values(tmp_path, noise(5, channels=2))
    assert told == pytest.approx((0.0, 0.5, 0.0), abs=0.02)


def test_a_positive_balance_means_that_right_is_louder(tmp_path: Path) -> None:
    told = read(tmp_path, noise(3).repeat(2, axis=1) * np.array([0.5, 1.0]), [BALANCE])[BALANCE]
    assert told.value == pytest.approx(6.02, abs=0.01)


def test_an_offset_does_not_pass_for_correlation(tmp_path: Path) -> None:
    told = read(tmp_path, noise(5, channels=2) + 0.5, [CORRELATION])[CORRELATION]
    assert told.value == pytest.approx(0.0, abs=0.02)


def test_a_silent_side_is_named(tmp_path: Path) -> None:
    told = read(tmp_path, noise(3) * np.array([1.0, 0.0]), ["stereo"])
    assert told[CORRELATION].value is None
    assert told[BALANCE].value == -96.0
    assert "right channel is silent" in told[BALANCE].method


def test_mono_and_silence_have_no_image(tmp_path: Path) -> None:
    mono = read(tmp_path, noise(1), ["stereo"]).values()
    assert all(one.value is None and "mono" in one.method for one in mono)
    silent = read(tmp_path, np.zeros((1000, 2)), ["stereo"]).values()
    assert all(one.value is None and "silent" in one.method for one in silent)
