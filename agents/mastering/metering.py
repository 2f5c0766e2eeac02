"""Loudness and true peak of a sound or a file, on the studio's meters and on a second one."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from agents.mastering.sounds import open_sound
from agents.recipes.sound import Sound
from audio.blocks import Block, Meter, Stream
from audio.levels import LevelMeter
from audio.loudness import LoudnessMeter
from audio.measurement import Measurement
from audio.stereo import StereoMeter
from audio.true_peak import TruePeakMeter

SECOND_METER = "pyebur128 (libebur128)"


@dataclass(frozen=True)
class Readings:
    """What was measured; None where it can't be told."""

    lufs: float | None
    true_peak_dbtp: float | None
    range_lu: float | None
    crest_db: float | None
    correlation: float | None
    frames: int


def read_meters(sound: Sound) -> Readings:
    """Measure a sound once through: BS.1770-4 loudness, true peak at 16 times oversampling."""
    stream = Stream(sound.rate, sound.channels, 0, 1024, 8192)
    meters = (LoudnessMeter(stream), TruePeakMeter(stream), LevelMeter(stream), StereoMeter(stream))
    frames, nothing = 0, np.zeros((0, 0), np.float32)
    for block in sound.blocks():
        samples = np.ascontiguousarray(block.T, dtype=np.float32)
        for meter in meters:
            _push(meter, Block(frames, samples, nothing, nothing))
        frames += len(block)
    told = {one.aspect: one for meter in meters for one in meter.finish()}
    return Readings(
        lufs=_number(told["loudness.integrated_lufs"]),
        true_peak_dbtp=_number(told["loudness.true_peak_dbtp"]),
        range_lu=_number(told["loudness.range_lu"]),
        crest_db=_number(told["dynamics.crest_db"]),
        correlation=_number(told["stereo.correlation"]),
        frames=frames,
    )


def second_lufs(path: Path) -> float | None:
    """Integrated loudness of a file on an independent implementation of BS.1770.

    Returns:
        LUFS; None where it can't be told.
    """
    import pyebur128

    sound = open_sound(path)
    state = pyebur128.R128State(sound.channels, sound.rate, pyebur128.MeasurementMode.MODE_I)
    for block in sound.blocks():
        state.add_frames(np.ascontiguousarray(block, dtype=np.float64).reshape(-1), len(block))
    value = float(pyebur128.get_loudness_global(state))
    return value if np.isfinite(value) else None


def _push(meter: Meter, block: Block) -> None:
    meter.push(block)


def _number(one: Measurement) -> float | None:
    return float(one.value) if isinstance(one.value, int | float) else None
