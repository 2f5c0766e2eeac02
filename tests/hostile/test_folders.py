"""Folders of hostile files: each costs itself, and the good one among them is done."""

import json
import os
import shutil
from pathlib import Path

import pytest

from audio.library.walking import walk
from tests.hostile import pictures, sounds, writings
from tests.hostile.doors import House
from tests.integration.web.process import Page

Told = list[dict[str, str]]


@pytest.fixture
def folder(house: House) -> Path:
    """All broken sounds, what is no file at all, and a sound."""
    for name, make in sounds.BROKEN.items():
        house.write(name, make)
    given = house.write("fine.wav", lambda: sounds.sound(sounds.tone(1.0))).parent
    os.mkfifo(given / "pipe.wav")
    (given / "device.wav").symlink_to("/dev/zero")
    (given / "itself.wav").symlink_to(given / "itself.wav")
    (given / "around").symlink_to(given)
    Path(os.fsdecode(os.fsencode(given) + b"/na\xffme.wav")).write_bytes(b"x")
    return given


def test_a_library_lists_what_it_can_not_measure_and_takes_the_rest(
    house: House, folder: Path
) -> None:
    (told, listed) = _indexed(house, folder)
    problems = {one["path"].rpartition("/")[2] for one in told["problems"] + told["passed_over"]}
    others = {"pipe.wav", "device.wav", "itself.wav", "around", "na?me.wav"}

    assert problems == {*sounds.BROKEN} | others
    assert [one["path"] for one in listed["files"]] == [str(folder / "fine.wav")]


@pytest.mark.long
@pytest.mark.parametrize("workflow", [("master", "--each"), ("unpack",)])
def test_a_batch_does_the_good_file_and_tells_of_each_bad_one(
    house: House, folder: Path, workflow: tuple[str, ...]
) -> None:
    shutil.copy(folder / "fine.wav", folder / "also fine.wav")
    ended = house.through((workflow[0], "{file}", *workflow[1:]), folder)
    rows = {line.split("|")[1].strip(): line for line in ended.stdout.splitlines() if "|" in line}

    assert ended.returncode == 1
    assert all("refused" in rows[name] for name in sounds.BROKEN)
    assert all("refused" not in rows[name] for name in ("fine.wav", "also fine.wav"))


def test_the_studio_refuses_uploads_in_words_and_goes_on(page: Page) -> None:
    broken = sounds.BROKEN | pictures.BROKEN | writings.BROKEN
    for name, make in broken.items():
        answer = page.upload(make(), name)
        assert answer.status_code in (400, 413, 422), (name, answer.text)
        assert set(answer.json()["error"]) == {"tried", "happened", "do"}
    for name, make in (sounds.ODD | pictures.ODD | writings.ODD).items():
        assert page.upload(make(), name).status_code in (201, 400, 413, 422), name

    assert page.upload(sounds.sound(sounds.tone()), "fine.wav").status_code == 201


@pytest.mark.long
def test_real_hostile_files_cost_themselves(house: House, recordings: Path) -> None:
    files = sorted(recordings.joinpath("hostile").iterdir())
    assert len(files) > 20
    for path in files:
        given = shutil.copy(path, house.folder / "given" / path.name)
        kind = {".mid": "--file", ".json": "--file", ".zip": "--file", ".gz": "--file"}.get(
            path.suffix,
            "--image" if path.name.startswith(("pil", "gofuzz", "corkami")) else "--audio",
        )
        ended = house.through(("ask", "What is this?", kind, "{file}"), Path(given))
        assert ended.returncode in (0, 1, 2, 3), path.name


def test_real_hostile_sounds_are_listed_by_a_library(house: House, recordings: Path) -> None:
    told, listed = _indexed(house, recordings / "hostile")
    known = told["problems"] + told["passed_over"] + listed["files"]

    found = {one.path for one in walk(recordings / "hostile", 1 << 40)}
    assert {one["path"] for one in known} == found


def _indexed(house: House, folder: Path) -> tuple[dict[str, Told], dict[str, Told]]:
    """What indexing a folder told, and what the library lists then."""
    done = house.through(("library", "index", "{file}", "--json"), folder)
    listed = house.through(("library", "list", "{file}", "--json"), folder)
    assert (done.returncode, listed.returncode) == (0, 0)
    return json.loads(done.stdout)["folders"][0], json.loads(listed.stdout)
