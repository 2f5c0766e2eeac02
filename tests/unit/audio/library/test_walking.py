"""Which files of a folder tree are taken, and what is said of the others."""

import os
from pathlib import Path

from audio.library.walking import Candidate, PassedOver, walk


def walked(root: Path, most: int = 1000) -> tuple[list[str], dict[str, str]]:
    found = list(walk(root, most))
    taken = [Path(one.path).name for one in found if isinstance(one, Candidate)]
    return taken, {Path(one.path).name: one.why for one in found if isinstance(one, PassedOver)}


def test_sound_files_are_taken_in_order_and_others_left_without_a_word(tmp_path: Path) -> None:
    for name in ("b.WAV", "a.mp3", "c.txt", "sub/d.flac", "._a.wav"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    assert walked(tmp_path) == (["a.mp3", "b.WAV", "d.flac"], {})


def test_what_is_no_file_or_too_large_is_passed_over_with_its_reason(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    (tmp_path / "device.wav").symlink_to("/dev/zero")
    (tmp_path / "gone.wav").symlink_to(tmp_path / "nowhere")
    (tmp_path / "self.wav").symlink_to(tmp_path / "self.wav")
    (tmp_path / "empty.wav").touch()
    (tmp_path / "huge.wav").write_bytes(bytes(2000))
    (tmp_path / "folder.wav").mkdir()
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/na\xffme.wav")).write_bytes(b"x")
    taken, why = walked(tmp_path)
    assert taken == []
    assert why["pipe.wav"] == "it is a pipe, not a file"
    assert why["device.wav"] == "it is a device, not a file"
    assert why["gone.wav"] == "No such file or directory"
    assert "ymbolic links" in why["self.wav"]
    assert why["empty.wav"] == "the file is empty"
    assert why["huge.wav"] == "it has 2,000 bytes, 1,000 are allowed"
    assert why["na?me.wav"] == "its name is not UTF-8"


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.wav").write_bytes(b"x")
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    taken, why = walked(tmp_path)
    assert taken == ["a.wav"]
    assert why == {"up": "a link to a folder is not followed"}
