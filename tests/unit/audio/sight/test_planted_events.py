import io
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from scipy import signal

from audio.axes import read_axes
from audio.pictures import Picture
from audio.sight.drawing import draw_for_eyes, draw_tiles
from audio.sight.events import PictureEvent
from audio.sight.field import read_field
from audio.sight.layout import Budget, Crop
from audio.sight.reading import read_events, read_events_of
from grym_synth.errors import BadInput, MediaRejected

RATE = 22050
SECONDS = 8.0
Samples = NDArray[np.float64]
BUDGETS = st.builds(Budget, st.sampled_from((28, 32)), st.integers(400, 700))
FEW = settings(
    max_examples=3,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def _noise(level: float = 0.002, seed: int = 7) -> Samples:
    return np.random.default_rng(seed).normal(0, level, round(SECONDS * RATE))


def _sine(hertz: float) -> Samples:
    sine: Samples = 0.1 * np.sin(2 * np.pi * hertz * np.arange(round(SECONDS * RATE)) / RATE)
    return sine


def _draw(
    folder: Path, samples: Samples, budget: Budget | None = None, crop: Crop | None = None
) -> Picture:
    path = folder / "sound.wav"
    soundfile.write(path, samples, RATE, subtype="FLOAT")
    return draw_for_eyes(path, "sound", budget or Budget(), crop)


def _read(picture: Picture, kind: str) -> list[PictureEvent]:
    opened = Image.open(io.BytesIO(picture.png)).convert("RGB")
    return [event for event in read_events(opened, picture.axes) if event.kind == kind]


def _cells(picture: Picture, hertz: float) -> tuple[float, float]:
    """What one pixel shows: seconds, and hertz at a frequency."""
    axes = picture.axes
    row = axes.pixel_at(0, hertz).y
    up = abs(axes.point_at(0, row - 0.5).y - axes.point_at(0, row + 0.5).y)
    return (axes.x.high - axes.x.low) / axes.plot.width, up


@FEW
@given(budget=BUDGETS, hertz=st.floats(300, 9000), start=st.floats(1, 4), length=st.floats(0.5, 3))
def test_a_tone_burst_comes_back_within_one_pixel(
    tmp_path: Path, budget: Budget, hertz: float, start: float, length: float
) -> None:
    samples = _noise()
    inside = slice(round(start * RATE), round((start + length) * RATE))
    samples[inside] += _sine(hertz)[inside]
    picture = _draw(tmp_path, samples, budget)
    (tone,) = _read(picture, "tone")
    seconds, up = _cells(picture, hertz)
    assert tone.hertz is not None and abs(tone.hertz - hertz) <= up
    assert abs(tone.start - start) <= seconds
    assert abs(tone.end - start - length) <= seconds


@FEW
@given(budget=BUDGETS, hertz=st.floats(48, 120), seed=st.integers(0, 99))
def test_a_hum_line_comes_back_within_one_pixel(
    tmp_path: Path, budget: Budget, hertz: float, seed: int
) -> None:
    picture = _draw(tmp_path, _noise(seed=seed) + 0.3 * _sine(hertz), budget)
    (hum,) = _read(picture, "hum")
    assert hum.hertz is not None and abs(hum.hertz - hertz) <= _cells(picture, hertz)[1]
    assert hum.start == 0.0 and hum.end == pytest.approx(SECONDS, abs=0.05)


@FEW
@given(budget=BUDGETS, start=st.floats(1, 6), length=st.floats(0.08, 0.8), seed=st.integers(0, 99))
def test_a_drop_out_comes_back_within_one_pixel(
    tmp_path: Path, budget: Budget, start: float, length: float, seed: int
) -> None:
    samples = _noise(0.02, seed)
    samples[round(start * RATE) : round((start + length) * RATE)] = 0
    picture = _draw(tmp_path, samples, budget)
    (gap,) = _read(picture, "dropout")
    seconds = _cells(picture, 1000)[0]
    assert abs(gap.start - start) <= seconds
    assert abs(gap.end - start - length) <= seconds


@FEW
@given(budget=BUDGETS, hertz=st.floats(2500, 8500), seed=st.integers(0, 99))
def test_a_cut_off_comes_back_within_one_pixel(
    tmp_path: Path, budget: Budget, hertz: float, seed: int
) -> None:
    taps = signal.firwin(4001, hertz, fs=RATE)
    picture = _draw(tmp_path, signal.fftconvolve(_noise(0.05, seed), taps, "same"), budget)
    (edge,) = _read(picture, "cutoff")
    assert edge.hertz is not None and abs(edge.hertz - hertz) <= _cells(picture, hertz)[1]


def test_a_crop_is_measured_anew_and_shows_what_the_whole_hides(tmp_path: Path) -> None:
    samples = _noise(0.0005)
    at = np.arange(len(samples)) / RATE
    samples[(at >= 4.0) & (at < 4.3)] += (_sine(1000) + _sine(1060))[(at >= 4.0) & (at < 4.3)]
    close = _draw(tmp_path, samples, crop=Crop(3.8, 4.5, 900, 1200))
    opened = Image.open(io.BytesIO(close.png)).convert("RGB")
    field = read_field(opened, close.axes)
    column = round((4.15 - field.seconds(0)) / field.column_seconds)

    def level(hertz: float) -> float:
        return float(field.levels[int(field.row(hertz)), column - 4 : column + 4].mean())

    assert min(level(1000), level(1060)) > level(1030) + 10


def test_a_silent_sound_and_plain_noise_hold_no_events(tmp_path: Path) -> None:
    for samples in (np.zeros(round(SECONDS * RATE)), _noise(0.1)):
        picture = _draw(tmp_path, samples)
        opened = Image.open(io.BytesIO(picture.png)).convert("RGB")
        assert read_events(opened, picture.axes) == []


def test_every_picture_for_eyes_carries_its_axes(tmp_path: Path) -> None:
    picture = _draw(tmp_path, _noise(), crop=Crop(1.03, 2.2))
    opened = Image.open(io.BytesIO(picture.png))
    opened.load()
    assert read_axes(opened) == picture.axes
    assert opened.width % 28 == opened.height % 28 == 0


def test_tiles_show_the_whole_sound_one_after_the_other(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    soundfile.write(path, np.tile(_noise(), 6), RATE)
    axes = [tile.axes for tile in draw_tiles(path, "long", Budget(28, 500))]
    assert len(axes) > 2 and axes[0].x.low == 0 and axes[-1].x.high >= 48
    assert [one.x.low for one in axes[1:]] == [one.x.high for one in axes[:-1]]


def test_a_file_without_axes_or_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plain.png"
    Image.new("RGB", (300, 200), "navy").save(path)
    with pytest.raises(BadInput, match=r"plain\.png"):
        read_events_of(path)
    path.write_bytes(b"\x89PNG\r\n\x1a\n not really")
    with pytest.raises(MediaRejected):
        read_events_of(path)


def _chords() -> Samples:
    """Three decaying notes with partials, others every half second."""
    at = np.arange(round(SECONDS * RATE)) / RATE
    roots = 110.0 * 2 ** (np.random.default_rng(3).integers(0, 12, 16) / 12)
    root = np.repeat(roots, RATE // 2)[: len(at)]
    local = at % 0.5
    shape = np.clip(local / 0.02, 0, 1) * np.clip((0.5 - local) / 0.03, 0, 1) * np.exp(-local)
    sound = _noise(1e-4)
    for note in (1.0, 1.26, 1.5):
        for partial in range(1, 7):
            sound = sound + 0.02 / partial * shape * np.sin(2 * np.pi * root * note * partial * at)
    held: Samples = sound
    return held


def test_notes_of_music_are_no_events_but_a_louder_tone_and_a_fast_sweep_are(
    tmp_path: Path,
) -> None:
    samples = _chords()
    assert not _read(_draw(tmp_path, samples), "tone")
    at = np.arange(RATE) / RATE
    samples[RATE : 2 * RATE] += 0.2 * np.sin(2 * np.pi * 700 * at)
    falling = np.cumsum(np.geomspace(8000, 3000, RATE)) / RATE
    samples[4 * RATE : 5 * RATE] += 0.05 * np.sin(2 * np.pi * falling)
    picture = _draw(tmp_path, samples)
    (tone,), (sweep,) = _read(picture, "tone"), _read(picture, "sweep")
    assert tone.hertz == pytest.approx(700, rel=0.03)
    assert (sweep.hertz, sweep.end_hertz) == pytest.approx((8000, 3000), rel=0.1)


def test_a_click_on_a_note_s_onset_is_still_a_click(tmp_path: Path) -> None:
    samples = _chords()
    samples[round(3.01 * RATE)] += 0.9
    (click,) = _read(_draw(tmp_path, samples), "click")
    assert click.start == pytest.approx(3.01, abs=0.05)


def test_a_hum_is_told_by_its_lowest_partial_though_a_higher_one_is_far_louder(
    tmp_path: Path,
) -> None:
    samples = _noise(3e-4) + 0.1 * _sine(50.0) + _sine(100.0)
    (hum,) = _read(_draw(tmp_path, samples), "hum")
    assert hum.hertz == pytest.approx(50.0, rel=0.05)


def test_an_animated_picture_is_refused(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("black", "white")]
    frames[0].save(tmp_path / "moving.png", save_all=True, append_images=frames[1:])
    with pytest.raises(BadInput, match="animated"):
        read_events_of(tmp_path / "moving.png")
