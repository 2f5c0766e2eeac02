"""Load a converted folder, or say in words why it can't be."""

from pathlib import Path
from typing import NamedTuple, cast

import torch
from safetensors import SafetensorError, safe_open
from transformers import BitsAndBytesConfig
from transformers.utils.logging import disable_progress_bar

from grym_synth.errors import ModelFault, NotEnoughMemory, WeightsUnusable
from models.devices import can_quantise, free_bytes, in_4_bits, in_8_bits, ran_out, used_up
from models.gama.configuration import GamaConfig
from models.gama.memory_need import estimate
from models.gama.modeling import GamaForConditionalGeneration
from models.gama.processing import GamaProcessor
from models.gama.registry import register
from models.local import checkpoint
from models.local.precision import Precision
from models.local.weights import BROKEN, names_of

DTYPES = {
    "float32": torch.float32,
    "bfloat16": torch.bfloat16,
    "float16": torch.float16,
    "int8": torch.float16,  # LLM.int8() computes in it
    "int4": torch.bfloat16,
}
"""Of all that is neither quantised nor audio."""
_KEPT = ["model.audio_stack", "lm_head"]
"""Linear layers that are never quantised."""


class Gama(NamedTuple):
    """A model that is ready, and what makes its inputs."""

    model: GamaForConditionalGeneration
    processor: GamaProcessor


def load(
    folder: Path,
    precision: Precision = "bfloat16",
    device: str = "cpu",
    context_tokens: int = 1024,
) -> Gama:
    """Load a folder that ``models.gama.convert`` wrote.

    Args:
        folder: The model's folder; nothing is ever fetched.
        precision: Of the decoder; the audio stack stays in float32.
        device: ``cpu``, ``cuda`` or ``cuda:N``.
        context_tokens: Longest context to leave room for.

    Raises:
        WeightsUnusable: Files are missing or broken.
        NotEnoughMemory: The device has less free than the model and its context take.
        ModelFault: There is no such device, or no package for the precision.
    """
    config = read_config(folder)
    check_files(folder)
    quantisation = quantisation_of(precision)
    _check_memory(folder, config, precision, device, context_tokens)
    register()
    disable_progress_bar()
    try:
        processor = GamaProcessor.from_pretrained(folder, local_files_only=True)
        loaded: object = GamaForConditionalGeneration.from_pretrained(
            folder,
            dtype=DTYPES[precision],
            device_map={"": device},
            quantization_config=quantisation,
            use_safetensors=True,
            local_files_only=True,
            output_loading_info=True,
            ignore_mismatched_sizes=True,  # refused below, by name
        )
    except BROKEN as error:
        raise used_up(f"load {folder}") if ran_out(error) else _broken(folder, error) from error
    model, notes = cast(tuple[GamaForConditionalGeneration, dict[str, object]], loaded)
    _check_notes(folder, notes)
    return Gama(model, processor)


def read_config(folder: Path) -> GamaConfig:
    """The sizes of a folder's model; raises ``WeightsUnusable`` if it holds another kind."""
    kind = checkpoint.read_config(folder).get("model_type")
    if kind != GamaConfig.model_type:
        raise _unusable(folder, f"it holds a model of the kind {kind}")
    try:
        return GamaConfig.from_pretrained(folder, local_files_only=True)
    except BROKEN as error:
        raise _broken(folder, error) from error


def check_files(folder: Path) -> None:
    """Open each file of weights; raises ``WeightsUnusable`` for a missing one or one cut short."""
    for file in checkpoint.weight_files(folder):
        try:
            with safe_open(file, "pt"):
                pass
        except (SafetensorError, OSError) as error:
            raise _unusable(file, str(error)) from error


def _check_memory(
    folder: Path, config: GamaConfig, precision: Precision, device: str, context_tokens: int
) -> None:
    need = estimate(config, precision, context_tokens).total
    free = free_bytes(device)
    if need > free:
        raise NotEnoughMemory(
            f"load {folder} in {precision}",
            f"it takes {need / 2**30:.1f} GiB and {free / 2**30:.1f} GiB are free on {device}",
            "Free some, shorten the context, or take int8 or int4.",
        )


def quantisation_of(precision: Precision) -> BitsAndBytesConfig | None:
    """What ``from_pretrained`` is told of a precision, beside the dtype."""
    if precision not in ("int8", "int4"):
        return None
    if not can_quantise():
        raise ModelFault(
            f"load GAMA in {precision}",
            "the package bitsandbytes is not installed",
            "Install it with pip, or take bfloat16.",
        )
    if precision == "int8":
        return in_8_bits(_KEPT)
    return in_4_bits(_KEPT)


def _check_notes(folder: Path, notes: dict[str, object]) -> None:
    for what in ("missing_keys", "unexpected_keys", "mismatched_keys"):
        if names := names_of(notes.get(what)):
            raise _unusable(folder, f"{what.replace('_', ' ')}: {', '.join(names[:20])}")


def _broken(folder: Path, error: BaseException) -> WeightsUnusable:
    return _unusable(folder, " ".join(str(error).split())[:300])


def _unusable(path: Path, why: str) -> WeightsUnusable:
    return WeightsUnusable(
        f"load GAMA from {path}", why.strip(), "Convert it anew; docs/gama.md says how."
    )
