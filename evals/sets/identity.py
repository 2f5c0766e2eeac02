"""Which model it was: its name with the version or digest that its runtime or its files tell."""

import hashlib
from pathlib import Path

from grym_synth.errors import ModelMissing
from grym_synth.settings import Settings
from models.folders import folder_of
from models.ollama_server import OllamaServer, quick_answer

_HEAD_BYTES = 16 << 20
_SHORT = 12


def identity(spec: str, settings: Settings) -> str:
    """A model's name, and what tells it from others of that name.

    Args:
        spec: the string that opens it.
        settings: where servers are.
    """
    runtime, _, target = spec.partition(":")
    match runtime:
        case "ollama":
            return f"{spec}{_ollama(target, settings)}"
        case "scripted":
            return f"{spec} (scripted: it proves plumbing, not skill)"
        case "llamacpp":
            return f"llamacpp:{Path(target).name}{_file(Path(target).expanduser())}"
        case "transformers" | "gama":
            return f"{spec}{_folder(target)}"
        case _:
            return f"{spec} (what its server runs)"


def _ollama(name: str, settings: Settings) -> str:
    digests = quick_answer(settings.ollama_url, OllamaServer.digests) or {}
    full = name if ":" in name.rpartition("/")[2] else f"{name}:latest"
    digest = next((digests[one] for one in (name, full) if digests.get(one)), "not told")
    version = quick_answer(settings.ollama_url, OllamaServer.version) or "not told"
    return f", digest {digest.removeprefix('sha256:')[:_SHORT]}, Ollama {version}"


def _file(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        head = hashlib.sha256(file.read(_HEAD_BYTES)).hexdigest()
    return f", {path.stat().st_size} bytes, SHA-256 of the first 16 MiB {head[:_SHORT]}"


def _folder(target: str) -> str:
    try:
        config = folder_of(target) / "config.json"
    except ModelMissing:
        return ""
    digest = hashlib.sha256(config.read_bytes()).hexdigest() if config.is_file() else ""
    return f", SHA-256 of config.json {digest[:_SHORT]}" if digest else ""
