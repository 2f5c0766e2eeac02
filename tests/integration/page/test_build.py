import filecmp
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.programs import program

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "grym_synth/web/page"
NPM_SECONDS = 180
"""It takes about 15, most of it for downloads."""


def tree(folder: Path) -> set[str]:
    """Paths of all files below a folder."""
    return {one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file()}


@pytest.mark.long
def test_the_committed_page_is_what_its_source_builds(tmp_path: Path) -> None:
    npm = program("npm")
    source = tmp_path / "ui"
    shutil.copytree(ROOT / "ui", source, ignore=shutil.ignore_patterns("node_modules"))
    for words in (("ci", "--no-audit", "--no-fund"), ("run", "build")):
        ran = subprocess.run(
            [npm, *words], cwd=source, capture_output=True, text=True, timeout=NPM_SECONDS
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
    built = tmp_path / "grym_synth/web/page"

    assert tree(built) == tree(PAGE)
    assert filecmp.cmpfiles(built, PAGE, tree(PAGE), shallow=False)[1:] == ([], [])
