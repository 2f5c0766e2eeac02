"""Architectures that see: their classes in ``transformers`` and how they tell places."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.vision.eyes import Coordinates


@dataclass(frozen=True, slots=True)
class Family:
    """One architecture."""

    model: str
    """Its class in ``transformers``."""
    coordinates: Coordinates


FAMILIES: Mapping[str, Family] = {
    "qwen2_5_vl": Family("Qwen2_5_VLForConditionalGeneration", "pixels"),
    "qwen3_vl": Family("Qwen3VLForConditionalGeneration", "thousandths"),
    "qwen3_vl_moe": Family("Qwen3VLMoeForConditionalGeneration", "thousandths"),
    "qwen3_5": Family("Qwen3_5ForConditionalGeneration", "thousandths"),
    "qwen3_5_moe": Family("Qwen3_5MoeForConditionalGeneration", "thousandths"),
}
"""By the model type of ``config.json``. Qwen2.5-VL was trained on places in pixels (its technical
report, 2025), Qwen3-VL on thousandths of each side (its cookbook on grounding, 2025), as was
Qwen3.5, which shares its processor."""
