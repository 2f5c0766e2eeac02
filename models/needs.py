"""What a model takes of disk and memory, by its published sizes or by its file."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from grym_synth.errors import ModelMissing
from models.folders import folder_of

_GIB = 2**30
_KIB = 2**10

_WORKING_GIB = 1.5
"""Beside weights and cache: about 1 GiB of activations and buffers, and a device's context."""


class Need(NamedTuple):
    """What one model takes."""

    disk_gb: float
    """In 10⁹ bytes, as downloads are told."""
    memory_gib: float
    """Weights, cache at the window that was asked for, and working memory, in 2³⁰ bytes."""
    whole: bool
    """Whether the cache is in it; without, the memory is the least that it takes."""


class _Published(NamedTuple):
    disk_gb: float
    weights_gib: float
    cache_kib: float
    """Keys and values of one token in float16."""
    context_tokens: int
    """The longest window."""


_PUBLISHED: Mapping[str, _Published] = {
    "ollama:deepseek-r1:14b": _Published(9.0, 8.4, 192, 131_072),
    "ollama:deepseek-r1:8b": _Published(5.2, 4.9, 144, 131_072),
    "ollama:deepseek-r1:7b": _Published(4.7, 4.4, 56, 131_072),
    "ollama:qwen2.5-coder:14b": _Published(9.0, 8.4, 192, 32_768),
    "ollama:qwen2.5-coder:7b": _Published(4.7, 4.4, 56, 32_768),
    "ollama:qwen2.5vl:7b": _Published(6.0, 5.6, 56, 128_000),
    "gama": _Published(14.0, 13.4, 512, 1024),
}
"""Sizes in Ollama's library (Q4_K_M), and of GAMA's converted checkpoint in bfloat16. The cache is
2 · layers · key-value heads · head size · 2 bytes, from each model's configuration."""


def need_of(spec: str, context_tokens: int, listed: Mapping[str, int]) -> Need | None:
    """What a model takes; None when its size is not known.

    Args:
        spec: the string that opens the model.
        context_tokens: the window that is asked for.
        listed: bytes of the models that Ollama has, by name.
    """
    runtime, _, target = spec.partition(":")
    known = _PUBLISHED.get(spec) or (_PUBLISHED["gama"] if runtime == "gama" else None)
    if known is not None:
        tokens = min(context_tokens, known.context_tokens)
        cache = known.cache_kib * _KIB * tokens / _GIB
        return Need(known.disk_gb, round(known.weights_gib + cache + _WORKING_GIB, 1), True)
    size = listed.get(target, 0) if runtime == "ollama" else _bytes_of(target)
    if not size:
        return None
    return Need(round(size / 1e9, 1), round(size / _GIB + _WORKING_GIB, 1), False)


def _bytes_of(target: str) -> int:
    """Bytes of a model's file, or of the weights in its folder."""
    place = Path(target).expanduser()
    if not place.is_file():
        try:
            place = folder_of(target)
        except ModelMissing:
            return 0
    files = place.glob("*.safetensors") if place.is_dir() else [place]
    return sum(file.stat().st_size for file in files if file.is_file())
