"""An import that is killed leaves the whole project or none."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from audio.assets import AssetStore
from grym_synth.settings import Settings
from grym_synth.studio import open_memory
from memory.context import Finding, Subject
from memory.filing.names import make_setting
from memory.filing.records import now

GRYM = Path(sys.executable).with_name("grym")
FINDINGS = 1500


def found(number: int) -> Finding:
    """A finding unlike any other."""
    return Finding.make(
        Subject(kind="section", id=f"part {number}"), "key", "F minor", unit="",
        evidence="measured", source="gama/key@1", method="profiles " * 60, confidence=1,
    )  # fmt: skip


@pytest.mark.long
def test_a_killed_import_or_export_leaves_all_or_nothing(home: Path, tmp_path: Path) -> None:
    settings = Settings(home=home, embedder="lexical")
    assets = AssetStore(home / "assets", settings.limits)
    with open_memory(settings) as memory:
        memory.ensure_project("tape")
        memory.set("tape", make_setting("goal", "a demo"))
        memory.add_findings("tape", map(found, range(FINDINGS)), now("main", 1))
        memory.export("tape", tmp_path / "bundle", assets)
        whole = memory.entries("tape").records[0].id
    os.environ |= {"GRYM_HOME": str(home), "GRYM_EMBEDDER": "lexical"}
    dice, cut = random.Random(7), 0
    for number in range(12):
        name, out = f"tape {number}", tmp_path / f"out{number}"
        words = (
            ["import", str(tmp_path / "bundle"), "--as", name]
            if number % 2
            else ["export", "tape", "--to", str(out)]
        )
        process = subprocess.Popen([GRYM, "project", *words], stdout=subprocess.DEVNULL)
        time.sleep(dice.uniform(0.3, 2.5))
        process.kill()
        cut += process.wait() < 0
        if out.exists():
            assert (out / "project.jsonl").read_bytes() == (
                tmp_path / "bundle" / "project.jsonl"
            ).read_bytes()
        with open_memory(settings) as memory:
            if name in {one.name for one in memory.projects()}:
                assert len(memory.findings(name)) == FINDINGS
                assert memory.open(name, whole) is not None
            else:
                assert memory.entries(name).records == ()
    assert cut
