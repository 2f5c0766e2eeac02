import struct
from pathlib import Path

import mido
import pytest

from audio.midi_files import midi_seconds


def _midi(folder: Path, events: bytes, kind: int = 0, division: int = 480) -> Path:
    path = folder / "song.mid"
    header = b"MThd" + struct.pack(">Ihhh", 6, kind, 1, division)
    path.write_bytes(header + b"MTrk" + struct.pack(">I", len(events)) + events)
    return path


END = bytes((0, 0xFF, 0x2F, 0))


def test_a_song_lasts_until_its_last_event_at_its_tempos(tmp_path: Path) -> None:
    song = mido.MidiFile(ticks_per_beat=480)
    song.tracks.append(
        mido.MidiTrack(
            [
                mido.MetaMessage("set_tempo", tempo=1_000_000),
                mido.Message("note_on", note=60, time=960),
                mido.MetaMessage("set_tempo", tempo=250_000),
                mido.Message("note_off", note=60, time=480),
            ]
        )
    )
    song.save(tmp_path / "song.mid")
    assert midi_seconds(tmp_path / "song.mid") == pytest.approx(2.25)


def test_tracks_without_a_common_time_have_no_length(tmp_path: Path) -> None:
    assert midi_seconds(_midi(tmp_path, END, kind=2)) is None


def test_ticks_may_be_parts_of_film_frames(tmp_path: Path) -> None:
    division = struct.unpack(">h", struct.pack("bB", -25, 40))[0]  # 25 frames of 40 ticks: 1 ms
    note = bytes((0x83, 0x74, 0x90, 60, 64))  # after 500 ticks
    assert midi_seconds(_midi(tmp_path, note + END, division=division)) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        (bytes((0, 0xFF, 0x59, 2, 0x50, 0)) + END, "key"),
        (bytes((0, 0xFF, 0x51, 1, 7)) + END, "damaged"),
        (bytes((0, 0x90, 60)), "breaks off"),
        (bytes((0, 0xF4)) + END, "status byte"),
    ],
)
def test_a_damaged_file_is_refused_in_words(tmp_path: Path, events: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        midi_seconds(_midi(tmp_path, events))


def test_ticks_that_divide_nothing_are_refused(tmp_path: Path) -> None:
    note = bytes((10, 0x90, 60, 64))
    with pytest.raises(ValueError, match="damaged"):
        midi_seconds(_midi(tmp_path, note + END, division=0))


@pytest.mark.parametrize(
    ("junk", "reason"), [(b"\xff" * 200_000, "does not end"), (bytes(1_000_001), "allowed")]
)
def test_a_file_that_would_take_minutes_is_refused_at_once(
    tmp_path: Path, junk: bytes, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        midi_seconds(_midi(tmp_path, junk))


def test_lyrics_in_any_script_are_no_endless_number(tmp_path: Path) -> None:
    words = ("歌詞" * 20).encode()
    assert midi_seconds(_midi(tmp_path, bytes((0, 0xFF, 5, len(words))) + words + END)) == 0.0
