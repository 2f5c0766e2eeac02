"""Stems of a separation model: Demucs, where its package and its weights are installed.

A. Défossez and others, "Hybrid Transformers for Music Source Separation", 2022; MIT. The package
brings no weights and would fetch them on first use; nothing is fetched here, so that without them
the model counts as not installed. It runs as a process of its own, at the recording's full length.
"""

import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from audio.assets import AssetRef, AssetStore
from grym_synth.errors import ModelFault

MODEL = "htdemucs"
NAMES = ("vocals", "drums", "bass", "other")
_WEIGHTS = "955717e8-*.th"
"""The file of that model in the cache of PyTorch's hub."""
_CACHE = Path(".cache", "torch", "hub", "checkpoints")
_MOST_SECONDS = 3600


def why_not() -> str:
    """Why there are no stems of a model; empty where there can be."""
    if find_spec("demucs") is None:
        return "no separation model is installed (`pip install demucs`, and its weights)"
    if not any((Path.home() / _CACHE).glob(_WEIGHTS)):
        return f"Demucs is installed, but not the weights of {MODEL}, which it would fetch"
    return ""


def model_stems(ref: AssetRef, assets: AssetStore) -> tuple[AssetRef, ...]:
    """Store vocals, drums, bass and the rest of a recording as 32-bit float WAV files.

    Raises:
        ModelFault: the model fails, or takes more than an hour.
    """
    tried = f"separating {ref.name} with {MODEL}"
    with tempfile.TemporaryDirectory() as folder:
        path = assets.path(ref)
        words = [sys.executable, "-m", "demucs", "-n", MODEL, "--float32", "-o", folder, str(path)]
        try:
            subprocess.run(words, check=True, capture_output=True, timeout=_MOST_SECONDS)
        except (subprocess.SubprocessError, OSError) as fault:
            why = getattr(fault, "stderr", b"") or str(fault).encode()
            told = why.decode(errors="replace").strip().splitlines()[-1:] or ["it failed"]
            raise ModelFault(tried, told[0], "Unpack without it: remove its weights") from fault
        made = Path(folder, MODEL, path.stem)
        return tuple(assets.add(made / f"{name}.wav", "audio", f"{name}.wav") for name in NAMES)
