"""A model's folder on this machine: checked, and read without loading any weights."""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue
from tokenizers import Tokenizer

from grym_synth.errors import WeightsUnusable

_LONGEST_HEADER = 100_000_000
"""Bytes; safetensors itself reads no longer one."""


@dataclass(frozen=True)
class Checkpoint:
    """A folder whose files are whole."""

    folder: Path
    config: Mapping[str, JsonValue]
    weight_bytes: int

    @property
    def kind(self) -> str:
        """The model type of its configuration."""
        return str(self.config.get("model_type", ""))


def read_checkpoint(folder: Path) -> Checkpoint:
    """Read the configuration and check that all files of weights are there and whole.

    Raises:
        WeightsUnusable: one is missing, cut short, or not safetensors.
    """
    return Checkpoint(folder, read_config(folder), sum(map(_weights_in, weight_files(folder))))


def read_config(folder: Path) -> Mapping[str, JsonValue]:
    """The model's configuration."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise unusable(folder, str(fault)) from fault
    if not isinstance(config, dict):
        raise unusable(folder, "config.json holds no object")
    return config


def weight_files(folder: Path) -> list[Path]:
    """The files of weights that the folder's index names, or the single one."""
    index = folder / "model.safetensors.index.json"
    if not index.is_file():
        return [folder / "model.safetensors"]
    try:
        names = set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as fault:
        raise unusable(index, str(fault)) from fault
    return [folder / str(name) for name in sorted(names)]


def read_tokenizer(folder: Path) -> Tokenizer | None:
    """The model's tokenizer; None where the folder holds none in one file."""
    file = folder / "tokenizer.json"
    if not file.is_file():
        return None
    try:
        return Tokenizer.from_file(str(file))
    except Exception as fault:  # the library raises nothing narrower
        raise unusable(file, str(fault)) from fault


def unusable(path: Path, why: str) -> WeightsUnusable:
    """The error for a file that can't be used."""
    do = "Download or convert the checkpoint anew, as safetensors"
    return WeightsUnusable(f"reading {path}", why.strip(), do)


def _weights_in(file: Path) -> int:
    """Bytes of the tensors in a file, by its header; a file cut short is found by its length."""
    try:
        with file.open("rb") as opened:
            (length,) = struct.unpack("<Q", opened.read(8))
            if length > _LONGEST_HEADER:
                raise unusable(file, "its header is no safetensors header")
            header = json.loads(opened.read(length))
            size = opened.seek(0, 2)
        held = [one["data_offsets"][1] for name, one in header.items() if name != "__metadata__"]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, struct.error) as fault:
        raise unusable(file, str(fault)) from fault
    if size < 8 + length + max(held, default=0):
        raise unusable(file, "it is cut short")
    return max(held, default=0)
