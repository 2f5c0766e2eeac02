"""What every test of the coding turn needs: a short sound, and the command."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.integration.command import Grym, command


@pytest.fixture
def grym(capsys: pytest.CaptureFixture[str], home: Path) -> Grym:
    if sys.platform != "linux":
        pytest.skip("what a model writes only runs in the sandbox, which is for Linux")
    os.environ |= {
        "GRYM_HOME": str(home),
        "GRYM_MODELS": "instruments",
        "GRYM_EMBEDDER": "lexical",
    }
    return command(capsys)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """A second of noise that fades."""
    noise = np.random.default_rng(1).normal(size=16_000) * np.linspace(0.1, 0.02, 16_000)
    path = tmp_path / "clip.wav"
    soundfile.write(path, noise, 16_000)
    return path
