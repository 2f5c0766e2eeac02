"""Programs that a scripted coding model hands over: right ones, wrong ones, hostile ones."""

from pydantic import JsonValue

REQUEST = "Write a ring modulator at 30 Hz and run it on this file"

RING = """import sys
from pathlib import Path

import numpy as np
import soundfile

HZ = 30.0


def ring(samples, rate, hz):
    seconds = np.arange(len(samples)) / rate
    return samples * np.sin(2 * np.pi * hz * seconds)[:, np.newaxis]


def main():
    path = Path(sys.argv[1])
    samples, rate = soundfile.read(path, always_2d=True)
    soundfile.write(f"{path.stem}-ring.wav", ring(samples, rate, HZ), rate, subtype="PCM_24")


if __name__ == "__main__":
    main()
"""

TESTS = """import numpy as np

from ring import ring


def test_a_tone_gets_two_sidebands():
    tone = np.sin(2 * np.pi * 1000 * np.arange(8000) / 8000)[:, np.newaxis]
    heights = np.abs(np.fft.rfft(ring(tone, 8000, 30.0)[:, 0]))
    assert set(np.argsort(heights)[-2:].tolist()) == {970, 1030}
"""

CRITERIA: list[JsonValue] = [
    {"aspect": "clipping.samples", "op": "<=", "value": 0},
    {"aspect": "duration.seconds", "op": "==", "value": 1.0},
]


def handed_over(program: str = RING, tests: str = TESTS, **more: JsonValue) -> JsonValue:
    """A model's answer with one program and its tests."""
    return {
        "files": [{"name": "ring.py", "text": program}, {"name": "test_ring.py", "text": tests}],
        "criteria": CRITERIA,
        "why": "every sample is multiplied by a sine",
        **more,
    }


def with_line(line: str) -> str:
    """The program with a line more where it would write its result."""
    return RING.replace("    soundfile.write", f"    {line}\n    soundfile.write")


def instead(line: str) -> str:
    """The program with another line in place of the one that writes its result."""
    kept, _, rest = RING.partition("    soundfile.write")
    return f"{kept}    {line}\n{rest.partition(chr(10))[2]}"
