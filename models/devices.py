"""What a device has free, and how a decoder's linear layers are made small enough for it."""

import re
from collections.abc import Callable
from importlib.util import find_spec

import psutil
import torch
from transformers import BitsAndBytesConfig

from grym_synth.errors import MemoryUsedUp, ModelFault, NotEnoughMemory

FreeBytes = Callable[[str], int]
"""Memory of a device that is free now, in bytes."""

_GIB = 2**30
_IN_WORDS = re.compile(r"can(?:'t|not) allocate memory|out of memory", re.IGNORECASE)


def best_device() -> str:
    """The first GPU, or the processor where there is none."""
    return "cuda:0" if torch.cuda.is_available() else "cpu"


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


def free_cache() -> None:
    """Give memory of tensors that are gone back to the graphics processor, where there is one."""
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def can_quantise() -> bool:
    """Whether the package for it is installed."""
    return find_spec("bitsandbytes") is not None


def in_8_bits(kept: list[str]) -> BitsAndBytesConfig:
    """What ``from_pretrained`` is told of linear layers in LLM.int8(); ``kept`` ones stay."""
    return BitsAndBytesConfig(load_in_8bit=True, llm_int8_skip_modules=kept)


def in_4_bits(kept: list[str]) -> BitsAndBytesConfig:
    """What ``from_pretrained`` is told of linear layers in NF4; ``kept`` ones stay as they are."""
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16,
        llm_int8_skip_modules=kept,
    )


def ran_out(fault: BaseException) -> bool:
    """Whether a fault says that memory was used up; on a processor torch only words it."""
    in_words = isinstance(fault, RuntimeError | OSError) and _IN_WORDS.search(str(fault))
    return isinstance(fault, MemoryError | torch.OutOfMemoryError) or bool(in_words)


def used_up(tried: str) -> MemoryUsedUp:
    """The error for memory that was used up though enough seemed to be there."""
    happened = "the memory was used up while it worked"
    return MemoryUsedUp(tried, happened, "Free some, or take a smaller model")


def too_large(name: str, need: int, left: int, device: str) -> NotEnoughMemory:
    """The error for a model that doesn't fit."""
    install = "" if can_quantise() else ", or install bitsandbytes"
    return NotEnoughMemory(
        f"loading {name}",
        f"it takes {need / _GIB:.1f} GiB and {left / _GIB:.1f} GiB are free on {device}",
        f"Free some, take a smaller model{install}",
    )
