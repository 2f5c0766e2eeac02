import io

import numpy as np
import pytest
from PIL import Image
from scipy import signal

from audio.axes import read_axes
from audio.probing.echoes import echoes_in
from audio.probing.plotting import MeasuredCurve, View, picture_of, table_of
from audio.probing.readings import integrated_lufs, true_peak_dbtp
from audio.probing.response import crossing_hz, gain_db, slope_db_per_octave
from audio.probing.signals import impulse, tone
from audio.probing.soundness import click_db, denormals, grows, not_finite
from audio.probing.steady import distortion_percent, fitted, folded_db
from audio.probing.swinging import rate_hz
from audio.probing.times import decay_ms, time_to_share

RATE = 48_000


def test_corner_and_slope_of_a_known_filter_are_found() -> None:
    sections = signal.butter(3, 700, "low", fs=RATE, output="sos")
    answer = signal.sosfilt(sections, impulse(1, RATE)[0])
    assert crossing_hz(answer, RATE, -3.0103, 50, 10_000) == pytest.approx(700, rel=1e-3)
    assert slope_db_per_octave(answer, RATE, 1500, 3000) == pytest.approx(-18, abs=0.7)
    assert gain_db(answer, RATE, 20) == pytest.approx(0, abs=1e-3)
    assert crossing_hz(answer, RATE, 20.0, 50, 10_000) is None


def test_a_tone_is_fitted_with_its_level_phase_and_harmonics() -> None:
    sound = tone(1, RATE // 2, RATE, 440, -12)[0] + 0.01
    sound += 0.1 * tone(1, RATE // 2, RATE, 880, -12)[0]
    assert fitted(sound, RATE, 440).dbfs == pytest.approx(-12, abs=1e-6)
    assert fitted(sound, RATE, 440).degrees == pytest.approx(0, abs=1e-6)
    assert distortion_percent(sound, RATE, 440) == pytest.approx(10, abs=1e-3)


def test_what_folds_back_is_told_from_harmonics() -> None:
    base = np.cos(2 * np.pi * 1021 / 8192 * np.arange(8192))
    clean, folded = base + 0.1 * (2 * base**2 - 1), np.clip(3 * base, -1, 1)
    assert folded_db(clean, 1021) < -200
    assert -40 < folded_db(folded, 1021) < -5


def test_time_constants_of_exponentials_are_found() -> None:
    places = np.arange(RATE, dtype=np.float64)
    fall = np.exp(-places / (0.05 * RATE))
    assert decay_ms(places, fall, RATE) == pytest.approx(50, rel=1e-3)
    assert time_to_share(places, 1 - fall, 0.0, RATE) == pytest.approx(50, rel=1e-3)
    assert decay_ms(places, np.ones(RATE), RATE) is None


def test_echoes_between_samples_keep_their_place_and_level() -> None:
    answer = np.zeros(3000)
    answer[0], answer[1000:1002], answer[2000] = 0.5, (0.1, 0.3), -0.2
    first, second, third = echoes_in(answer, 0.05)
    assert [first.samples, second.samples] == pytest.approx([0.0, 1000.75])
    assert [second.level, third.level] == pytest.approx([0.4, -0.2])


@pytest.mark.parametrize("hertz", [0.7, 3.0, 11.3])
def test_the_rate_of_what_swings_is_found(hertz: float) -> None:
    at = np.arange(5000) / 1000
    assert rate_hz(1 + np.sin(2 * np.pi * hertz * at), 1000) == pytest.approx(hertz, rel=0.02)
    assert rate_hz(np.ones(100), 1000) is None


def test_broken_numbers_and_clicks_are_seen() -> None:
    sound = tone(1, RATE, RATE, 200, -12)
    jump = sound.copy()
    jump[:, RATE // 2 + 100 :] *= 0.5
    assert click_db(sound[0], jump[0], RATE, RATE // 2) > -20
    assert click_db(sound[0], sound[0], RATE, RATE // 2) < -100
    broken = np.array([[np.nan, np.inf, 1e-310, 0.0]])
    assert (not_finite(broken), denormals(broken)) == (2, 1)
    rising = np.exp(np.arange(1000) / 100)[np.newaxis] * 1e-3
    assert grows(sound[:, :1000], rising, 200)


def test_the_projects_meters_read_samples_in_memory() -> None:
    sound = tone(1, 2 * RATE, RATE, 997, -20)
    sound[:, :4800] *= np.linspace(0, 1, 4800)
    sound[:, -4800:] *= np.linspace(1, 0, 4800)
    assert integrated_lufs(sound, RATE) == pytest.approx(-23.0, abs=0.2)
    assert true_peak_dbtp(sound, RATE) == pytest.approx(-20, abs=0.05)
    assert integrated_lufs(sound[:, :100], RATE) is None


def test_a_response_is_a_picture_with_axes_and_a_table() -> None:
    places = np.geomspace(20, 20_000, 50)
    view = View(
        "Filter", "measured", "frequency", "gain", places,
        (MeasuredCurve("a", np.linspace(0, -40, 50)),),
    )  # fmt: skip
    picture = picture_of(view)
    assert picture == picture_of(view)
    axes = read_axes(Image.open(io.BytesIO(picture)))
    assert axes is not None
    assert (axes.kind, axes.x.unit, axes.y.unit) == ("response", "Hz", "dB")
    rows = table_of(view).splitlines()
    assert rows[0] == "frequency [Hz],a [dB]"
    assert len(rows) == 51
