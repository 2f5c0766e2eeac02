"""Spectrograms of scenes as many programs draw them: other windows, scales, colours and sizes."""

import io
import tempfile
from pathlib import Path

import numpy as np
import soundfile
from PIL import Image
from scipy import ndimage, signal

from audio.axes import Axes, Axis, PlotBox, ValueRange
from audio.colours import Bytes
from audio.pictures import Picture, draw_spectrogram
from audio.sight.drawing import draw_for_eyes
from audio.sight.layout import Budget
from evals.vision.scenes import Scene

MAPS = {
    "grey": ("#000000", "#ffffff"),
    "ink": ("#ffffff", "#000000"),
    "heat": ("#000000", "#8b0000", "#ff4500", "#ffd700", "#ffffff"),
    "sea": ("#03071e", "#023e8a", "#00b4d8", "#90e0ef", "#ffffff"),
    "rainbow": ("#000080", "#0000ff", "#00ffff", "#ffff00", "#ff0000", "#800000"),
    "blues": ("#f7fbff", "#c6dbef", "#6baed6", "#2171b5", "#08306b"),
}
"""From quiet to loud."""


def draw_scene(scene: Scene, random: np.random.Generator) -> tuple[Picture, tuple[str, ...]]:
    """Draw a scene in one of several ways; with its colour map where that isn't one of ours."""
    way = random.choice(("eyes", "own", "other"), p=(0.4, 0.2, 0.4))
    if way == "other":
        return _draw_other(scene, random)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scene.wav"
        soundfile.write(path, scene.sound, scene.rate, subtype="FLOAT")
        if way == "own":
            return draw_spectrogram(path, "scene", "mel" if random.random() < 0.5 else "log"), ()
        budget = Budget(int(random.choice((28, 32))), int(random.integers(400, 2000)))
        return draw_for_eyes(path, "scene", budget), ()


def _draw_other(scene: Scene, random: np.random.Generator) -> tuple[Picture, tuple[str, ...]]:
    """Draw as a common plotting program does: one window, any size, scale and colours."""
    plot = PlotBox(
        left=int(random.integers(0, 90)), top=int(random.integers(0, 60)),
        width=int(random.integers(600, 1600)), height=int(random.integers(300, 900)),
    )  # fmt: skip
    hums = any(event.kind == "hum" for event in scene.events)
    scale = str(random.choice(("log", "mel") if hums else ("linear", "log", "mel")))
    low = float(random.uniform(20, 35)) if scale == "log" else 0.0
    y = Axis.model_validate(
        {"quantity": "frequency", "unit": "Hz", "scale": scale, "low": low, "high": scene.rate / 2}
    )
    x = Axis(quantity="time", unit="s", low=0.0, high=scene.seconds)
    size = 1 << int(random.integers(10, 13))
    if hums:
        size = 1 << round(np.log2(0.17 * scene.rate))
    levels = _levels(scene, x, y, plot, size)
    high = 5 * np.ceil(levels.max() / 5)
    values = ValueRange(low=high - float(random.choice((70, 85, 100))), high=high, unit="dB")
    axes = Axes(kind="spectrogram", plot=plot, x=x, y=y, values=values)
    name = str(random.choice(sorted(MAPS)))
    sheet = Image.new("RGB", (plot.left + plot.width + 40, plot.top + plot.height + 50), "white")
    sheet.paste(Image.fromarray(_painted(levels, values, MAPS[name])), (plot.left, plot.top))
    held = io.BytesIO()
    sheet.save(held, "PNG")
    return Picture(held.getvalue(), axes), MAPS[name]


def _levels(scene: Scene, x: Axis, y: Axis, plot: PlotBox, size: int) -> np.ndarray:
    """Levels in dB at each pixel, the first row the highest."""
    hop = max(size // 4, 1)
    padded = np.pad(scene.sound, size // 2)
    _, _, power = signal.spectrogram(
        padded, scene.rate, "hann", size, size - hop, scaling="spectrum", detrend=False
    )
    levels = 10 * np.log10(2 * power + 1e-14)
    edges = np.array([y.value(row / plot.height) for row in range(plot.height + 1)])
    bins = edges * size / scene.rate
    columns = (np.arange(plot.width) + 0.5) / plot.width * (x.high - x.low) * scene.rate / hop
    middles = np.broadcast_to(((bins[:-1] + bins[1:]) / 2)[:, None], (plot.height, plot.width))
    drawn: np.ndarray = ndimage.map_coordinates(
        levels, (middles, np.broadcast_to(columns, middles.shape)), order=1, mode="nearest"
    )
    for row in np.flatnonzero(np.floor(bins[1:]) > np.ceil(bins[:-1])):  # several bins: the highest
        inside = levels[int(np.ceil(bins[row])) : int(np.floor(bins[row + 1])) + 1].max(axis=0)
        drawn[row] = np.interp(columns, np.arange(len(inside)), inside)
    return drawn[::-1]


def _painted(levels: np.ndarray, values: ValueRange, colours: tuple[str, ...]) -> Bytes:
    anchors = np.array([list(bytes.fromhex(one[1:])) for one in colours], np.float64)
    share = np.clip((levels - values.low) / (values.high - values.low), 0, 1)
    share *= len(anchors) - 1
    places = np.arange(len(anchors))
    painted = np.stack([np.interp(share, places, row) for row in anchors.T], axis=-1)
    return painted.round().astype(np.uint8)
