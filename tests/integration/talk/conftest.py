from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio.assets import AssetRef
from grym_synth.settings import Settings
from grym_synth.studio import Studio, open_studio


@pytest.fixture
def studio(home: Path) -> Iterator[Studio]:
    settings = Settings(home=home, embedder="lexical", models="instruments")
    with open_studio(settings=settings) as opened:
        yield opened


@pytest.fixture
def tone(studio: Studio, tmp_path: Path) -> AssetRef:
    """A fading tone of two seconds, quiet."""
    seconds = np.arange(2 * 44100) / 44100
    path = tmp_path / "song.wav"
    soundfile.write(path, 0.05 * np.sin(2 * np.pi * 440 * seconds) * np.exp(-seconds), 44100)
    (ref,) = studio.attach([(path, "audio")])
    return ref
