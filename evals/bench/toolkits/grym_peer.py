"""Processor seconds of our own measuring, as one JSON object."""

import json
import sys
import time
from pathlib import Path

from audio.measure import measure

ROWS = {
    "tempo_and_beats": ("tempo.bpm", "beats"),
    "key": ("key",),
    "loudness": ("loudness.integrated_lufs", "loudness.range_lu"),
    "spectrum": ("spectrum.centroid_hz", "spectrum.rolloff_hz", "spectrum.bandwidth_hz"),
    "onsets": ("onsets.per_second",),
    "harmonic_and_percussive": ("harmonic_percussive.ratio_db",),
}


def main() -> None:
    """Measure the song that is named, once to warm up."""
    song = Path(sys.argv[1])
    costs = {}
    every = tuple(aspect for row in ROWS.values() for aspect in row)
    rows: dict[str, tuple[str, ...]] = {**ROWS, "all_of_these": every, "full_profile": ()}
    measure(song)
    for row, aspects in rows.items():
        began = time.process_time()
        measure(song, aspects)
        costs[row] = time.process_time() - began
    print(json.dumps(costs))


if __name__ == "__main__":
    main()
