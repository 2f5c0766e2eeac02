"""How much memory GAMA takes, told from its sizes alone, before anything is loaded."""

import re
from dataclasses import dataclass

import torch

from models.gama.assembly import is_audio, weights_of
from models.gama.configuration import GamaConfig
from models.local.precision import QUANTISED, WIDTHS, Precision, linear_bytes

_LINEAR = re.compile(r"model\.language_model\.layers\.\d+\.(self_attn|mlp)\..*\.weight")
_WORKSPACE = 64 * 2**20
"""What the libraries of matrix products hold for themselves."""


@dataclass(frozen=True)
class MemoryNeed:
    """Bytes by part."""

    decoder: int
    """The decoder's linear layers, with the scales of quantised ones."""
    embeddings: int
    """Token embeddings, head and norms."""
    audio: int
    """The audio stack, always in float32."""
    cache: int
    """Keys and values of the whole context, clip included."""
    working: int
    """What one pass over the whole context needs beside them."""

    @property
    def weights(self) -> int:
        """What stays while nothing is generated."""
        return self.decoder + self.embeddings + self.audio

    @property
    def total(self) -> int:
        """All of it."""
        return self.weights + self.cache + self.working


def estimate(config: GamaConfig, precision: Precision, context_tokens: int = 1024) -> MemoryNeed:
    """Tell what a model takes.

    Args:
        config: Its sizes.
        precision: Of the decoder.
        context_tokens: Longest clip, prompt and answer together, summed over a batch.
    """
    shapes = {name: torch.Size(shape) for name, shape in weights_of(config).items()}
    linear = [shape for name, shape in shapes.items() if _LINEAR.fullmatch(name)]
    audio = sum(shape.numel() for name, shape in shapes.items() if is_audio(name))
    every = sum(shape.numel() for shape in shapes.values())
    rest = every - audio - sum(shape.numel() for shape in linear)
    width = WIDTHS[precision]
    text = config.text
    head = text.head_dim or text.hidden_size // text.num_attention_heads
    heads = text.num_key_value_heads or text.num_attention_heads
    return MemoryNeed(
        decoder=sum(linear_bytes(shape, precision) for shape in linear),
        embeddings=rest * width,
        audio=audio * 4,
        cache=2 * text.num_hidden_layers * heads * head * width * context_tokens,
        working=_working_bytes(config, width, context_tokens)
        + _WORKSPACE
        + (4 * max(shape.numel() for shape in linear) if precision in QUANTISED else 0),
    )


def _working_bytes(config: GamaConfig, width: int, context_tokens: int) -> int:
    """The widest layer of each part, its input, output and residual, and float32 logits."""
    audio, text = config.audio, config.text
    patches = audio.frequency_patches * audio.time_patches
    heard = 4 * patches * (2 * audio.intermediate_size + 4 * audio.hidden_size)
    read = width * context_tokens * (3 * text.intermediate_size + 4 * text.hidden_size)
    return max(heard, read) + 4 * 4 * text.vocab_size
