"""Make the model's weights from the published tensors, one at a time."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from models.gama.configuration import GamaConfig
from models.gama.keys import Recipe, Shape, check, recipes
from models.gama.modeling import GamaForConditionalGeneration
from models.gama.published import Tensors

LORA_SCALE = 2.0
"""The published adapters have rank 8 and alpha 16; their files don't say so."""


def weights_of(config: GamaConfig) -> dict[str, Shape]:
    """Names and shapes of a model's weights, in the model's order, without making the model."""
    with torch.device("meta"):
        model = GamaForConditionalGeneration(config)
    return {name: tuple(one.shape) for name, one in model.state_dict().items()}


def is_audio(name: str) -> bool:
    """Whether a weight belongs to the audio stack, which stays in float32."""
    return name.startswith("model.audio_stack.")


@dataclass(frozen=True)
class Assembly:
    """Checked files, from which each weight can be made."""

    shapes: Mapping[str, Shape]
    """Of the model's weights."""
    recipes: Mapping[str, Recipe]
    base: Tensors
    adapter: Tensors
    lora_scale: float = LORA_SCALE

    @classmethod
    def of(
        cls, config: GamaConfig, base: Tensors, adapter: Tensors, lora_scale: float = LORA_SCALE
    ) -> "Assembly":
        """Match files with a model; raises ``WeightsUnusable`` unless they match exactly."""
        shapes = weights_of(config)
        made_from = recipes(shapes, config, adapter.shapes)
        check(shapes, made_from, base.shapes, adapter.shapes)
        return cls(shapes, made_from, base, adapter, lora_scale)

    def make(self, name: str) -> Tensor:
        """Make one weight in float32, its LoRA factors merged."""
        recipe = self.recipes[name]
        parts = [self._read(source).float() for source in recipe.sources]
        weight = parts[0] if len(parts) == 1 else torch.cat(parts)
        if recipe.lora is None:
            return weight
        down, up = (self._read(f"{recipe.lora}.lora_{side}.weight").float() for side in "AB")
        return weight + self.lora_scale * (up @ down)

    def _read(self, name: str) -> Tensor:
        return (self.adapter if name in self.adapter.shapes else self.base).read(name)
