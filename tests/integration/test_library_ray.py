"""``grym library index --ray``: the same sounds as without it."""

import json
import os
from pathlib import Path

import pytest

from tests.integration.command import command
from tests.unit.audio.library import drumkit

pytest.importorskip("ray", reason="the extra `serve` is not installed")
pytest.importorskip("pandas", reason="the extra `serve` is not installed")


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
def test_a_cluster_measures_what_one_machine_measures(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.environ |= {"GRYM_HOME": str(home)}
    grym = command(capsys)
    pack = tmp_path / "pack"
    drumkit.write(pack / "kick.wav", drumkit.kick())
    drumkit.write(pack / "beat.wav", drumkit.drum_loop(140))
    (pack / "broken.wav").write_bytes(b"RIFFzzzzWAVE")
    counts = []
    for way in ((), ("--ray", "--again")):
        told = grym("library", "index", pack, "--json", *way)
        (folder,) = json.loads(told.stdout.splitlines()[-1])["folders"]
        sounds = json.loads(grym("library", "list", pack, "--json").stdout)["files"]
        counts.append((folder["measured"], len(folder["problems"]), sounds))
    assert counts[0] == counts[1]
