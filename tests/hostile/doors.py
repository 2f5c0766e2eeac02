"""The doors through which a file comes in, and what must hold at each of them."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.command import Ended, Grym, command

CPU_SECONDS = 20.0
"""No small file may keep this process busy for so long."""
LONGEST_SENTENCE = 500
"""Characters of a refusal, the file's path not counted."""

SOUND_DOORS: dict[str, tuple[str, ...]] = {
    "measure": ("measure", "{file}"),
    "ask": ("ask", "What key is it in?", "--audio", "{file}"),
    "ask for a script": ("ask", "Make it 3 dB louder", "--audio", "{file}"),
    "master": ("master", "{file}", "--format", "flac"),
    "unpack": ("unpack", "{file}"),
}
PICTURE_DOORS: dict[str, tuple[str, ...]] = {
    "ask": ("ask", "What is in this picture?", "--image", "{file}"),
}
FILE_DOORS: dict[str, tuple[str, ...]] = {
    "ask": ("ask", "What key is it in, and how long is it?", "--file", "{file}"),
    "ask for a picture": ("ask", "Show me the score", "--file", "{file}"),
}
TEXT_DOORS: dict[str, tuple[str, ...]] = {
    "compose": ("compose", "{file}"),
    "build": ("build", "{file}"),
    "sketch": ("compose", "a slow waltz in D minor of 8 bars", "--sketch", "{file}"),
    "an earlier song": ("compose", "make it slower", "--from", "{file}"),
}


class House:
    """A home with something in it that must stay, and the command."""

    def __init__(self, folder: Path, grym: Grym) -> None:
        self.folder, self.home, self._grym = folder, folder / "home", grym
        (folder / "given").mkdir()
        self.before = self.kept()

    def write(self, name: str, make: Callable[[], bytes]) -> Path:
        """Make a file of the corpus."""
        path = self.folder / "given" / name
        path.write_bytes(make())
        return path

    def through(self, door: tuple[str, ...], path: Path) -> Ended:
        """Bring a file through a door; whatever it is, the process stays whole."""
        words = [str(path) if one == "{file}" else one for one in door]
        place = [] if door[0] == "measure" else ["--home", str(self.home)]
        began = time.process_time()
        ended = self._grym(*words, *place)
        assert time.process_time() - began < CPU_SECONDS
        assert "Traceback" not in ended.stderr
        assert "fault of grym" not in ended.stderr
        return ended

    def refuses(self, door: tuple[str, ...], path: Path) -> str:
        """What is said where a file is refused: one sentence, and nothing is kept of it."""
        before = self.kept()
        ended = self.through(door, path)
        said = ended.stderr.replace(str(path), "").strip()
        assert ended.returncode == 2, ended
        assert said.endswith(".") and "\n" not in said, said
        assert len(said) < LONGEST_SENTENCE, said
        assert path.name in ended.stderr or "standard MIDI" in said, said
        assert self.kept() == before
        return said

    def kept(self) -> set[str]:
        """The files of the asset store, and those beside the home."""
        files = (one for one in self.folder.rglob("*") if one.is_file())
        names = {str(one) for one in files if not one.is_relative_to(self.folder / "given")}
        return {one for one in names if "/assets/" in one or not one.startswith(str(self.home))}


@pytest.fixture
def house(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> House:
    """A home of its own."""
    return House(tmp_path, command(capsys))
