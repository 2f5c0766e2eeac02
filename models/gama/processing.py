"""Turn questions about sounds into the model's inputs, and its output into answers."""

import logging
from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase
from transformers.processing_utils import ProcessorMixin

from grym_synth.errors import BadInput
from models.gama.feature_extraction import Channel, GamaFeatureExtractor, GamaInputs, Sound

logger = logging.getLogger(__name__)

TRAINED_TOKENS = 108
"""Tokens of prompt and answer together that GAMA saw at most in training."""
_PROMPT = "### Instruction:\n{instruction}\n\n### Response:\n"


class GamaProcessor(ProcessorMixin):
    """Put a clip's places before the beginning-of-sequence token, and the prompt after it.

    The places can't be written as text, so no text can add or move them.
    """

    def __init__(
        self,
        feature_extractor: GamaFeatureExtractor,
        tokenizer: PreTrainedTokenizerBase,
        audio_places: int = 96,
        audio_token_index: int = 32_000,
        pad_token_index: int = 0,
        **kwargs: object,
    ) -> None:
        """Join the parts.

        Args:
            feature_extractor: Makes features of sounds.
            tokenizer: Llama's.
            audio_places: Places that one clip fills.
            audio_token_index: Id that marks such a place; all ids of text are below it.
            pad_token_index: Fills the left of shorter prompts, masked out.
            kwargs: What ``transformers`` saves beside these.
        """
        super().__init__(  # type: ignore[no-untyped-call]
            feature_extractor, tokenizer, **kwargs
        )
        self.feature_extractor, self.tokenizer = feature_extractor, tokenizer
        self.audio_places, self.audio_token_index = audio_places, audio_token_index
        self.pad_token_index = pad_token_index

    def prompt(self, instruction: str) -> str:
        """The form in which GAMA was trained to be asked."""
        return _PROMPT.format(instruction=instruction)

    def __call__(
        self,
        text: str | Sequence[str],
        audio: Sound | Sequence[Sound] | None = None,
        sampling_rate: int = 16_000,
        channel: Channel | None = None,
    ) -> GamaInputs:
        """Make the inputs of ``generate`` from prompts and, if there are any, one sound for each.

        Args:
            text: Prompts, as ``prompt`` makes them. Special tokens written in them stay plain text.
            audio: As many sounds as prompts; see ``GamaFeatureExtractor``.
            sampling_rate: Of the sounds, in hertz.
            channel: Overrides the extractor's choice.

        Returns:
            ``input_ids`` and ``attention_mask``, int64, (batch, places), padded on the left, and
            with sounds ``input_features``, float32, (batch, 1024, 128).

        Raises:
            SoundUnusable: A sound can't be heard.
            BadInput: There are more sounds than prompts, or fewer.
        """
        prompts = [text] if isinstance(text, str) else list(text)
        inputs = GamaInputs()
        if audio is not None:
            inputs = self.feature_extractor(audio, sampling_rate, channel)
            if len(inputs["input_features"]) != len(prompts):
                raise BadInput(
                    "ask about sounds",
                    f"there are {len(prompts)} prompts for {len(inputs['input_features'])} sounds",
                    "Give one sound for each prompt.",
                )
        places = [] if audio is None else [self.audio_token_index] * self.audio_places
        inputs.update(self._padded([places + self._ids(prompt) for prompt in prompts]))
        return inputs

    def _ids(self, prompt: str) -> list[int]:
        ids = cast(list[int], self.tokenizer(prompt, split_special_tokens=True)["input_ids"])
        if max(ids) >= self.audio_token_index:
            raise BadInput(
                "read the prompt",
                "the tokenizer knows more tokens than the model",
                "Use the tokenizer that was converted with the model.",
            )
        if len(ids) > TRAINED_TOKENS:
            logger.warning(
                "The prompt has %d tokens; GAMA was trained on at most %d with the answer.",
                len(ids),
                TRAINED_TOKENS,
            )
        return ids

    def _padded(self, rows: list[list[int]]) -> dict[str, Tensor]:
        longest = max(map(len, rows))
        ids = [[self.pad_token_index] * (longest - len(row)) + row for row in rows]
        mask = [[0] * (longest - len(row)) + [1] * len(row) for row in rows]
        return {"input_ids": torch.tensor(ids), "attention_mask": torch.tensor(mask)}

    def answers(self, sequences: Tensor, inputs: GamaInputs) -> list[str]:
        """What the model wrote, without the prompt and special tokens.

        Args:
            sequences: What ``generate`` gave for these inputs; rows may be several per prompt.
            inputs: What this processor made.
        """
        new = sequences[:, inputs["input_ids"].shape[1] :]
        return [
            cast(str, self.tokenizer.decode(row, skip_special_tokens=True)).strip() for row in new
        ]
