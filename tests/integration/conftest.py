"""Files that the whole application is tried on."""

from pathlib import Path

import numpy as np
import pytest
import soundfile


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    """Two seconds of 440 Hz."""
    seconds = np.arange(2 * 44100) / 44100
    path = tmp_path / "tone.wav"
    soundfile.write(path, 0.2 * np.sin(2 * np.pi * 440 * seconds), 44100)
    return path
