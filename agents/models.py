"""Which model each role is meant to have, and what does its work without it."""

from memory.context import Degraded
from models.presence import ollama_models

WANTED = {
    "supervisor": "ollama:deepseek-r1:14b",
    "gama": "gama",
    "qwen_vl": "ollama:qwen2.5vl:7b",
    "coder": "ollama:qwen2.5-coder:14b",
}
"""The model of each role on a machine that has them all."""


def missing_models(ollama_url: str) -> tuple[Degraded, ...]:
    """Say for each role that instruments do its work, and why."""
    served = ollama_models(ollama_url)
    return tuple(
        Degraded(role=role, wanted=wanted, used="instruments", why=_why(wanted, served, ollama_url))
        for role, wanted in WANTED.items()
    )


def _why(wanted: str, served: tuple[str, ...] | None, ollama_url: str) -> str:
    runtime, _, name = wanted.partition(":")
    if runtime != "ollama":
        return "no checkpoint of this model is configured"
    if served is None:
        return f"Ollama does not answer at {ollama_url}"
    if name not in served:
        return f"Ollama does not have {name}"
    return f"Ollama has {name}, but this version works on instruments only"
