"""How a checkpoint's model sees, read from its folder's files alone."""

import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from grym_synth.errors import ModelUnable
from models.local.checkpoint import read_config, unusable
from models.vision.eyes import Eyes
from models.vision.families import FAMILIES, Family

_SETTINGS = ("preprocessor_config.json", "processor_config.json")
"""As published, and as newer releases of ``transformers`` write it."""


class _Size(BaseModel):
    model_config = ConfigDict(extra="ignore")

    shortest_edge: int | None = Field(default=None, ge=1)
    """Fewest pixels of the whole picture, whatever the name says."""
    longest_edge: int | None = Field(default=None, ge=1)
    """Most pixels of the whole picture."""


class _Processor(BaseModel):
    """What an image processor's settings say; what they leave out is Qwen2-VL's default."""

    model_config = ConfigDict(extra="ignore")

    patch_size: int = Field(default=14, ge=1, le=1024)
    merge_size: int = Field(default=2, ge=1, le=64)
    min_pixels: int | None = Field(default=None, ge=1)
    max_pixels: int | None = Field(default=None, ge=1)
    size: _Size = _Size()

    @property
    def least_pixels(self) -> int:
        return self.min_pixels or self.size.shortest_edge or 56 * 56

    @property
    def most_pixels(self) -> int:
        return self.max_pixels or self.size.longest_edge or 28 * 28 * 1280


class _Tower(BaseModel):
    model_config = ConfigDict(extra="ignore")

    patch_size: int | None = None
    spatial_merge_size: int | None = None


def family_of(config: Mapping[str, JsonValue], name: str) -> Family:
    """The architecture of a configuration.

    Raises:
        ModelUnable: it is none that can look.
    """
    kind = str(config.get("model_type", ""))
    if kind not in FAMILIES:
        raise ModelUnable(
            f"opening {name}",
            f"a model of the kind {kind!r} can't be asked about pictures here",
            f"Name one of the kinds {', '.join(FAMILIES)}",
        )
    return FAMILIES[kind]


def read_eyes(folder: Path, name: str) -> Eyes:
    """How the model of a folder sees.

    Raises:
        WeightsUnusable: its settings are missing, broken, or contradict each other.
        ModelUnable: it is no model that can look.
    """
    config = read_config(folder)
    family = family_of(config, name)
    told = _settings(folder)
    try:
        processor = _Processor.model_validate(told)
        tower = _Tower.model_validate(config.get("vision_config") or {})
    except ValidationError as fault:
        raise unusable(folder, f"its image processor's settings can't be used: {fault}") from fault
    wanted = (tower.patch_size or processor.patch_size,
              tower.spatial_merge_size or processor.merge_size)  # fmt: skip
    if wanted != (processor.patch_size, processor.merge_size):
        raise unusable(folder, "its image processor cuts other patches than its model reads")
    cell = processor.patch_size * processor.merge_size
    return Eyes(cell, processor.least_pixels, processor.most_pixels, family.coordinates)


def _settings(folder: Path) -> JsonValue:
    for name in _SETTINGS:
        file = folder / name
        if not file.is_file():
            continue
        try:
            told = json.loads(file.read_text(encoding="utf-8"))
            held = told.get("image_processor", told if name == _SETTINGS[0] else None)
        except (OSError, ValueError, AttributeError) as fault:
            raise unusable(file, str(fault)) from fault
        if held is not None:
            answer: JsonValue = held
            return answer
    raise unusable(folder, f"it has no {_SETTINGS[0]}")
