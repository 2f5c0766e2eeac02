from pathlib import Path

import pytest

from grym_synth.folders import new_folders


def test_files_of_one_result_share_a_new_folder(tmp_path: Path) -> None:
    with new_folders(tmp_path, ["song", "song/stems", ""]) as folders:
        (folders["song/stems"] / "bass.wav").touch()
    assert (tmp_path / "song" / "stems" / "bass.wav").exists()


def test_an_older_result_of_the_same_name_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "song").mkdir()
    (tmp_path / "song" / "mix.flac").write_text("old")
    with new_folders(tmp_path, ["song", "song/stems"]) as folders:
        (folders["song"] / "mix.flac").write_text("new")
    assert (tmp_path / "song" / "mix.flac").read_text() == "old"
    assert (tmp_path / "song-2" / "mix.flac").read_text() == "new"
    assert (tmp_path / "song-2" / "stems").is_dir()


def test_nothing_is_left_half_written(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="full"), new_folders(tmp_path, ["song"]) as folders:
        (folders["song"] / "mix.flac").touch()
        raise OSError("the disk is full")
    assert not [*tmp_path.iterdir()]


def test_no_name_leads_out_of_the_folder_for_results(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with new_folders(out, ["a/../../b", "/c"]) as folders:
        assert all(one.resolve().is_relative_to(out) for one in folders.values())
