"""A disk that is full at any moment: one sentence, nothing lost, and the work goes on with room."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from grym_synth.result import TurnResult
from grym_synth.settings import Settings
from grym_synth.studio import open_studio
from tests.integration.faults.kept import check_kept
from tests.integration.faults.killing import Attempt
from tests.integration.faults.loaded import Loaded

SIZE = "24m"
KIB = 1024


class Disk:
    """A small file system of its own."""

    def __init__(self, place: Path) -> None:
        self.place, self._ballast = place, place / "ballast"

    def leave(self, free: int) -> None:
        """Fill it up but for so many bytes."""
        self.make_room()
        room = os.statvfs(self.place)
        with self._ballast.open("wb") as file:
            left = max(0, room.f_bavail * room.f_bsize - free)
            while left > 0:
                left -= file.write(bytes(min(left, 1 << 20)))

    def make_room(self) -> None:
        """Empty it of what only fills it."""
        self._ballast.unlink(missing_ok=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    place = tmp_path / "disk"
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(words, capture_output=True).returncode:
        pytest.skip("this user may not mount a small file system to fill")
    try:
        yield Disk(place)
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    noise = np.random.default_rng(1).standard_normal((22050, 2))
    soundfile.write(folder / "take.wav", 0.05 * noise, 44100)
    Image.fromarray(np.full((60, 80, 3), 90, np.uint8)).save(folder / "desk.png")
    return folder


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("temporary")


@pytest.fixture(scope="module")
def loaded(temporary: Path) -> Iterator[Loaded]:
    with Loaded(settings("lexical", temporary)) as launcher:
        yield launcher


def settings(embedder: str, temporary: Path) -> dict[str, str]:
    return {
        "GRYM_MODELS": "instruments",
        "GRYM_EMBEDDER": embedder,
        "TMPDIR": str(temporary),
    }


class Desk:
    """Who asks, from a home on the disk, and what was answered."""

    def __init__(self, loaded: Loaded, disk: Disk, files: Path, said: Path) -> None:
        self._loaded, self._files, self._said = loaded, files, said
        self.home, self.out = disk.place / "home", disk.place / "out"
        self.attempts: list[Attempt] = []

    def run(self, *words: str) -> tuple[int, dict[str, object]]:
        """Run a command, which tells its fault in one sentence if it has one."""
        code = self._loaded.start([*words, "--home", str(self.home)], self._said).wait()
        assert "Traceback" not in Path(f"{self._said}.err").read_text()
        told = json.loads(self._said.read_bytes()) if "--json" in words else {}
        return code, told

    def ask(self, *, resume: bool = False) -> bool:
        """Ask for all that a turn can write, or resume it; whether it was answered."""
        number = len(self.attempts) + 1
        request = (
            f"Note that take {number} is the keeper. Measure its loudness, describe the picture, "
            "show me its waveform and master it to -16 LUFS"
        )
        words = ["--audio", str(self._files / "take.wav"), "--image", f"{self._files}/desk.png"]
        words = ["--resume"] if resume else [request, *words]
        code, told = self.run("ask", *words, "--json", "--out", str(self.out))
        if code == 2:
            fault = told["error"]
            assert isinstance(fault, dict)
            nothing = "nothing there is unfinished" in fault["happened"]
            assert nothing if resume else "oom" in fault["do"], fault
        shown = None if code == 2 else TurnResult.model_validate(told)
        if resume and shown is not None:
            last = self.attempts.pop()
            self.attempts.append(Attempt(last.number, "main", last.request, shown))
        elif not resume:
            self.attempts.append(Attempt(number, "main", request, shown))
        return shown is not None


def fill_up(desk: Desk, disk: Disk, places: list[int], temporary: Path, embedder: str) -> None:
    assert desk.ask()
    refused = 0
    for free in places:
        disk.leave(free)
        answered = desk.ask()
        disk.make_room()
        if not answered:
            refused += 1
            assert desk.ask(resume=True) or desk.ask()
    assert desk.ask()
    assert refused
    own = Settings(home=desk.home, out=desk.out, embedder=embedder)
    with open_studio(settings=own) as studio:
        check_kept(studio, desk.attempts, desk.out, temporary)


def test_a_turn_on_a_full_disk_loses_nothing_and_goes_on_with_room(
    loaded: Loaded, disk: Disk, files: Path, temporary: Path, tmp_path: Path
) -> None:
    desk = Desk(loaded, disk, files, tmp_path / "said.json")
    fill_up(desk, disk, [8 * KIB, 800 * KIB, 1600 * KIB], temporary, "lexical")


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("embedder", ["lexical", "minilm"])
def test_a_turn_on_a_disk_that_is_full_at_any_write_does_so_too(
    disk: Disk, files: Path, temporary: Path, tmp_path: Path, embedder: str
) -> None:
    with Loaded(settings(embedder, temporary)) as loaded:
        desk = Desk(loaded, disk, files, tmp_path / "said.json")
        fill_up(desk, disk, [*range(0, 2000 * KIB, 50 * KIB)], temporary, embedder)


def test_repair_on_a_full_disk_sets_no_sound_checkpoints_aside(
    loaded: Loaded, disk: Disk, files: Path, tmp_path: Path
) -> None:
    desk = Desk(loaded, disk, files, tmp_path / "said.json")
    assert desk.run("ask", "Set the goal to a warm sound", "--json")[0] == 0
    disk.leave(48 * KIB)
    assert desk.run("project", "repair")[0] == 2
    disk.make_room()
    assert not [*desk.home.glob("checkpoints.sqlite.damaged*")]
    code, told = desk.run("ask", "What is the goal?", "--json")
    assert (code, told["turn"]) == (0, 2)


def test_an_export_to_a_full_disk_leaves_nothing_of_it(
    loaded: Loaded, disk: Disk, files: Path, tmp_path: Path
) -> None:
    desk = Desk(loaded, disk, files, tmp_path / "said.json")
    desk.home, desk.out = tmp_path / "home", tmp_path / "out"
    assert desk.ask()
    bundle = disk.place / "tape.grym"
    disk.leave(64 * KIB)
    assert desk.run("project", "export", "default", "--to", str(bundle))[0] == 2
    assert "enough room" in Path(f"{tmp_path}/said.json.err").read_text()
    assert [one.name for one in disk.place.iterdir()] == ["ballast"]
    disk.make_room()
    assert desk.run("project", "export", "default", "--to", str(bundle))[0] == 0
