"""Pictures of a sound file as PNG, each with its axes as data."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from audio.axes import Axes, Axis, ClassName, PictureKind, ValueRange
from audio.blocks import Stream, open_stream, read_blocks
from audio.canvas import PLOT, SQUARE, Canvas
from audio.chroma import PitchMeter
from audio.colours import paint
from audio.columns import ColumnExtremes
from audio.loudness import MOMENTARY_SLICES, SHORT_TERM_SLICES, LoudnessMeter
from audio.loudness_curve import INTEGRATED, centred, draw_curves, loudness_range
from audio.similarity import SimilarityMeter, chroma_columns
from audio.spectrogram import SpectrogramColumns, colour_range
from audio.waveform import BODY, HOT, WAVE, lane_names, paint_waveform
from grym_synth.errors import BadInput, MediaRejected

FrequencyScale = Literal["mel", "log"]
PITCHES: tuple[ClassName, ...] = (
    "C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B",
)  # fmt: skip
LOWEST_HZ = 20.0
"""Lower edge of a logarithmic frequency axis."""


@dataclass(frozen=True)
class Picture:
    """A drawn picture and what its axes mean."""

    png: bytes
    axes: Axes


def draw_spectrogram(path: Path, title: str, scale: FrequencyScale = "mel") -> Picture:
    """Draw level over time and frequency.

    Raises:
        MediaRejected: the file can't be decoded or holds nothing.
    """
    stream = _open(path)
    columns = SpectrogramColumns(stream, PLOT.width)
    for block in read_blocks(path, stream):
        columns.push(block)
    low = LOWEST_HZ if scale == "log" else 0.0
    y = Axis(quantity="frequency", unit="Hz", scale=scale, low=low, high=stream.sample_rate_hz / 2)
    levels = columns.finish(y, PLOT.height)
    bottom, top = colour_range(levels)
    values = ValueRange(low=bottom, high=top, unit="dBFS")
    canvas = Canvas(_axes("spectrogram", stream, y, values))
    canvas.put_plot(paint(levels, bottom, top))
    canvas.draw_colour_bar(bottom, top, "dBFS")
    scales = {"mel": "mel scale", "log": "logarithmic scale"}
    return _finish(canvas, title, f"Spectrogram, {scales[scale]}, {_facts(stream)}")


def draw_waveform(path: Path, title: str) -> Picture:
    """Draw the samples' extremes and RMS over time, one lane per channel.

    Raises:
        MediaRejected: the file can't be decoded or holds nothing.
    """
    stream = _open(path)
    columns = ColumnExtremes(stream.channels, stream.frames, PLOT.width)
    for block in read_blocks(path, stream, short=False, long=False):
        columns.push(block.start, block.samples)
    columns.fill_gaps()
    peak = max(1.0, float(columns.high.max()), -float(columns.low.min()))
    names = lane_names(stream.channels)
    y = Axis(quantity="channel", unit="", scale="classes", low=0, high=len(names), classes=names)
    values = ValueRange(low=-peak, high=peak, unit="full scale")
    canvas = Canvas(_axes("waveform", stream, y, values))
    canvas.put_plot(paint_waveform(columns, peak, PLOT.height))
    canvas.draw_lanes(-peak, peak)
    canvas.draw_key([("extremes", WAVE), ("RMS", BODY), ("at full scale", HOT)])
    return _finish(canvas, title, f"Waveform (1 is full scale), {_facts(stream)}")


def draw_loudness_curve(path: Path, title: str) -> Picture:
    """Draw momentary and short-term loudness over time, each at the centre of its window.

    Raises:
        BadInput: the file is shorter than the momentary window.
        MediaRejected: the file can't be decoded or holds nothing.
    """
    stream = _open(path)
    meter = LoudnessMeter(stream)
    for block in read_blocks(path, stream, short=False, long=False):
        meter.push(block)
    curve = meter.curve()
    momentary = centred(curve, MOMENTARY_SLICES)
    if len(momentary.lufs) == 0:
        raise BadInput(
            f"drawing the loudness of {path.name}",
            f"it lasts {stream.seconds:.2f} s, one window takes 0.4 s",
            "Give a longer file",
        )
    low, high = loudness_range(momentary.lufs)
    y = Axis(quantity="loudness", unit="LUFS", low=low, high=high)
    canvas = Canvas(_axes("loudness_curve", stream, y, None))
    canvas.draw_grid()
    key = draw_curves(canvas, momentary, centred(curve, SHORT_TERM_SLICES))
    integrated = next(m for m in meter.finish() if m.aspect == "loudness.integrated_lufs").value
    if isinstance(integrated, float):
        canvas.draw_level(integrated, INTEGRATED)
        key.append((f"integrated {integrated:.1f} LUFS", INTEGRATED))
    canvas.draw_key(key)
    return _finish(canvas, title, f"Loudness (BS.1770-4), {_facts(stream)}")


def draw_chromagram(path: Path, title: str) -> Picture:
    """Draw how strong each pitch class is over time, relative to the strongest of the moment.

    Raises:
        MediaRejected: the file can't be decoded or holds nothing.
    """
    stream = _open(path)
    meter = PitchMeter(stream)
    for block in read_blocks(path, stream, short=False):
        meter.push(block)
    chroma = chroma_columns(meter.finish(), PLOT.width)
    rows = 12 * np.arange(PLOT.height) // PLOT.height
    y = Axis(quantity="pitch class", unit="", scale="classes", low=0, high=12, classes=PITCHES)
    values = ValueRange(low=0, high=1, unit="")
    canvas = Canvas(_axes("chromagram", stream, y, values))
    canvas.put_plot(paint(chroma.T[rows][::-1], 0, 1))
    canvas.draw_colour_bar(0, 1, "share")
    return _finish(canvas, title, f"Chromagram, {_facts(stream)}")


def draw_self_similarity(path: Path, title: str) -> Picture:
    """Draw how alike each two moments are in harmony and timbre; repeats show as diagonals.

    Raises:
        MediaRejected: the file can't be decoded or holds nothing.
    """
    stream = _open(path)
    meter = SimilarityMeter(stream, SQUARE.width)
    for block in read_blocks(path, stream):
        meter.push(block)
    y = Axis(quantity="time", unit="s", low=0.0, high=stream.seconds)
    values = ValueRange(low=0, high=1, unit="")
    canvas = Canvas(_axes("self_similarity", stream, y, values))
    canvas.put_plot(paint(meter.finish()[::-1], 0, 1))
    canvas.draw_colour_bar(0, 1, "alike")
    return _finish(canvas, title, f"Self-similarity of harmony and timbre, {_facts(stream)}")


def _open(path: Path) -> Stream:
    stream = open_stream(path)
    if stream.frames < 1:
        raise MediaRejected(f"drawing {path.name}", "it holds no samples", "Give another file")
    return stream


def _axes(kind: PictureKind, stream: Stream, y: Axis, values: ValueRange | None) -> Axes:
    x = Axis(quantity="time", unit="s", low=0.0, high=stream.seconds)
    plot = SQUARE if kind == "self_similarity" else PLOT
    return Axes(kind=kind, plot=plot, x=x, y=y, values=values)


def _finish(canvas: Canvas, title: str, subtitle: str) -> Picture:
    return Picture(canvas.finish(title, subtitle), canvas.axes)


def _facts(stream: Stream) -> str:
    names = {1: "mono", 2: "stereo"}
    channels = names.get(stream.channels, f"{stream.channels} channels")
    return f"{stream.sample_rate_hz / 1000:g} kHz, {channels}"
