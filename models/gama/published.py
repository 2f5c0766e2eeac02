"""Read the files that GAMA's weights are published in: a Llama folder and a PyTorch file."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import cast

import torch
from huggingface_hub.errors import StrictDataclassError
from safetensors import SafetensorError, safe_open
from torch import Tensor

from grym_synth.errors import WeightsUnusable
from models.gama.configuration import GamaAudioConfig, GamaConfig
from models.gama.keys import Shape, canonical

Sizes = Mapping[str, object]


@dataclass(frozen=True)
class Tensors:
    """Named tensors of some files, read one at a time."""

    shapes: Mapping[str, Shape]
    """By canonical name."""
    read: Callable[[str], Tensor]
    """Gives a tensor by its canonical name."""


def read_config(folder: Path) -> GamaConfig:
    """The model's sizes, from the ``config.json`` of a Llama folder.

    The audio part has the published sizes, unless the file has sections ``audio_encoder``,
    ``qformer`` and ``aggregator`` beside ``llama``.

    Raises:
        WeightsUnusable: There is no such file, or it doesn't say ``rms_norm_eps``, which differs
            between copies of Llama 2 and must not be guessed, or its sizes can't be.
    """
    file = folder / "config.json"
    found = _read_json(file)
    llama = found.get("llama", found)
    if not isinstance(llama, dict) or llama.get("rms_norm_eps") is None:
        raise _unusable(file, "it doesn't say rms_norm_eps")
    try:
        return _config_of(found, llama)
    except (KeyError, TypeError, ValueError, StrictDataclassError) as error:
        raise _unusable(file, f"{type(error).__name__}: {error}") from error


def _config_of(found: Sizes, llama: Sizes) -> GamaConfig:
    ignored = ("architectures", "torch_dtype", "dtype", "transformers_version", "model_type")
    text = {name: one for name, one in llama.items() if name not in ignored}
    if "audio_encoder" not in found:
        return GamaConfig(text_config=text)
    sections = ("audio_encoder", "qformer", "aggregator")
    encoder, qformer, aggregator = (cast(Sizes, found[name]) for name in sections)
    return GamaConfig(
        text_config=text,
        audio_config=_audio_config(encoder, aggregator),
        qformer_config={name: one for name, one in qformer.items() if name != "num_query_tokens"},
        num_query_tokens=cast(int, qformer["num_query_tokens"]),
    )


def _audio_config(encoder: Sizes, aggregator: Sizes) -> GamaAudioConfig:
    width = cast(int, encoder["hidden_size"])
    return GamaAudioConfig(
        hidden_size=width,
        num_hidden_layers=cast(int, encoder["num_layers_a"]) + cast(int, encoder["num_layers_u"]),
        num_attention_heads=cast(int, encoder["num_attention_heads"]),
        intermediate_size=int(width * cast(float, encoder["mlp_ratio"])),
        patch_size=cast(int, encoder["patch_size"]),
        num_mel_bins=cast(int, encoder["num_mel_bins"]),
        max_length=cast(int, encoder["max_length"]),
        layer_norm_eps=cast(float, encoder["layer_norm_eps"]),
        feature_divisor=cast(float, encoder["feature_scale"]),
        num_aggregator_layers=cast(int, aggregator["num_layers"]),
        aggregator_attention_heads=cast(int, aggregator["num_attention_heads"]),
        aggregator_intermediate_size=cast(int, aggregator["intermediate_size"]),
        aggregator_layer_norm_eps=cast(float, aggregator["layer_norm_eps"]),
    )


def open_llama(folder: Path) -> Tensors:
    """Look into all ``.safetensors`` files of a folder; a file is mapped only while it is read."""
    shapes: dict[str, Shape] = {}
    where: dict[str, tuple[Path, str]] = {}
    for path in sorted(folder.glob("*.safetensors")):
        for name, shape in _shapes_in(path).items():
            bare = canonical(name)
            if bare in where:
                raise _unusable(path, f"{name} is in another file too")
            shapes[bare], where[bare] = shape, (path, name)
    if not shapes:
        raise _unusable(folder, "it holds no .safetensors file")

    def read(bare: str) -> Tensor:
        path, name = where[bare]
        with safe_open(path, "pt") as opened:
            return cast(Tensor, opened.get_tensor(name))

    return Tensors(shapes, read)


def _shapes_in(path: Path) -> dict[str, Shape]:
    try:
        with safe_open(path, "pt") as opened:
            names = opened.keys()
            return {name: tuple(opened.get_slice(name).get_shape()) for name in names}
    except (SafetensorError, OSError) as error:
        raise _unusable(path, str(error)) from error


def open_gama(path: Path) -> Tensors:
    """Open a PyTorch file of plain tensors, mapped into memory; code in it is refused."""
    if not path.is_file():
        raise _unusable(path, "there is no such file")
    try:
        found = torch.load(path, map_location="cpu", mmap=True, weights_only=True)
    except (UnpicklingError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise _unusable(path, f"it isn't a plain PyTorch state dict ({error})") from error
    if not isinstance(found, dict) or not all(isinstance(one, Tensor) for one in found.values()):
        raise _unusable(path, "it holds other things than named tensors")
    tensors = {canonical(name): one for name, one in found.items()}
    return Tensors({name: tuple(one.shape) for name, one in tensors.items()}, tensors.__getitem__)


def read_key_list(path: Path) -> dict[str, Shape]:
    """Names and shapes from a JSON object ``{name: [shape, type]}``."""
    found = cast(dict[str, list[list[int]]], _read_json(path))
    try:
        return {canonical(name): tuple(map(int, one[0])) for name, one in found.items()}
    except (TypeError, ValueError, IndexError) as error:
        raise _unusable(path, "it isn't a list {name: [shape, type]}") from error


def _read_json(path: Path) -> dict[str, object]:
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise _unusable(path, str(error)) from error
    if not isinstance(found, dict):
        raise _unusable(path, "it holds no JSON object")
    return found


def _unusable(path: Path, why: str) -> WeightsUnusable:
    return WeightsUnusable(
        f"read {path}", why.rstrip("."), "docs/gama.md says where to get the files."
    )
