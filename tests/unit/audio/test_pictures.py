import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray
from PIL import Image
from scipy import signal

from audio.axes import read_axes
from audio.colours import level_colours
from audio.pictures import (
    FrequencyScale,
    Picture,
    draw_chromagram,
    draw_loudness_curve,
    draw_self_similarity,
    draw_spectrogram,
    draw_waveform,
)
from grym_synth.errors import BadInput, MediaRejected

RATE = 44100
Samples = NDArray[np.float64]
Draw = Callable[[Path, str], Picture]

DRAWINGS: tuple[Draw, ...] = (
    draw_spectrogram,
    draw_waveform,
    draw_chromagram,
    draw_self_similarity,
    draw_loudness_curve,
)


def _write(folder: Path, samples: Samples, rate: int = RATE) -> Path:
    path = folder / "sound.wav"
    soundfile.write(path, samples, rate, subtype="FLOAT")
    return path


def _sine(hertz: float, seconds: float, level: float = 0.5) -> Samples:
    sine: Samples = level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)
    return sine


def _noise(seconds: float, level: float) -> Samples:
    return np.random.default_rng(7).normal(0, level, round(seconds * RATE))


def _pixels(picture: Picture) -> NDArray[np.int64]:
    return np.asarray(Image.open(io.BytesIO(picture.png)).convert("RGB")).astype(np.int64)


def _levels(picture: Picture) -> NDArray[np.int64]:
    """Read the plot's colours back as 0..255: (height, width)."""
    plot = picture.axes.plot
    pixels = _pixels(picture)[plot.top : plot.top + plot.height, plot.left : plot.left + plot.width]
    code = np.array([65536, 256, 1])
    colours = level_colours().astype(np.int64) @ code
    order = np.argsort(colours)
    levels: NDArray[np.int64] = order[np.searchsorted(colours[order], pixels @ code)]
    return levels


@pytest.mark.parametrize("scale", ["mel", "log"])
@pytest.mark.parametrize("hertz", [110.0, 997.0, 9000.0])
def test_a_tone_burst_lies_where_the_axes_say(
    tmp_path: Path, scale: FrequencyScale, hertz: float
) -> None:
    samples = _noise(12, 1e-4)
    samples[4 * RATE : 7 * RATE] += _sine(hertz, 3)
    picture = draw_spectrogram(_write(tmp_path, samples), "burst", scale)
    levels = _levels(picture)
    plot = picture.axes.plot
    row = int(levels[:, 480].argmax()) + plot.top
    found = picture.axes.point_at(plot.left + 480.5, row + 0.5).y
    bin_hertz = 2.7 if hertz < 200 else 21.5
    row_hertz = abs(picture.axes.point_at(0, row).y - picture.axes.point_at(0, row + 1).y)
    assert abs(found - hertz) <= bin_hertz / 2 + row_hertz
    line = levels[row - plot.top]
    loud = np.flatnonzero(line > line.max() - 30) + plot.left
    window = 1056 / 12 * (0.37 if hertz < 200 else 0.046)
    assert abs(loud[0] - picture.axes.pixel_at(4, hertz).x) <= window / 2 + 1
    assert abs(loud[-1] + 1 - picture.axes.pixel_at(7, hertz).x) <= window / 2 + 1


def test_a_sine_shows_its_own_level_on_the_colour_bar(tmp_path: Path) -> None:
    picture = draw_spectrogram(_write(tmp_path, _sine(1000, 3, 0.1)), "sine", "log")
    values = picture.axes.values
    assert values is not None
    level = values.low + _levels(picture)[:, 500].max() / 255 * (values.high - values.low)
    assert level == pytest.approx(-20, abs=1.5)


def test_a_hum_line_runs_along_the_whole_picture_at_its_frequency(tmp_path: Path) -> None:
    picture = draw_spectrogram(
        _write(tmp_path, _noise(20, 0.003) + _sine(50, 20, 0.02)), "hum", "log"
    )
    levels = _levels(picture)
    row = int(picture.axes.pixel_at(0, 50).y) - picture.axes.plot.top
    strongest = levels[row - 60 : row + 60].mean(axis=1).argmax() + row - 60
    assert abs(strongest - row) <= 2
    assert (levels[strongest, 20:-20] > levels[row + 40, 20:-20] + 20).mean() > 0.98


@pytest.mark.parametrize("scale", ["mel", "log"])
def test_a_cut_off_is_an_edge_at_its_frequency(tmp_path: Path, scale: FrequencyScale) -> None:
    low_pass = signal.firwin(801, 8000, fs=RATE)
    samples = signal.fftconvolve(_noise(10, 0.1), low_pass, "same")
    picture = draw_spectrogram(_write(tmp_path, samples), "edge", scale)
    column = _levels(picture).mean(axis=1)
    edge = int(np.argmax(column > 0.5 * np.median(column[-200:])))
    hertz = picture.axes.point_at(0, picture.axes.plot.top + edge).y
    assert hertz == pytest.approx(8000, abs=200)


def test_the_waveform_shows_a_burst_in_its_lane_and_time(tmp_path: Path) -> None:
    samples = np.zeros((8 * RATE, 2))
    samples[3 * RATE : 5 * RATE, 1] = _sine(300, 2, 0.8)
    picture = draw_waveform(_write(tmp_path, samples), "burst")
    pixels = _pixels(picture)
    assert picture.axes.y.classes == ("right", "left")

    def filled(seconds: float, lane: float) -> bool:
        x, y = picture.axes.pixel_at(seconds, lane)
        return bool(pixels[int(y), int(x)].max() < 240)

    assert filled(4.0, 0.5 + 0.35) and filled(3.01, 0.5 - 0.35) and filled(4.99, 0.5 + 0.35)
    assert not filled(2.99, 0.85) and not filled(5.02, 0.85)
    assert not filled(4.0, 1.85) and not filled(4.0, 0.5 + 0.45)


def test_the_loudness_curve_lies_at_the_loudness(tmp_path: Path) -> None:
    samples = np.concatenate((_sine(997, 10, 0.1), _sine(997, 10, 0.02)))
    picture = draw_loudness_curve(_write(tmp_path, samples), "two levels")
    pixels = _pixels(picture)

    def height(seconds: float) -> float:
        x = int(picture.axes.pixel_at(seconds, picture.axes.y.low).x)
        plot = picture.axes.plot
        column = pixels[plot.top : plot.top + plot.height, x]
        dark_blue = np.flatnonzero((column[:, 0] < 60) & (column[:, 2] > 100))
        return picture.axes.point_at(0, plot.top + float(dark_blue.mean()) + 0.5).y

    assert height(5) == pytest.approx(-23.0, abs=0.3)
    assert height(15) == pytest.approx(-37.0, abs=0.3)


def test_the_chromagram_lights_the_pitch_that_sounds(tmp_path: Path) -> None:
    def tone(hertz: float) -> Samples:
        partials = np.stack([_sine(hertz * n, 4, 0.3 / n) for n in range(1, 6)])
        return np.asarray(partials.sum(axis=0), np.float64)

    picture = draw_chromagram(
        _write(tmp_path, np.concatenate((tone(440), tone(523.25)))), "A then C"
    )
    levels = _levels(picture)
    for seconds, name in ((2.0, "A"), (6.0, "C")):
        row = picture.axes.y.classes.index(name) + 0.5
        x, y = picture.axes.pixel_at(seconds, row)
        plot = picture.axes.plot
        column = levels[:, int(x) - plot.left]
        assert column[int(y) - plot.top] == column.max() > 200


def test_a_repeat_shows_in_the_self_similarity(tmp_path: Path) -> None:
    a = _sine(220, 8, 0.3) + _sine(277, 8, 0.3)
    b = _sine(311, 8, 0.3) + _sine(1480, 8, 0.2) + _noise(8, 0.02)
    picture = draw_self_similarity(_write(tmp_path, np.concatenate((a, b, a))), "ABA")
    levels, plot = _levels(picture), picture.axes.plot

    def alike(one: float, other: float) -> int:
        x, y = picture.axes.pixel_at(one, other)
        return int(levels[int(y) - plot.top, int(x) - plot.left])

    assert alike(4, 20) > 180
    assert alike(4, 12) < 100


@pytest.mark.parametrize("draw", DRAWINGS)
def test_every_picture_carries_its_axes(tmp_path: Path, draw: Draw) -> None:
    samples = _noise(5, 0.1)
    picture = draw(_write(tmp_path, samples), "noise")
    opened = Image.open(io.BytesIO(picture.png))
    assert opened.size == (1280, 720)
    assert read_axes(opened) == picture.axes
    assert picture.axes.x.high == 5.0


@pytest.mark.parametrize("draw", DRAWINGS)
def test_the_same_sound_gives_the_same_picture(tmp_path: Path, draw: Draw) -> None:
    path = _write(tmp_path, _noise(2, 0.1))
    assert draw(path, "noise").png == draw(path, "noise").png


ODD_SOUNDS: dict[str, tuple[Samples, int]] = {
    "silence": (np.zeros(RATE), RATE),
    "half a second at 8 kHz": (np.full(4000, 0.1), 8000),
    "eight channels": (np.tile(np.linspace(-1, 1, RATE)[:, None], (1, 8)), RATE),
    "192 kHz": (np.linspace(-1, 1, 192000), 192000),
    "over full scale": (2 * np.sin(np.arange(RATE) / 20), RATE),
    "not a number": (np.full(RATE, np.nan), RATE),
}


@pytest.mark.parametrize("name", ODD_SOUNDS)
@pytest.mark.parametrize("draw", DRAWINGS)
def test_odd_sounds_are_drawn_too(tmp_path: Path, draw: Draw, name: str) -> None:
    samples, rate = ODD_SOUNDS[name]
    picture = draw(_write(tmp_path, samples, rate), "Ünïcode 你好\n\u202e" + "x" * 300)
    assert len(picture.png) > 1000


def test_a_single_sample_is_drawn_but_has_no_loudness(tmp_path: Path) -> None:
    path = _write(tmp_path, np.array([0.5]))
    for draw in (draw_spectrogram, draw_waveform, draw_chromagram, draw_self_similarity):
        assert draw(path, "click").axes.x.high == pytest.approx(1 / RATE)
    with pytest.raises(BadInput, match=r"0\.4 s"):
        draw_loudness_curve(path, "click")


def test_a_file_that_is_no_sound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "no.wav"
    path.write_bytes(b"RIFF not really")
    with pytest.raises(MediaRejected, match=r"no\.wav"):
        draw_spectrogram(path, "no")
