"""What is no file: pipes, devices, links that lead nowhere, names that are none."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile.doors import FILE_DOORS, PICTURE_DOORS, SOUND_DOORS, TEXT_DOORS, House
from tests.hostile.sounds import sound, tone

PLACES: dict[str, Callable[[Path], object]] = {
    "pipe": os.mkfifo,
    "folder": Path.mkdir,
    "device": lambda path: path.symlink_to("/dev/zero"),
    "nothing": lambda path: path.symlink_to("/dev/null"),
    "dangling": lambda path: path.symlink_to("nowhere"),
    "itself": lambda path: path.symlink_to(path),
    "process": lambda path: path.symlink_to("/proc/self/mem"),
    "socket": lambda path: _listen(path),
    "hole": lambda path: _hole(path),
}
_DOORS = {
    **{f"sound, {name}": (door, ".wav") for name, door in SOUND_DOORS.items()},
    **{f"picture, {name}": (door, ".png") for name, door in PICTURE_DOORS.items()},
    **{f"file, {name}": (door, ".mid") for name, door in FILE_DOORS.items()},
    **{f"text, {name}": (door, ".txt") for name, door in TEXT_DOORS.items()},
}


def _listen(path: Path) -> None:
    """A socket that was left behind."""
    here = os.getcwd()
    os.chdir(path.parent)  # the address of a socket may not be long
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(path.name)
    os.chdir(here)


def _hole(path: Path) -> None:
    """Three gigabytes that take no room."""
    with path.open("wb") as file:
        file.truncate(3_000_000_000)


@pytest.mark.parametrize("place", PLACES)
def test_what_is_no_file_is_refused_at_every_door(house: House, place: str) -> None:
    for name, (door, suffix) in _DOORS.items():
        path = house.folder / "given" / f"{place}, {name.replace(' ', '')}{suffix}"
        PLACES[place](path)
        if place == "folder" and door[0] in ("master", "unpack", "compose", "build"):
            assert house.through(door, path).returncode == 2
        else:
            house.refuses(door, path)


def test_a_link_to_a_sound_is_that_sound(house: House) -> None:
    held = house.write("held.wav", lambda: sound(tone()))
    link = held.with_name("link.wav")
    link.symlink_to(held)

    assert house.through(SOUND_DOORS["ask"], link).returncode == 0
    assert link.is_symlink()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_refused(house: House) -> None:
    held = house.write("held.wav", lambda: sound(tone()))
    held.chmod(0)

    for door in SOUND_DOORS.values():
        assert "Permission denied" in house.refuses(door, held)


@pytest.mark.parametrize("door", ["measure", "ask", "ask for a script"])
def test_a_name_that_is_no_text_is_taken_or_refused_in_words(house: House, door: str) -> None:
    path = Path(os.fsdecode(os.fsencode(house.folder / "given") + b"/na\xffme.wav"))
    path.write_bytes(sound(tone()))

    assert house.through(SOUND_DOORS[door], path).returncode in (0, 2)


@pytest.mark.parametrize("name", ["x" * 251 + ".wav", "a\nb.wav", " .wav", "-o.wav", "*.wav"])
def test_a_sound_of_an_odd_name_is_a_sound(house: House, name: str) -> None:
    ended = house.through(SOUND_DOORS["ask for a script"], house.write(name, lambda: sound(tone())))

    assert ended.returncode == 0, ended.stderr
