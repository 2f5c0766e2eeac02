"""Weights of a checked folder, loaded into a class of ``transformers``."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import cast

from huggingface_hub.errors import StrictDataclassError
from torch import Tensor
from transformers import BitsAndBytesConfig, PreTrainedModel
from transformers.utils.logging import disable_progress_bar

from grym_synth.errors import ModelFault
from models.devices import ran_out, used_up
from models.local.checkpoint import unusable

BROKEN = (
    OSError, ValueError, RuntimeError, LookupError, TypeError, AttributeError, ImportError,
    MemoryError, StrictDataclassError,
)  # fmt: skip
"""What the libraries raise for broken files and for full memory."""

_LONGEST_REASON = 300


def load_weights(
    kind: type[PreTrainedModel],
    folder: Path,
    device: str,
    quantisation: BitsAndBytesConfig | None = None,
) -> PreTrainedModel:
    """Load a folder's model in the precision of its files; nothing is fetched.

    Raises:
        WeightsUnusable: a tensor is missing or of another shape, or a file is broken.
        NotEnoughMemory: memory was used up.
    """
    disable_progress_bar()
    try:
        loaded: object = kind.from_pretrained(
            folder,
            dtype="auto",
            device_map={"": device},
            quantization_config=quantisation,
            use_safetensors=True,
            local_files_only=True,
            output_loading_info=True,
            ignore_mismatched_sizes=True,  # refused below, by name
        )
    except BROKEN as fault:
        raise refusal(folder, fault) from fault
    model, notes = cast(tuple[PreTrainedModel, Mapping[str, object]], loaded)
    for what in ("missing_keys", "mismatched_keys"):
        if names := names_of(notes.get(what)):
            raise unusable(folder, f"{what.replace('_', ' ')}: {', '.join(names[:20])}")
    return model


def names_of(keys: object) -> list[str]:
    """The names in a note on loading, which holds names, or tuples of a name and two shapes."""
    held = cast(Iterable[object], keys or ())
    return sorted(str(one[0] if isinstance(one, tuple) else one) for one in held)


def refusal(folder: Path, fault: BaseException) -> ModelFault:
    """The error for a folder that one of ``BROKEN`` kept from being loaded."""
    if ran_out(fault):
        return used_up(f"loading {folder}")
    return unusable(folder, " ".join(str(fault).split())[:_LONGEST_REASON])


def on_device(inputs: Mapping[str, Tensor], model: PreTrainedModel) -> dict[str, Tensor]:
    """Inputs where the model is, numbers with a fraction in its precision."""
    return {
        name: value.to(model.device, model.dtype)
        if value.is_floating_point()
        else value.to(model.device)
        for name, value in inputs.items()
    }
