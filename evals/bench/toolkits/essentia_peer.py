"""Processor seconds of essentia's own extractors with their defaults, as one JSON object."""

import json
import sys
import time
from collections.abc import Callable

import essentia
import essentia.standard as standard
import numpy as np
from numpy.typing import NDArray

RATE_HZ = 44_100
Samples = NDArray[np.float32]


def beats(song: str) -> None:
    standard.RhythmExtractor2013(method="multifeature")(_mono(song))


def key(song: str) -> None:
    standard.KeyExtractor()(_mono(song))


def loudness(song: str) -> None:
    sound, rate, *_ = standard.AudioLoader(filename=song)()
    standard.LoudnessEBUR128(sampleRate=rate)(sound)


def spectrum(song: str) -> None:
    window, spectrum_of = standard.Windowing(type="hann"), standard.Spectrum()
    measures = standard.Centroid(range=RATE_HZ / 2), standard.RollOff()
    moments, spread = standard.CentralMoments(range=RATE_HZ / 2), standard.DistributionShape()
    for frame in standard.FrameGenerator(_mono(song), frameSize=2048, hopSize=512):
        powers = spectrum_of(window(frame))
        for one in measures:
            one(powers)
        spread(moments(powers))


def onsets(song: str) -> None:
    standard.OnsetRate()(_mono(song))


def _mono(song: str) -> Samples:
    sound: Samples = standard.MonoLoader(filename=song, sampleRate=RATE_HZ)()
    return sound


ROWS: dict[str, Callable[[str], None]] = {
    "tempo_and_beats": beats,
    "key": key,
    "loudness": loudness,
    "spectrum": spectrum,
    "onsets": onsets,
}


def main() -> None:
    """Measure the song that is named, once to warm up."""
    song, costs = sys.argv[1], {}
    essentia.log.warningActive = essentia.log.infoActive = False
    onsets(song)
    for name, row in ROWS.items():
        began = time.process_time()
        row(song)
        costs[name] = time.process_time() - began
    print(json.dumps(costs))


if __name__ == "__main__":
    main()
