import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.aspects import BAND_EDGES_HZ
from audio.balance import JUDGED, NOTABLE_DB, excess_db

HERTZ = np.arange(20.0, 20_000.0, 1.0)


def levels(lift: str = "", by_db: float = 0.0, gain_db: float = 0.0) -> dict[str, float]:
    """Band levels of noise that falls by 5 dB an octave, with one band lifted."""
    power = 10 ** ((-5 * np.log2(HERTZ / 100) + gain_db) / 10)
    found = {}
    for band, (low, high) in BAND_EDGES_HZ.items():
        inside = (low <= HERTZ) & (high > HERTZ)
        found[band] = float(10 * np.log10(power[inside].sum())) + (by_db if band == lift else 0.0)
    return found


@given(st.sampled_from(JUDGED), st.floats(-12, 12), st.floats(-60, 20))
def test_a_lifted_band_stands_out_by_as_much_whatever_the_level(
    band: str, by_db: float, gain_db: float
) -> None:
    assert excess_db(levels(band, by_db, gain_db))[band] == pytest.approx(by_db, abs=0.2)


def test_usual_slope_has_nothing_notable() -> None:
    assert all(abs(one) < NOTABLE_DB / 10 for one in excess_db(levels()).values())


def test_without_all_bands_nothing_is_judged() -> None:
    assert excess_db({"bass": -10.0, "mid": -20.0}) == {}
