"""Processor seconds of librosa's own functions with their defaults, as one JSON object."""

import json
import sys
import time
from collections.abc import Callable

import librosa
import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]


def beats(sound: Samples, rate: float) -> None:
    librosa.beat.beat_track(y=sound, sr=rate)


def key(sound: Samples, rate: float) -> None:
    librosa.feature.chroma_cqt(y=sound, sr=rate)  # librosa has no key; this is its way towards one


def spectrum(sound: Samples, rate: float) -> None:
    librosa.feature.spectral_centroid(y=sound, sr=rate)
    librosa.feature.spectral_rolloff(y=sound, sr=rate)
    librosa.feature.spectral_bandwidth(y=sound, sr=rate)


def onsets(sound: Samples, rate: float) -> None:
    librosa.onset.onset_detect(y=sound, sr=rate)


def layers(sound: Samples, rate: float) -> None:
    librosa.effects.hpss(sound)


ROWS: dict[str, Callable[[Samples, float], None]] = {
    "tempo_and_beats": beats,
    "key": key,
    "spectrum": spectrum,
    "onsets": onsets,
    "harmonic_and_percussive": layers,
}


def cost(song: str, *rows: Callable[[Samples, float], None]) -> float:
    """Processor seconds of decoding the song and of some functions after each other."""
    began = time.process_time()
    sound, rate = librosa.load(song)
    for row in rows:
        row(sound, rate)
    return time.process_time() - began


def main() -> None:
    """Measure the song that is named, once to warm up."""
    song = sys.argv[1]
    cost(song, *ROWS.values())
    costs = {name: cost(song, row) for name, row in ROWS.items()}
    print(json.dumps({**costs, "all_of_these": cost(song, *ROWS.values())}))


if __name__ == "__main__":
    main()
