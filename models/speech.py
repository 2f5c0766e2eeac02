"""Words that are spoken or sung, with their times, by a wav2vec2 model with a CTC head.

wav2vec 2.0 (Baevski et al., NeurIPS 2020) names a character, or none, for each 20 ms. It is trained
on speech: singing is told with many faults.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, cast

import torch
from transformers import (
    AutoFeatureExtractor,
    AutoModelForCTC,
    AutoTokenizer,
    BatchFeature,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    Wav2Vec2Config,
)
from transformers.feature_extraction_sequence_utils import SequenceFeatureExtractor
from transformers.utils.logging import disable_progress_bar

from models.audio_base import Samples, VoiceSpan
from models.audio_text.sounds import Mono, at_rate, checked, mixed
from models.base import Ending, Options, Piece
from models.ctc import Alphabet, Odds, Word, read_words
from models.devices import FreeBytes, best_device, free_bytes, too_large
from models.local.checkpoint import read_checkpoint, unusable
from models.local.generation import Line, worked
from models.local.resident import Resident
from models.local.weights import BROKEN, names_of, refusal
from models.voice_activity import widened
from models.watch import Watch

_LONGEST_SECONDS = 20.0
"""Of one piece; the attention's memory grows with its square."""
_TRAINING_ONLY = "masked_spec_embed"
"""Hides frames in training; wav2vec2-base-960h and others are published without it."""
_WORKING_SHARE = 0.5
"""Of the weights' size, what a piece takes besides."""


_Extract = Callable[..., BatchFeature]


class _Parts(NamedTuple):
    model: PreTrainedModel
    extractor: _Extract
    alphabet: Alphabet
    rate_hz: int
    frame_seconds: float


class Transcriber(Resident):
    """A checkpoint on this machine, loaded at its first use and used by one at a time."""

    def __init__(self, target: str, free: FreeBytes = free_bytes) -> None:
        """Name a folder, or a checkpoint in Hugging Face's cache; nothing is read yet."""
        super().__init__(target)
        self.name, self._free = f"transformers:{target}", free
        self._parts: _Parts | None = None

    def words(
        self,
        samples: Samples,
        sample_rate_hz: int,
        voices: Sequence[VoiceSpan] | None = None,
        options: Options | None = None,
    ) -> tuple[Word, ...]:
        """The words of a sound, in order.

        Args:
            samples: float32, (frames,) or (channels, frames), -1..1.
            sample_rate_hz: of the samples.
            voices: where voices are; by default everywhere.
            options: its time limits and its cancel event.

        Raises:
            SoundUnusable: it is too short, silent, not all numbers, or the rate is impossible.
            ModelFault: the checkpoint can't be used, or the call was cancelled or late.
        """
        with Watch(self.name, options or Options()) as watch:
            watch.check()
            sound = mixed(checked(samples, sample_rate_hz))
            seconds = len(sound) / sample_rate_hz
            spans = [(0.0, seconds)] if voices is None else widened(voices, seconds)
            found: list[Word] = []

            def work(line: Line) -> None:
                with self.busy:
                    self.load_once()
                    assert self._parts is not None
                    mono = at_rate(sound, sample_rate_hz, self._parts.rate_hz)
                    for start, end in _pieces(spans):
                        if line.stop.is_set():
                            return
                        found.extend(_words(self._parts, mono, start, end))
                line.box.put(Piece(ending=Ending("stop", 0, len(found), 0.0)))

            for _ in worked(work, self.name, watch):
                pass
            return tuple(found)

    def _drop(self) -> None:
        self._parts = None

    def _load(self) -> None:
        folder = self.folder
        checkpoint = read_checkpoint(folder)
        device = best_device()
        need, left = round((1 + _WORKING_SHARE) * checkpoint.weight_bytes), self._free(device)
        if need > left:
            raise too_large(self.name, need, left, device)
        disable_progress_bar()
        try:
            extractor = AutoFeatureExtractor.from_pretrained(folder, local_files_only=True)
            tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
            loaded: object = AutoModelForCTC.from_pretrained(
                folder,
                dtype=torch.float32,
                device_map={"": device},
                use_safetensors=True,
                local_files_only=True,
                output_loading_info=True,
                ignore_mismatched_sizes=True,  # refused below, by name
            )
        except BROKEN as fault:
            raise refusal(folder, fault) from fault
        model, notes = cast(tuple[PreTrainedModel, dict[str, object]], loaded)
        lost = [*names_of(notes.get("missing_keys")), *names_of(notes.get("mismatched_keys"))]
        if missing := [name for name in lost if not name.endswith(_TRAINING_ONLY)]:
            raise unusable(folder, f"missing or of another shape: {', '.join(missing[:20])}")
        rate_hz = int(cast(SequenceFeatureExtractor, extractor).sampling_rate)
        step = cast(Wav2Vec2Config, model.config).inputs_to_logits_ratio / rate_hz
        alphabet = _alphabet(cast(PreTrainedTokenizerBase, tokenizer))
        self._parts = _Parts(model, cast(_Extract, extractor), alphabet, rate_hz, step)


def _words(parts: _Parts, mono: Mono, start: float, end: float) -> Iterator[Word]:
    model, extractor, alphabet, rate_hz, frame_seconds = parts
    excerpt = mono[round(start * rate_hz) : round(end * rate_hz)]
    if len(excerpt) < 2 * frame_seconds * rate_hz:
        return
    inputs = extractor(excerpt, sampling_rate=rate_hz, return_tensors="pt")
    with torch.inference_mode():
        given = {name: value.to(model.device) for name, value in inputs.items()}
        logits: torch.Tensor = model(**given).logits
    odds: Odds = logits[0].float().softmax(-1).cpu().numpy()
    yield from read_words(odds, alphabet, frame_seconds, start)


def _alphabet(tokenizer: PreTrainedTokenizerBase) -> Alphabet:
    vocabulary = tokenizer.get_vocab()
    special = set(tokenizer.all_special_ids)
    gap = vocabulary.get(str(getattr(tokenizer, "word_delimiter_token", "|")), -1)
    letters = {at: text for text, at in vocabulary.items() if at not in special and at != gap}
    return Alphabet(letters, gap)


def _pieces(spans: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Stretches cut into equal pieces that are short enough."""
    for start, end in spans:
        count = max(1, -int(-(end - start) // _LONGEST_SECONDS))
        step = (end - start) / count
        for at in range(count):
            yield start + at * step, start + (at + 1) * step
