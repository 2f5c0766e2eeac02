import json

import numpy as np
import pyloudnorm
import pytest
import soundfile
import soxr
from numpy.typing import NDArray
from pydantic import JsonValue

from audio.aspects import ASPECTS, NOTE_CLASSES, parse_key
from demo import render, score

RATE = score.SAMPLE_RATE_HZ
INTRO_SECONDS = (score.SILENCE_START_SECONDS, score.seconds(16))
"""No bass and no kick: only the hum lies below 100 Hz."""


@pytest.fixture(scope="module")
def shipped() -> NDArray[np.int16]:
    samples, rate = soundfile.read(render.HERE / "mix.flac", dtype="int16")
    assert rate == RATE
    return np.asarray(samples)


def level_db(spectrum: NDArray[np.float64], hertz: float) -> float:
    return float(20 * np.log10(spectrum[round(hertz * len(spectrum) * 2 / RATE)]))


def intro_spectrum(shipped: NDArray[np.int16]) -> NDArray[np.float64]:
    first, last = (round(seconds * RATE) for seconds in INTRO_SECONDS)
    frames = 8 * RATE
    left = shipped[first:last, 0][:frames] / 32768 * np.hanning(frames)
    return np.asarray(np.abs(np.fft.rfft(left))[:-1] * 4 / frames)


def chroma(shipped: NDArray[np.int16], start: float, end: float) -> NDArray[np.float64]:
    mono = shipped[round(start * RATE) : round(end * RATE)].mean(axis=1)
    magnitude = np.abs(np.fft.rfft(mono * np.hanning(len(mono))))
    hertz = np.fft.rfftfreq(len(mono), 1 / RATE)
    heard = (hertz > 100) & (hertz < 1200)
    pitch = np.round(12 * np.log2(hertz[heard] / 440) + 69).astype(int) % 12
    return np.bincount(pitch, magnitude[heard], 12).astype(np.float64)


def triad(label: str) -> list[int]:
    root, quality = label.split(":")
    tonic = NOTE_CLASSES[root]
    return [tonic, (tonic + (3 if quality == "min" else 4)) % 12, (tonic + 7) % 12]


def written() -> dict[str, JsonValue]:
    truth: dict[str, JsonValue] = json.loads((render.HERE / "truth.json").read_text("utf-8"))
    return truth


def test_the_shipped_song_is_what_the_script_renders(shipped: NDArray[np.int16]) -> None:
    again = render.render()
    assert again.shape == shipped.shape
    assert np.abs(again.astype(int) - shipped).max() <= 1


def test_the_shipped_truth_is_what_the_score_says() -> None:
    assert written() == score.truth()


def test_the_truth_speaks_the_words_of_the_aspects() -> None:
    truth = written()
    assert truth.keys() <= ASPECTS.keys()
    assert parse_key(str(truth["key"])) == (NOTE_CLASSES["F"], "minor")


def test_the_sections_and_chords_fill_the_time_between_the_silences(
    shipped: NDArray[np.int16],
) -> None:
    truth = written()
    assert truth["duration.seconds"] == pytest.approx(len(shipped) / RATE, abs=1e-3)
    for aspect in ("chords", "structure.sections"):
        spans = truth[aspect]
        assert isinstance(spans, list)
        rows = [row for row in spans if isinstance(row, list)]
        assert rows[0][0] == score.SILENCE_START_SECONDS
        assert rows[-1][1] == pytest.approx(score.end_seconds(), abs=1e-3)
        assert [row[0] for row in rows[1:]] == [row[1] for row in rows[:-1]]


def test_the_song_is_a_quiet_mix_that_never_clips(shipped: NDArray[np.int16]) -> None:
    samples = shipped / 32768
    loudness = pyloudnorm.Meter(RATE).integrated_loudness(samples)
    peak = np.abs(soxr.resample(samples, RATE, 4 * RATE)).max()
    assert loudness == pytest.approx(-21, abs=0.3)
    assert 20 * np.log10(peak) == pytest.approx(-5, abs=0.3)


def test_the_song_begins_and_ends_in_silence(shipped: NDArray[np.int16]) -> None:
    sounding = np.flatnonzero(shipped.any(axis=1))
    assert sounding[0] / RATE == pytest.approx(score.SILENCE_START_SECONDS, abs=0.002)
    end = (len(shipped) - 1 - sounding[-1]) / RATE
    assert end == pytest.approx(score.SILENCE_END_SECONDS, abs=0.002)


def test_the_planted_hum_stands_out_where_the_bass_rests(shipped: NDArray[np.int16]) -> None:
    spectrum = intro_spectrum(shipped)
    neighbours = max(level_db(spectrum, hertz) for hertz in (44, 46, 54, 56))
    assert level_db(spectrum, score.HUM_HZ) > neighbours + 15


def test_the_planted_dc_offset_is_in_both_channels(shipped: NDArray[np.int16]) -> None:
    truth = score.truth()["dc_offset"]
    assert (shipped / 32768).mean(axis=0) == pytest.approx([truth, truth], abs=1e-4)


def test_every_chord_of_the_truth_is_the_one_that_sounds(shipped: NDArray[np.int16]) -> None:
    labels = sorted(score.VOICINGS)
    for bar, label in enumerate(score.bars()):
        heard = chroma(shipped, score.seconds(4 * bar), score.seconds(4 * bar + 4))
        best = max(labels, key=lambda name: float(heard[triad(name)].sum()))
        assert best == label, f"bar {bar + 1}"
