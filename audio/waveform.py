"""A file's waveform, one lane per channel: extremes, RMS, and where it touches full scale."""

import numpy as np

from audio.axes import ClassName
from audio.blocks import Floats
from audio.colours import Bytes
from audio.columns import ColumnExtremes

WAVE, BODY, HOT = (120, 160, 205), (36, 84, 148), (200, 30, 40)
"""Colours of the extremes, of the RMS, and of what touches full scale."""
_PAPER, _MIDDLE = (255, 255, 255), (196, 200, 206)
FULL_SCALE = 0.9999
"""Columns that reach it are drawn in red."""

_NUMBERED: tuple[ClassName, ...] = (
    "ch 1", "ch 2", "ch 3", "ch 4", "ch 5", "ch 6", "ch 7", "ch 8",
)  # fmt: skip


def lane_names(channels: int) -> tuple[ClassName, ...]:
    """The lanes from the bottom of the plot upward: the first channel is the highest lane."""
    if channels == 1:
        return ("mono",)
    return ("right", "left") if channels == 2 else _NUMBERED[:channels][::-1]


def paint_waveform(columns: ColumnExtremes, peak: float, height: int) -> Bytes:
    """Draw the lanes: uint8, (height, columns, 3).

    Args:
        columns: what was kept of the file.
        peak: the amplitude at a lane's edge.
        height: height of all lanes together, in pixels.
    """
    channels, width = columns.low.shape
    picture = np.empty((height, width, 3), np.uint8)
    rms = columns.rms()
    row = np.arange(height) + 0.5
    lane = np.minimum((row * channels / height).astype(int), channels - 1)
    amplitude = ((1 - 2 * (row * channels / height - lane)) * peak).astype(np.float32)
    half = np.float32(peak * channels / height)
    """Half a pixel, as amplitude: a line at rest stays visible."""
    for channel in range(channels):
        rows = lane == channel
        picture[rows] = _paint_lane(
            amplitude[rows], half, columns.low[channel], columns.high[channel], rms[channel]
        )
    return picture


def _paint_lane(
    amplitude: Floats, half: np.float32, low: Floats, high: Floats, rms: Floats
) -> Bytes:
    at = amplitude[:, None]
    lane = np.full((len(amplitude), len(low), 3), _PAPER, np.uint8)
    lane[np.abs(amplitude) <= half] = _MIDDLE
    wave = (at >= low - half) & (at <= high + half)
    lane[wave] = WAVE
    lane[wave & (np.abs(at) <= rms)] = BODY
    hot = (np.maximum(-low, high) >= FULL_SCALE)[None, :]
    lane[wave & hot & (np.abs(at) > FULL_SCALE - 0.06)] = HOT
    return lane
