"""What a device has free, and how a decoder's linear layers are made small enough for it."""

from importlib.util import find_spec

import psutil
import torch
from transformers import BitsAndBytesConfig

from grym_synth.errors import ModelFault


def free_bytes(device: str) -> int:
    """Memory of a device that is free now; raises ``ModelFault`` if there is no such device."""
    if not device.startswith("cuda"):
        return int(psutil.virtual_memory().available)
    try:
        return torch.cuda.mem_get_info(device)[0]
    except (RuntimeError, AssertionError) as error:  # the latter where torch has no CUDA at all
        raise ModelFault(
            f"load a model onto {device}", "there is no such device", "Take another, such as cpu."
        ) from error


def can_quantise() -> bool:
    """Whether the package for it is installed."""
    return find_spec("bitsandbytes") is not None


def in_4_bits(kept: list[str]) -> BitsAndBytesConfig:
    """What ``from_pretrained`` is told of linear layers in NF4; ``kept`` ones stay as they are."""
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16,
        llm_int8_skip_modules=kept,
    )
