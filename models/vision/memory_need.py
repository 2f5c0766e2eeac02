"""How much memory a model that sees takes, told from its configuration before it is loaded."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
import transformers
from transformers import AutoConfig, PreTrainedConfig, PreTrainedModel

from models.local.checkpoint import read_config
from models.local.precision import QUANTISED, WIDTHS, Precision, linear_bytes
from models.local.weights import BROKEN, refusal
from models.vision.checkpoint_eyes import family_of

Shape = tuple[int, ...]

_VISION = re.compile(r"(model\.)?visual\.")
_LINEAR = re.compile(r"(model\.)?language_model\.layers\.\d+\..*proj\w*\.weight")
_WORKSPACE = 64 * 2**20
"""What the libraries of matrix products hold for themselves."""
_PATCHES_PER_TOKEN = 4
"""Patches that are merged into one token, 2 by 2, in all these models."""


@dataclass(frozen=True)
class MemoryNeed:
    """Bytes by part."""

    decoder: int
    """The decoder's linear layers, with the scales of quantised ones."""
    embeddings: int
    """Token embeddings, head and norms."""
    vision: int
    """The part that sees, never quantised."""
    cache: int
    """Keys and values of the whole context, pictures included."""
    working: int
    """What one pass over the whole context needs beside them."""

    @property
    def weights(self) -> int:
        """What stays while nothing is generated."""
        return self.decoder + self.embeddings + self.vision

    @property
    def total(self) -> int:
        """All of it."""
        return self.weights + self.cache + self.working


def read_shape(folder: Path, name: str) -> PreTrainedConfig:
    """The configuration of a folder's model.

    Raises:
        WeightsUnusable: it is missing or broken.
        ModelUnable: it is no model that can look.
    """
    family_of(read_config(folder), name)
    try:
        config: object = AutoConfig.from_pretrained(folder, local_files_only=True)
    except BROKEN as fault:
        raise refusal(folder, fault) from fault
    assert isinstance(config, PreTrainedConfig)
    return config


def own_precision(config: PreTrainedConfig) -> Precision:
    """The precision of a checkpoint's files, as its configuration says; 16 bits if it doesn't."""
    told = str(config.dtype or "").removeprefix("torch.")
    return "float32" if told == "float32" else "float16" if told == "float16" else "bfloat16"


def estimate(config: PreTrainedConfig, precision: Precision, context_tokens: int) -> MemoryNeed:
    """Tell what a model takes.

    Args:
        config: its sizes.
        precision: of the decoder.
        context_tokens: pictures, messages and answer together, summed over a batch.
    """
    shapes = weights_of(config)
    linear = [shape for name, shape in shapes.items() if _LINEAR.fullmatch(name)]
    sees = sum(_size(shape) for name, shape in shapes.items() if _VISION.match(name))
    rest = sum(map(_size, shapes.values())) - sees - sum(map(_size, linear))
    width = WIDTHS[precision]
    return MemoryNeed(
        decoder=sum(linear_bytes(shape, precision) for shape in linear),
        embeddings=rest * width,
        vision=sees * width,
        cache=_cache_bytes(config.get_text_config(), width) * context_tokens,
        working=_working_bytes(config, width, context_tokens)
        + _WORKSPACE
        + (4 * max(map(_size, linear)) if precision in QUANTISED else 0),
    )


def weights_of(config: PreTrainedConfig) -> Mapping[str, Shape]:
    """Names and shapes of a model's weights, tied ones once, without making the model."""
    kind: type[PreTrainedModel] = getattr(transformers, _class_of(config))
    with torch.device("meta"):
        model = kind(config)
    return {name: tuple(one.shape) for name, one in model.named_parameters()}


def _class_of(config: PreTrainedConfig) -> str:
    return family_of({"model_type": str(config.model_type)}, str(config.name_or_path)).model


def _cache_bytes(text: PreTrainedConfig, width: int) -> int:
    """Keys and values of one token: layers with linear attention keep none."""
    kinds = getattr(text, "layer_types", None)
    layers = text.num_hidden_layers
    if kinds is not None:
        layers = sum(one != "linear_attention" for one in kinds)
    head = getattr(text, "head_dim", None) or text.hidden_size // text.num_attention_heads
    heads = text.num_key_value_heads or text.num_attention_heads
    return int(2 * layers * heads * head * width)


def _working_bytes(config: PreTrainedConfig, width: int, context_tokens: int) -> int:
    """The widest layer of each part, its input, output and residual, and float32 logits."""
    sees, text = config.vision_config, config.get_text_config()
    patches = _PATCHES_PER_TOKEN * context_tokens
    seen = width * patches * (2 * sees.intermediate_size + 4 * sees.hidden_size)
    inner = getattr(text, "intermediate_size", None) or text.moe_intermediate_size
    read = width * context_tokens * (3 * inner + 4 * text.hidden_size)
    return int(max(seen, read) + 4 * 4 * text.vocab_size)


def _size(shape: Shape) -> int:
    return torch.Size(shape).numel()
