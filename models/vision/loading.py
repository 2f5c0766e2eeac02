"""Load a folder's model in a precision that fits, or say in words why it can't be."""

from pathlib import Path

import transformers
from transformers import BitsAndBytesConfig, PreTrainedModel

from grym_synth.errors import ModelUnavailable
from grym_synth.settings import Fit
from models.devices import (
    FreeBytes,
    can_quantise,
    in_4_bits,
    in_8_bits,
    too_large,
)
from models.local.checkpoint import read_checkpoint
from models.local.precision import Precision
from models.local.weights import load_weights
from models.vision.checkpoint_eyes import family_of
from models.vision.memory_need import estimate, own_precision, read_shape

_KEPT = ["model.visual", "lm_head"]
"""Linear layers that are never quantised; the library wants their whole prefix."""


def load_model(
    folder: Path, name: str, fit: Fit, context_tokens: int, device: str, free: FreeBytes
) -> PreTrainedModel:
    """Load a checked folder's model onto a device.

    Args:
        folder: the checkpoint.
        name: the model, for errors.
        fit: the precision; ``auto`` takes the first that fits.
        context_tokens: the window to leave room for.
        device: the one that is wanted.
        free: measures a device.

    Raises:
        WeightsUnusable: files are missing or broken.
        NotEnoughMemory: the device has less free than the model and its window take.
        ModelUnavailable: the package for the precision is not installed.
    """
    checkpoint = read_checkpoint(folder)
    precision = _chosen(folder, name, fit, context_tokens, free(device), device)
    kind: type[PreTrainedModel] = getattr(transformers, family_of(checkpoint.config, name).model)
    return load_weights(kind, folder, device, _quantisation(precision))


def _chosen(
    folder: Path, name: str, fit: Fit, context_tokens: int, left: int, device: str
) -> Precision:
    config = read_shape(folder, name)
    own = own_precision(config)
    wanted: tuple[Precision, ...]
    match fit:
        case "full":
            wanted = (own,)
        case "int8" | "int4":
            wanted = (_installed(fit, name),)
        case "auto":
            wanted = (own, "int8", "int4") if can_quantise() else (own,)
    needs = {one: estimate(config, one, context_tokens).total for one in wanted}
    for one, need in needs.items():
        if need <= left:
            return one
    raise too_large(name, min(needs.values()), left, device)


def _installed(precision: Precision, name: str) -> Precision:
    if can_quantise():
        return precision
    raise ModelUnavailable(
        f"loading {name} in {precision}",
        "bitsandbytes is not installed",
        "Install it: pip install -e '.[quantised]'",
    )


def _quantisation(precision: Precision) -> BitsAndBytesConfig | None:
    match precision:
        case "int8":
            return in_8_bits(_KEPT)
        case "int4":
            return in_4_bits(_KEPT)
    return None
