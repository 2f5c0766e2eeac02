"""GAMA as a listening model."""

from typing import cast

import numpy as np

from models.audio_base import AudioFacts
from models.audio_text.local import Asked, LocalEar
from models.audio_text.sounds import SILENT_PEAK, Channels
from models.devices import FreeBytes, can_quantise, free_bytes, too_large
from models.gama.configuration import GamaConfig
from models.gama.feature_extraction import Channel
from models.gama.loading import Gama, check_files, load, read_config
from models.gama.memory_need import estimate
from models.gama.processing import TRAINED_TOKENS
from models.local.generation import Generates
from models.local.precision import Precision
from models.local.resident import ON_PROCESSOR

CLIP_SECONDS = 10.24
"""1024 frames of 10 ms."""

_CONTEXT_TOKENS = 1024
"""A clip, a question and the longest answer."""
_FORM_TOKENS = 20
"""What the form of a question takes of the tokens that GAMA saw in training."""


class GamaEar(LocalEar):
    """A folder that ``models.gama.convert`` wrote; in 16 bits where that fits, else in 4."""

    def __init__(self, target: str, free: FreeBytes = free_bytes) -> None:
        """Name a folder; nothing is read yet."""
        super().__init__(f"gama:{target}", target)
        self._free = free
        self._gama: Gama | None = None

    def facts(self) -> AudioFacts:
        """What it can do, and that its files are there."""
        read_config(self.folder)
        check_files(self.folder)
        return AudioFacts(CLIP_SECONDS, TRAINED_TOKENS - _FORM_TOKENS)

    def _load(self) -> None:
        precision = self._precision(read_config(self.folder), self.device)
        self._gama = load(self.folder, precision, self.device, _CONTEXT_TOKENS)

    def _lessen(self, seconds: float) -> str:
        """It takes as much for any part of a clip."""
        return ON_PROCESSOR if self.leave_gpu() else ""

    def _drop(self) -> None:
        self._gama = None

    def _precision(self, config: GamaConfig, device: str) -> Precision:
        left = self._free(device)
        choices: tuple[Precision, ...] = ("bfloat16", "int4") if can_quantise() else ("bfloat16",)
        needs = {one: estimate(config, one, _CONTEXT_TOKENS).total for one in choices}
        for one, need in needs.items():
            if need <= left:
                return one
        raise too_large(self.name, min(needs.values()), left, device)

    def _ask(self, sound: Channels, rate_hz: int, question: str) -> Asked:
        assert self._gama is not None
        model, processor = self._gama
        inputs = processor(
            text=processor.prompt(question),
            audio=sound,
            sampling_rate=rate_hz,
            channel=_channel(sound),
        )
        return Asked(cast(Generates, model), processor.tokenizer, dict(inputs.to(model.device)))


def _channel(sound: Channels) -> Channel:
    """The left one, as GAMA was trained, unless nothing is on it."""
    left = sound[0]
    return "left" if np.abs(left - left.mean()).max() >= SILENT_PEAK else "mean"
