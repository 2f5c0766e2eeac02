"""A small network that hears notes: Basic Pitch, which comes inside a package.

R. M. Bittner and others, "A lightweight instrument-agnostic model for polyphonic note transcription
and multipitch estimation", ICASSP 2022; Apache-2.0. Its package asks for a whole framework for
training, so it is installed without its dependencies (``requirements/no-deps.txt``); only the file
with the network is used. It hears 22.05 kHz in windows of two seconds and says for each key of a
piano, 86 times a second, how surely it sounds and how surely it is struck.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol, cast

import numpy as np

from audio.blocks import Floats
from audio.transcribing.posteriors import PITCHES, Posteriors
from grym_synth.errors import ModelUnavailable

NAME = "basic-pitch"
RATE_HZ = 22_050
_HOP = 256
_WINDOW, _WINDOW_FRAMES = 43_844, 172
_MARGIN = 15
"""Frames at each end of a window that hear too little around them to be used."""
_STEP = _WINDOW_FRAMES - 2 * _MARGIN
_INPUT = "serving_default_input_2:0"
_OUTPUTS = ["StatefulPartitionedCall:1", "StatefulPartitionedCall:2"]
"""Names of the outputs that say what sounds and what is struck."""


def is_there() -> bool:
    """Whether the package with the network is installed."""
    return _file() is not None


def hear(mono: Floats) -> Posteriors:
    """Say which pitches sound and are struck.

    Args:
        mono: float32, (frames,), at 22,050 Hz.

    Raises:
        ModelUnavailable: the package is not installed.
    """
    session = _session()
    padded = np.concatenate((np.zeros(_MARGIN * _HOP, np.float32), mono.astype(np.float32)))
    frames = -(-len(mono) // _HOP)
    sounding, struck = [np.zeros((0, PITCHES), np.float32)], [np.zeros((0, PITCHES), np.float32)]
    for first in range(0, frames, _STEP):
        window = padded[first * _HOP : first * _HOP + _WINDOW]
        window = np.pad(window, (0, _WINDOW - len(window)))[None, :, None]
        parts = session.run(_OUTPUTS, {_INPUT: window})
        for kept, part in zip((sounding, struck), parts, strict=True):
            kept.append(part[0, _MARGIN : _MARGIN + _STEP])
    return Posteriors(
        sounding=np.concatenate(sounding)[:frames],
        struck=np.concatenate(struck)[:frames],
        frames_per_second=RATE_HZ / _HOP,
        source="the network Basic Pitch",
    )


def _file() -> Path | None:
    found = find_spec("basic_pitch")
    folders = found.submodule_search_locations if found is not None else None
    files = [Path(one) / "saved_models" / "icassp_2022" / "nmp.onnx" for one in folders or []]
    return next((file for file in files if file.is_file()), None)


class _Session(Protocol):
    """What is used of ``onnxruntime``."""

    def run(self, names: list[str], given: dict[str, Floats]) -> list[Floats]:
        """The outputs of these names."""
        ...


@cache
def _session() -> _Session:
    import onnxruntime

    file = _file()
    if file is None:
        raise ModelUnavailable(
            "hearing notes",
            "the network Basic Pitch is not installed",
            "pip install --no-deps -r requirements/no-deps.txt",
        )
    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = options.intra_op_num_threads = 1
    options.log_severity_level = 3
    opened = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    return cast(_Session, opened)
