import json
from pathlib import Path

import numpy as np
import soundfile

from tests.integration.boss.scripts import write_script
from tests.integration.coding.programs import CRITERIA, handed_over
from tests.integration.command import Grym

REQUEST = "High-pass at 80 Hz, then ring modulate it at 30 Hz, and normalise to -26 LUFS"


def test_recipes_and_written_code_work_on_each_other_s_results(
    grym: Grym, clip: Path, tmp_path: Path
) -> None:
    answer = handed_over(criteria=CRITERIA[:1])
    spec = write_script(tmp_path / "coder.jsonl", {"answer": answer})
    words = ("--audio", clip, "--model", f"coder={spec}", "--yes", "--json")
    told = json.loads(grym("ask", REQUEST, *words).stdout)
    assert [one["status"] for one in told["tasks"]] == ["done"] * 3
    sounds = [Path(one["path"]) for one in told["artifacts"] if one["kind"] == "audio"]
    first, ring, last = (soundfile.read(path)[0] for path in sounds)
    turns = np.sin(2 * np.pi * 30 * np.arange(len(first)) / 16_000)
    assert np.abs(ring - first * turns).max() < 1e-4
    assert np.corrcoef(ring, last)[0, 1] > 0.999
    (criterion,) = told["tasks"][-1]["criteria"]
    assert criterion["met"]
