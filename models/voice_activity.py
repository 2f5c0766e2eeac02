"""Where a voice is heard: Silero VAD, a small network that comes inside a package.

The network (MIT licence, 16 kHz, one probability for 32 ms) was made for speech. Over loud
instruments it misses singing, and now and then takes a lead instrument for a voice.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from grym_synth.errors import ModelUnavailable
from models.audio_base import Samples, VoiceSpan
from models.audio_text.sounds import Mono, at_rate, checked, mixed

RATE_HZ = 16_000
NAME = "silero-vad"
MARGIN_SECONDS = 0.2
"""Heard before and after a voice, so that no first or last sound is lost."""

_FRAME = 512
_BEFORE = 64
"""Samples of the frame before that each frame is heard with."""
_BLOCK = 512
"""Frames of one call."""
_SECONDS = _FRAME / RATE_HZ
_ON, _OFF = 0.5, 0.35
"""Probabilities at which a voice begins and ends: the network's documented defaults."""
_LEAST_VOICE_SECONDS = 0.25
_LEAST_GAP_SECONDS = 0.1
_FILE = "silero_vad_16k_sequence.onnx"

Probabilities = NDArray[np.float32]


def is_there() -> bool:
    """Whether the package is installed, in a version that has the network."""
    return _network() is not None


def widened(
    voices: Sequence[VoiceSpan], seconds: float, margin: float = MARGIN_SECONDS
) -> list[tuple[float, float]]:
    """Start and end of stretches with a margin round each; those that then touch are one.

    Args:
        voices: in the order of time.
        seconds: the length of the sound.
        margin: in seconds.
    """
    joined: list[tuple[float, float]] = []
    for one in voices:
        start, end = max(0.0, one.start - margin), min(seconds, one.end + margin)
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def find_voices(samples: Samples, sample_rate_hz: int) -> tuple[VoiceSpan, ...]:
    """The stretches of a sound in which a voice is heard.

    Args:
        samples: float32, (frames,) or (channels, frames), -1..1.
        sample_rate_hz: of the samples.

    Raises:
        SoundUnusable: it is too short, silent, not all numbers, or the rate is impossible.
        ModelUnavailable: the package is not installed.
    """
    mono = at_rate(mixed(checked(samples, sample_rate_hz)), sample_rate_hz, RATE_HZ)
    odds = _probabilities(mono)
    ends = len(mono) / RATE_HZ
    return tuple(
        VoiceSpan(
            round(first * _SECONDS, 3),
            round(min(last * _SECONDS, ends), 3),
            round(float(odds[first:last].mean()), 3),
        )
        for first, last in _spans(odds)
    )


def _probabilities(mono: Mono) -> Probabilities:
    """That a voice is in each frame of 32 ms: (frames,)."""
    session = _session()
    frames = np.pad(mono, (0, -len(mono) % _FRAME)).reshape(-1, _FRAME)
    before = np.vstack([np.zeros((1, _BEFORE), np.float32), frames[:-1, -_BEFORE:]])
    heard = np.hstack([before, frames])
    state = {"h": np.zeros((1, 1, 128), np.float32), "c": np.zeros((1, 1, 128), np.float32)}
    found = []
    for first in range(0, len(heard), _BLOCK):
        block = {"input": heard[first : first + _BLOCK], **state}
        odds, state["h"], state["c"] = session.run(["speech_probs", "hn", "cn"], block)
        found.append(odds)
    every: Probabilities = np.concatenate(found)
    return every


def _spans(odds: Probabilities) -> Iterator[tuple[int, int]]:
    """First frame and end of each stretch; short gaps are within, short voices are none."""
    joined: list[tuple[int, int]] = []
    for first, last in _raw_spans(odds):
        if joined and (first - joined[-1][1]) * _SECONDS < _LEAST_GAP_SECONDS:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    for first, last in joined:
        if (last - first) * _SECONDS >= _LEAST_VOICE_SECONDS:
            yield first, last


def _raw_spans(odds: Probabilities) -> Iterator[tuple[int, int]]:
    began: int | None = None
    for at, one in enumerate(odds):
        if began is None and one >= _ON:
            began = at
        elif began is not None and one < _OFF:
            yield began, at
            began = None
    if began is not None:
        yield began, len(odds)


def _network() -> Path | None:
    found = find_spec("silero_vad")
    folders = found.submodule_search_locations if found is not None else None
    files = [Path(folder) / "data" / _FILE for folder in folders or []]
    return next((file for file in files if file.is_file()), None)


class _Session(Protocol):
    """What is used of ``onnxruntime``."""

    def run(self, names: list[str], given: dict[str, Mono]) -> list[Mono]:
        """The outputs of these names."""
        ...


@cache
def _session() -> _Session:
    import onnxruntime

    file = _network()
    if file is None:
        raise ModelUnavailable(
            "finding voices", "silero-vad is not installed", "pip install -e '.[models]'"
        )
    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = options.intra_op_num_threads = 1
    options.log_severity_level = 3
    opened = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    return cast(_Session, opened)
