"""Project bundles that lead out of their folder, never end, or are none."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile.doors import House
from tests.hostile.sounds import sound, tone

LINES = "project.jsonl"
_DEEP = b'{"a":' * 60_000 + b"1" + b"}" * 60_000


@pytest.fixture
def bundle(house: House) -> Path:
    """An exported project with a sound and a note in it."""
    clip = house.write("clip.wav", lambda: sound(tone()))
    house.through(("ask", "Note that it is mine", "--audio", "{file}"), clip)
    ended = house.through(
        ("project", "export", "default", "--to", "{file}"), clip.with_name("bundle")
    )
    assert ended.returncode == 0, ended.stderr
    return clip.with_name("bundle")


def _replaced(name: str, make: Callable[[Path], object]) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        path = folder / name if name else next((folder / "assets").iterdir())
        path.unlink()
        make(path)

    return spoil


def _moved(folder: Path) -> None:
    (folder / "assets").rename(folder.parent / "elsewhere")
    (folder / "assets").symlink_to(folder.parent / "elsewhere")


def _words(old: str, new: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        path = folder / LINES
        held = path.read_text()
        assert old in held
        path.write_text(held.replace(old, new))

    return spoil


SPOILT: dict[str, Callable[[Path], None]] = {
    "a pipe for its lines": _replaced(LINES, os.mkfifo),
    "a device for its lines": _replaced(LINES, lambda path: path.symlink_to("/dev/zero")),
    "others' lines": _replaced(LINES, lambda path: path.symlink_to("/etc/passwd")),
    "a folder for its lines": _replaced(LINES, Path.mkdir),
    "deep lines": _replaced(LINES, lambda path: path.write_bytes(_DEEP)),
    "long numbers": _replaced(LINES, lambda path: path.write_bytes(b'{"form":' + b"9" * 6000)),
    "a sound of others": _replaced("", lambda path: path.symlink_to("/etc/hostname")),
    "a pipe for a sound": _replaced("", os.mkfifo),
    "a folder for a sound": _replaced("", Path.mkdir),
    "another sound": _replaced("", lambda path: path.write_bytes(sound(tone(0.2)))),
    "sounds elsewhere": _moved,
    "a name above": _words('"project":"default"', '"project":"../../taken"'),
    "an absolute name": _words('"project":"default"', '"project":"/tmp/taken"'),
    "a suffix above": _words('"suffix": "wav"', '"suffix": "/../../taken.wav"'),
    "a kind of its own": _words('"kind": "audio"', '"kind": "program"'),
    "a name of its own": _words('"asset"', '"os.system"'),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_spoilt_bundle_is_refused_and_leaves_nothing(
    house: House, bundle: Path, how: str
) -> None:
    SPOILT[how](bundle)
    other = House.__new__(House)
    other.__dict__.update(house.__dict__, home=house.folder / "other")
    before = other.kept()
    ended = other.through(("project", "import", "{file}"), bundle)
    listed = other.through(("project", "list", "--json"), bundle)

    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert other.kept() == before
    assert json.loads(listed.stdout) == []


@pytest.mark.parametrize("what", ["/dev/zero", "/dev", "/proc/self", "/nowhere"])
def test_what_is_no_bundle_is_refused(house: House, what: str) -> None:
    ended = house.through(("project", "import", "{file}"), Path(what))

    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
