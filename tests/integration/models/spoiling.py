"""Ways to spoil a checkpoint's folder, each with what its model's refusal must name."""

from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

Spoil = Callable[[Path], str]


def without_weights(folder: Path) -> str:
    """Take the weights away."""
    file = _weights(folder)
    file.unlink()
    return file.name


def with_weights_cut_short(folder: Path) -> str:
    """Cut the weights short."""
    file = _weights(folder)
    file.write_bytes(file.read_bytes()[:-64])
    return file.name


def without_a_tensor(folder: Path) -> str:
    """Take one tensor away."""
    file = _weights(folder)
    tensors = load_file(file)
    lost = sorted(tensors)[0]
    del tensors[lost]
    save_file(tensors, file, metadata={"format": "pt"})
    return lost.split(".")[-1]


def with_pickled_weights(folder: Path) -> str:
    """Put weights as pickle, which are never read, in the place of the others."""
    for file in folder.glob("*.safetensors*"):
        file.unlink()
    torch.save({}, folder / "pytorch_model.bin")
    return r"model\.safetensors"


def with_a_broken_configuration(folder: Path) -> str:
    """Break the configuration off."""
    (folder / "config.json").write_text("{")
    return "model"


SPOILT: tuple[Spoil, ...] = (
    without_weights, with_weights_cut_short, without_a_tensor, with_pickled_weights,
    with_a_broken_configuration,
)  # fmt: skip


def _weights(folder: Path) -> Path:
    return sorted(folder.glob("*.safetensors"))[0]
