"""What makes a model's inputs of text and pictures, from a folder's files, without torchvision.

The library's own processors of these models also bring a part for video, which needs torchvision
and, before it, a build of torch that matches. Pictures need neither.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import cast

from PIL import Image
from torch import Tensor
from transformers import AutoTokenizer, PreTrainedTokenizerBase, Qwen2VLImageProcessorPil
from transformers.processing_utils import ProcessorMixin

from models.base import Message
from models.local.checkpoint import unusable
from models.local.weights import BROKEN, refusal

_IMAGE = "<|image_pad|>"
"""Stands for a picture in the text of all these models."""

Conversation = Sequence[tuple[Message, Sequence[Image.Image]]]
"""Messages, each with its pictures in three colours."""


class PictureProcessor(ProcessorMixin):
    """Text and pictures to the inputs of Qwen2.5-VL, Qwen3-VL and Qwen3.5."""

    return_mm_token_type_ids = True

    def __init__(
        self,
        image_processor: Qwen2VLImageProcessorPil,
        tokenizer: PreTrainedTokenizerBase,
        chat_template: str | None = None,
    ) -> None:
        """Put the parts together."""
        self.image_token = _IMAGE
        self.image_token_id = tokenizer.convert_tokens_to_ids(_IMAGE)
        begin: Callable[..., None] = super().__init__  # untyped in the library
        begin(image_processor, tokenizer, chat_template=chat_template)

    def replace_image_token(
        self, image_inputs: Mapping[str, Sequence[Tensor]], image_idx: int, **kwargs: object
    ) -> str:
        """The places of a picture: one for each square of merged patches."""
        patches = int(image_inputs["image_grid_thw"][image_idx].prod())
        return _IMAGE * (patches // int(self.image_processor.merge_size) ** 2)

    @property
    def model_input_names(self) -> list[str]:
        """What ``generate`` takes."""
        return [*super().model_input_names, "mm_token_type_ids"]

    def inputs_of(
        self, asked: Sequence[Conversation], think: bool | None = None
    ) -> Mapping[str, Tensor]:
        """Inputs for conversations that wait for an answer; all rows end at the same place.

        Args:
            asked: special tokens in their texts are plain text.
            think: what templates that know it are told; None leaves it to them.
        """
        fill = cast(Callable[..., Mapping[str, Tensor]], self.apply_chat_template)
        return fill(
            [[_spoken(*one) for one in each] for each in asked],
            add_generation_prompt=True,
            tokenize=True,
            return_dict=True,
            sanitize_control_tokens=True,
            processor_kwargs={
                "return_tensors": "pt",
                "text_kwargs": {"padding": len(asked) > 1, "padding_side": "left"},
            },
            **_switches(think),
        )

    def count(self, messages: Sequence[Message], think: bool | None = None) -> int:
        """Tokens of a conversation that waits for an answer, each picture counted as one."""
        fill = cast(Callable[..., Mapping[str, Sequence[int]]], self.tokenizer.apply_chat_template)
        inputs = fill(
            [_spoken(one, [None] * len(one.pictures)) for one in messages],
            chat_template=self.chat_template,
            add_generation_prompt=True,
            tokenize=True,
            return_dict=True,
            sanitize_control_tokens=True,
            **_switches(think),
        )
        return len(inputs["input_ids"])


def read_processor(folder: Path) -> PictureProcessor:
    """The processor of a folder.

    Raises:
        WeightsUnusable: a file of it is missing or broken.
    """
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        image = Qwen2VLImageProcessorPil.from_pretrained(folder, local_files_only=True)
        template = _template(folder, tokenizer)
    except BROKEN as fault:
        raise refusal(folder, fault) from fault
    if template is None:
        raise unusable(folder, "it has no chat template")
    return PictureProcessor(image, tokenizer, template)


def _template(folder: Path, tokenizer: PreTrainedTokenizerBase) -> str | None:
    """The chat template, also where only the processor has one, as older checkpoints do."""
    held = folder / "chat_template.json"
    if isinstance(tokenizer.chat_template, str):
        return tokenizer.chat_template
    if not held.is_file():
        return None
    return str(json.loads(held.read_text(encoding="utf-8"))["chat_template"])


def _switches(think: bool | None) -> dict[str, bool]:
    return {} if think is None else {"enable_thinking": think}


def _spoken(message: Message, pictures: Sequence[Image.Image | None]) -> dict[str, object]:
    shown: list[dict[str, object]] = [{"type": "image", "image": one} for one in pictures]
    return {"role": message.role, "content": [*shown, {"type": "text", "text": message.text}]}
