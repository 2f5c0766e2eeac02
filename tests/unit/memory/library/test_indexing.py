"""Runs over a folder: what is measured, what is kept, and what is noticed."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from audio.library.measuring import read_sound
from audio.library.reading import Reading, Wanted
from grym_synth.errors import BadInput
from grym_synth.settings import MediaLimits
from memory.library.catalogue import Catalogue
from memory.library.indexing import Progress, run
from tests.unit.audio.library import drumkit

LIMITS = MediaLimits()


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with Catalogue(tmp_path / "home" / "library.sqlite") as held:
        yield held


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "pack"
    for name in ("a.wav", "sub/b.wav", "sub/c.wav"):
        drumkit.write(folder / name, drumkit.sub_808(40 + len(name) + ord(name[-5]), 0.3))
    return folder


def here(files: Iterator[Wanted]) -> Iterator[Reading]:
    return (read_sound(one, LIMITS) for one in files)


def index(catalogue: Catalogue, folder: Path, *, again: bool = False) -> Progress:
    return run(catalogue, folder, LIMITS, here, again=again)


def paths(catalogue: Catalogue) -> list[str]:
    return [Path(one.path).name for one in catalogue.held()]


def test_a_second_run_measures_nothing_and_only_what_changed_is_measured_again(
    catalogue: Catalogue, pack: Path
) -> None:
    assert index(catalogue, pack).measured == 3
    assert (second := index(catalogue, pack)).unchanged == 3 and second.to_do == 0
    drumkit.write(pack / "a.wav", drumkit.kick())
    third = index(catalogue, pack)
    assert (third.measured, third.unchanged) == (1, 2)
    assert index(catalogue, pack, again=True).measured == 3


def test_files_that_are_gone_are_forgotten_and_moved_ones_not_measured_again(
    catalogue: Catalogue, pack: Path
) -> None:
    index(catalogue, pack)
    (pack / "a.wav").unlink()
    (pack / "sub" / "b.wav").rename(pack / "b2.wav")
    shutil.copy(pack / "sub" / "c.wav", pack / "copy.wav")
    progress = index(catalogue, pack)
    assert (progress.measured, progress.moved, progress.removed) == (0, 2, 2)
    assert sorted(paths(catalogue)) == ["b2.wav", "c.wav", "copy.wav"]


def test_a_file_that_was_only_touched_is_not_measured_again(
    catalogue: Catalogue, pack: Path
) -> None:
    index(catalogue, pack)
    os.utime(pack / "a.wav", ns=(1, 1))
    progress = index(catalogue, pack)
    assert (progress.measured, progress.moved) == (0, 1)


def test_ctrl_c_keeps_what_was_done_forgets_nothing_and_the_next_run_goes_on(
    catalogue: Catalogue, pack: Path
) -> None:
    def stopped(files: Iterator[Wanted]) -> Iterator[Reading]:
        yield read_sound(next(files), LIMITS)
        raise KeyboardInterrupt

    first = run(catalogue, pack, LIMITS, stopped)
    assert first.interrupted and first.done == 1
    assert len(paths(catalogue)) == 1 and not catalogue.roots()[0].whole
    second = index(catalogue, pack)
    assert (second.unchanged, second.measured) == (1, 2)
    assert catalogue.roots()[0].whole


def test_bad_files_are_listed_each_time_and_read_once(catalogue: Catalogue, pack: Path) -> None:
    (pack / "bad.wav").write_bytes(b"RIFFxxxxWAVEfmt ")
    (pack / "empty.wav").touch()
    for to_do in (4, 0):
        progress = index(catalogue, pack)
        assert progress.to_do == to_do
        assert [Path(one.path).name for one in progress.problems] == ["bad.wav"]
        assert [one.why for one in progress.passed_over] == ["the file is empty"]
    assert len(paths(catalogue)) == 3


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_what_lies_in_a_folder_that_can_not_be_read_now_is_not_forgotten(
    catalogue: Catalogue, pack: Path
) -> None:
    index(catalogue, pack)
    (pack / "sub").chmod(0)
    assert index(catalogue, pack).removed == 0
    (pack / "sub").chmod(0o755)


def test_other_folders_are_left_alone(catalogue: Catalogue, pack: Path, tmp_path: Path) -> None:
    other = tmp_path / "pack-two"
    drumkit.write(other / "x.wav", drumkit.kick())
    index(catalogue, pack)
    index(catalogue, other)
    (other / "x.wav").unlink()
    index(catalogue, other)
    assert len(paths(catalogue)) == 3


def test_sounds_of_older_instruments_are_measured_again(
    catalogue: Catalogue, pack: Path, tmp_path: Path
) -> None:
    index(catalogue, pack)
    with sqlite3.connect(tmp_path / "home" / "library.sqlite") as file:
        file.execute("UPDATE files SET version = 0")
        file.execute("UPDATE sounds SET version = 0")
    file.close()
    assert catalogue.outdated() == 3
    assert index(catalogue, pack).measured == 3


def test_a_folder_that_is_not_there_is_told(catalogue: Catalogue, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such folder"):
        index(catalogue, tmp_path / "nowhere")
