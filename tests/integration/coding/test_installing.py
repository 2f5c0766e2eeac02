import json
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest
from pydantic import JsonValue

from agents.toolchain.installing import asked_in, unfit
from agents.toolchain.reading import read_specification

SPEC = 'one-pole low-pass at 500 Hz, mono, sample rate 48 kHz, called "Dull edge", and install it'
ROOT = Path(__file__).parents[3]


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """An environment of its own, in which grym is there."""
    venv.create(tmp_path / "env", with_pip=False)
    folder = next((tmp_path / "env").rglob("site-packages"))
    (folder / "grym.pth").write_text(f"{ROOT}\n{sysconfig.get_path('purelib')}\n")
    return tmp_path / "env" / "bin" / "python"


def grym(python: Path, home: Path, *words: str) -> tuple[int, dict[str, JsonValue]]:
    ended = subprocess.run(
        [str(python), "-c", "from grym_synth.cli import main; main()", *words, "--json"],
        env={
            "PATH": "/usr/bin:/bin", "GRYM_HOME": str(home), "GRYM_OUT": str(home / "out"),
            "GRYM_MODELS": "instruments", "GRYM_EMBEDDER": "lexical", "HOME": str(home),
        },
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    return ended.returncode, json.loads(ended.stdout)


def version_in(python: Path) -> str:
    words = [
        str(python),
        "-c",
        "from importlib.metadata import version; print(version('dull_edge'))",
    ]
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout.strip()


def test_what_was_built_is_installed_after_a_yes_and_not_before(
    python: Path, tmp_path: Path
) -> None:
    if sys.platform != "linux":
        pytest.skip("the layout of the environment is that of Linux")
    code, waiting = grym(python, tmp_path, "build", SPEC)
    assert code == 3, waiting["answer"]
    assert f"be installed into {python.parents[1]}?" in json.dumps(waiting["asks"])
    assert version_in(python) == ""

    code, done = grym(python, tmp_path, "ask", "--resume", "--yes", "--thread", "build")
    assert (code, version_in(python)) == (0, "1.0.0")
    assert f"It is installed in {python.parents[1]}." in str(done["answer"])


def test_only_sound_packages_of_its_own_under_free_names_are_installed() -> None:
    def why(title: str, is_ours: bool = True, is_sound: bool = True) -> str:
        return unfit(read_specification(f'low-pass, called "{title}"'), is_ours, is_sound)

    assert why("Dull edge of nobody") == ""
    assert why("Dull edge", is_ours=False) == "a model wrote it"
    assert why("Dull edge", is_sound=False) == "not all of its checks are met"
    assert why("pytest") == "another package pytest is there"
    assert "whenever it starts" in why("sitecustomize")


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        ("a low-pass at 500 Hz, and install it", True),
        ("Baue einen Tiefpass und installiere ihn", True),
        ("a low-pass for installations", False),
        ("a low-pass. Install notes come later", False),
    ],
)
def test_the_wish_to_install_is_read_from_the_words(words: str, asks: bool) -> None:
    assert asked_in(words) is asks
