import json
from pathlib import Path

import pytest
from pydantic import JsonValue

from tests.integration.boss.scripts import write_script
from tests.integration.coding.programs import CRITERIA
from tests.integration.command import Grym

REQUEST = "Write a leaky integrator with a corner at 1 kHz and run it on this file"

PROGRAM = """import sys
from pathlib import Path

import numpy as np
import soundfile
from scipy import signal


def smooth(samples, rate, hz):
    k = 1 - np.exp(-2 * np.pi * hz / rate)
    return signal.lfilter([k], [1, k - 1], samples, axis=0)


def main():
    path = Path(sys.argv[1])
    samples, rate = soundfile.read(path, always_2d=True)
    soundfile.write(f"{path.stem}-smooth.wav", smooth(samples, rate, 1000.0), rate, "PCM_24")


if __name__ == "__main__":
    main()
"""
TESTS = """import numpy as np

from smooth import smooth


def test_a_constant_passes():
    assert abs(smooth(np.ones((1000, 1)), 16000, 1000.0)[-1, 0] - 1.0) < 1e-6
"""


def test_the_response_of_written_code_is_measured_and_kept(
    grym: Grym, clip: Path, tmp_path: Path
) -> None:
    files: list[JsonValue] = [
        {"name": "smooth.py", "text": PROGRAM},
        {"name": "test_smooth.py", "text": TESTS},
    ]
    answer: JsonValue = {"files": files, "criteria": CRITERIA, "why": "one pole"}
    spec = write_script(tmp_path / "coder.jsonl", {"answer": answer})
    words = ("--audio", clip, "--model", f"coder={spec}", "--yes", "--json")
    told = json.loads(grym("ask", REQUEST, *words).stdout)
    assert "run on noise, its response is highest at" in told["answer"]
    (table,) = [Path(one["path"]) for one in told["artifacts"] if one["kind"] == "report"]
    rows = [line.split(",") for line in table.read_text().splitlines()[1:]]
    levels = {float(hertz): float(level) for hertz, level in rows}
    at_corner = min(levels, key=lambda hertz: abs(hertz - 1000.0))
    assert table.name == "smooth-response.csv"
    assert levels[at_corner] == pytest.approx(-3.0, abs=0.6)
