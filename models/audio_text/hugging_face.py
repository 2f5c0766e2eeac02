"""Audio-text models of the installed ``transformers`` as listening models."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import transformers
from torch import Tensor
from transformers import AutoProcessor, PreTrainedModel
from transformers.processing_utils import ProcessorMixin

from grym_synth.errors import ModelUnable
from models.audio_base import AudioFacts
from models.audio_text.local import Asked, LocalEar
from models.audio_text.placing import place
from models.audio_text.sounds import Channels, at_rate, mixed
from models.devices import FreeBytes, free_bytes
from models.local.checkpoint import read_checkpoint, read_config, unusable, weight_files
from models.local.generation import Generates
from models.local.weights import BROKEN, load_weights, on_device, refusal

RATE_HZ = 16_000
"""All of them hear at this rate, one channel."""
QUESTION_TOKENS = 1000
"""They follow longer questions; more than this is no question."""


@dataclass(frozen=True)
class Family:
    """One architecture."""

    model: str
    """Its class in ``transformers``; the ``Auto`` classes don't know all of them."""
    hears_seconds: float
    """What its processor cuts off without a word, unless the folder's own says otherwise."""


FAMILIES: Mapping[str, Family] = {
    "audioflamingo3": Family("AudioFlamingo3ForConditionalGeneration", 600),
    "musicflamingo": Family("MusicFlamingoForConditionalGeneration", 1200),
    "qwen2_audio": Family("Qwen2AudioForConditionalGeneration", 30),
}
"""By the model type of ``config.json``. Audio Flamingo Next is a ``musicflamingo``."""


class TransformersEar(LocalEar):
    """A checkpoint of one of the families; in its own precision where that fits, else in 4 bits."""

    def __init__(self, target: str, free: FreeBytes = free_bytes) -> None:
        """Name a folder, or a checkpoint in Hugging Face's cache; nothing is read yet."""
        super().__init__(f"transformers:{target}", target)
        self._free = free
        self._model: PreTrainedModel | None = None
        self._processor: ProcessorMixin | None = None

    def facts(self) -> AudioFacts:
        """What it can do, and that its files are there."""
        family = self._family()
        for file in weight_files(self.folder):
            if not file.is_file():
                raise unusable(file, "there is no such file")
        return AudioFacts(self._longest(family), QUESTION_TOKENS)

    def _family(self) -> Family:
        kind = str(read_config(self.folder).get("model_type", ""))
        if kind not in FAMILIES:
            raise ModelUnable(
                f"opening {self.name}",
                f"a model of the kind {kind!r} can't be asked about sound here",
                f"Name one of the kinds {', '.join(FAMILIES)}",
            )
        return FAMILIES[kind]

    def _longest(self, family: Family) -> float:
        try:
            told = json.loads((self.folder / "processor_config.json").read_text(encoding="utf-8"))
            return float(told["max_audio_len"])
        except (OSError, ValueError, LookupError, TypeError):
            return family.hears_seconds

    def _load(self) -> None:
        checkpoint = read_checkpoint(self.folder)
        placing = place(self.name, checkpoint.weight_bytes, self.device, self._free)
        kind: type[PreTrainedModel] = getattr(transformers, self._family().model)
        try:
            self._processor = AutoProcessor.from_pretrained(self.folder, local_files_only=True)
        except BROKEN as fault:
            raise refusal(self.folder, fault) from fault
        self._model = load_weights(kind, self.folder, placing.device, placing.quantisation)

    def _drop(self) -> None:
        self._model = None

    def _ask(self, sound: Channels, rate_hz: int, question: str) -> Asked:
        assert self._model is not None and self._processor is not None
        content: list[dict[str, object]] = [
            {"type": "audio", "audio": at_rate(mixed(sound), rate_hz, RATE_HZ)},
            {"type": "text", "text": question},
        ]
        inputs = self._processor.apply_chat_template(
            cast(list[dict[str, str]], [{"role": "user", "content": content}]),
            add_generation_prompt=True,
            tokenize=True,
            return_dict=True,
            sanitize_control_tokens=True,
            processor_kwargs={"sampling_rate": RATE_HZ, "return_tensors": "pt"},
        )
        held = on_device(cast(Mapping[str, Tensor], inputs), self._model)
        return Asked(cast(Generates, self._model), self._processor.tokenizer, held)
