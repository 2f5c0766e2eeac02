from collections.abc import Callable
from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import signal

from agents.coding.probing import Response, response_of
from audio.probing.signals import noise

RATE = 48_000
Array = NDArray[np.float64]


def response(process: Callable[[Array], Array]) -> Response:
    given = noise(1, 6 * RATE, seed=1, level=0.1)[0].astype(np.float64)
    found = response_of(given, process(given), RATE)
    assert found is not None
    return found


def filtered(kind: Literal["highpass", "lowpass"], hertz: float) -> Response:
    sos = signal.butter(4, hertz, kind, fs=RATE, output="sos")
    return response(lambda samples: np.asarray(signal.sosfilt(sos, samples)))


@pytest.mark.parametrize(
    ("kind", "hertz", "side"), [("highpass", 100.0, "below"), ("lowpass", 2000.0, "above")]
)
def test_the_corner_of_a_filter_is_measured(
    kind: Literal["highpass", "lowpass"], hertz: float, side: str
) -> None:
    found = filtered(kind, hertz)
    told = found.told.split(f"3 dB less {side} ")[1].split(",")[0]
    value, unit = told.split()
    assert float(value) * (1000 if unit == "kHz" else 1) == pytest.approx(hertz, rel=0.05)
    assert found.is_fixed


def test_the_table_has_the_gain_of_each_band() -> None:
    rows = [line.split(",") for line in filtered("lowpass", 2000.0).table.splitlines()[1:]]
    levels = {round(float(hertz)): float(level) for hertz, level in rows}
    assert levels[202] == pytest.approx(0.0, abs=0.2)
    assert min(levels.values()) < -40


def test_a_change_of_level_is_told_as_flat() -> None:
    assert response(lambda samples: samples / 2).told == (
        "run on noise, its response is flat at -6.0 dB"
    )


def test_a_modulation_is_not_told_as_a_filter() -> None:
    turns = np.sin(2 * np.pi * 30 * np.arange(6 * RATE) / RATE)
    found = response(lambda samples: samples * turns)
    assert not found.is_fixed
    assert "highest" not in found.told


def test_silence_has_no_response() -> None:
    given = noise(1, RATE, seed=1, level=0.1)[0].astype(np.float64)
    assert response_of(given, np.zeros(RATE), RATE) is None
