import numpy as np
import pytest

from audio.mastering.tone import CENTRES_HZ, Balance, balance_from, towards, towards_usual
from audio.spectrum import Doubles

FREQUENCIES = np.arange(1, 20000, 2.5, dtype=np.float32)


def sloped(db_per_octave: float, bump_db: float = 0.0) -> Balance:
    """The balance of noise with a slope, and a bump about 300 Hz."""
    octaves = np.log2(FREQUENCIES / 1000)
    bump = bump_db * np.exp(-(np.log2(FREQUENCIES / 300.0) ** 2))
    found = balance_from(10 ** ((db_per_octave * octaves + bump) / 10), FREQUENCIES)
    assert found is not None
    return found


def gain_at(gains: Doubles, hertz: float) -> float:
    return float(np.interp(hertz, CENTRES_HZ, gains))


def test_music_on_the_usual_slope_is_left_alone() -> None:
    correction = towards_usual(sloped(-5.0))
    assert correction.before_db < 0.3
    assert np.abs(correction.gains_db).max() < 0.3


def test_a_muddy_mix_is_cut_where_it_is_muddy_and_gently() -> None:
    correction = towards_usual(sloped(-5.0, bump_db=12.0))
    assert gain_at(correction.gains_db, 300.0) == pytest.approx(-3.0)
    assert gain_at(correction.gains_db, 4000.0) == pytest.approx(0.0, abs=0.5)
    assert correction.after_db < correction.before_db


@pytest.mark.parametrize("slope", [-8.0, -3.0])
def test_a_reference_is_approached_from_either_side(slope: float) -> None:
    correction = towards(sloped(-5.0), sloped(slope))
    assert np.sign(gain_at(correction.gains_db, 8000.0)) == np.sign(slope + 5.0)
    assert correction.after_db < correction.before_db
    assert np.abs(correction.gains_db).max() <= 3.0


def test_a_single_tone_has_no_balance() -> None:
    power = np.full(len(FREQUENCIES), 1e-12)
    power[100] = 1.0
    assert balance_from(power, FREQUENCIES) is None
