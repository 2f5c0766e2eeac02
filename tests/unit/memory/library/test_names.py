"""What file names say of tempo and key."""

import pytest

from memory.library.names import read_name


@pytest.mark.parametrize(
    ("name", "tempo", "key"),
    [
        ("Kick_Loop_140bpm_Fmin.wav", 140.0, "F minor"),
        ("BPM 90 - dusty (C# maj).wav", 90.0, "C# major"),
        ("808_F.wav", None, "F"),
        ("Bass Am 120 BPM.flac", 120.0, "A minor"),
        ("deep_sub_Bb1.wav", None, "Bb"),
        ("house_loop01 - 142 BPM.ogg", 142.0, None),
        ("Amen break.wav", None, None),
        ("Grandma_02.wav", None, None),
        ("B.wav", None, None),
        ("beat_B.wav", None, None),
        ("hat 9000bpm.wav", None, None),
    ],
)
def test_a_tempo_and_a_key_are_read_where_they_are_written(
    name: str, tempo: float | None, key: str | None
) -> None:
    said = read_name(f"/packs/Trap/{name}", "/packs", {})
    assert (said.tempo_bpm, said.key) == (tempo, key)


def test_words_come_from_folders_below_the_root_the_name_and_the_tags() -> None:
    said = read_name(
        "/home/me/Packs/DarkTrap/OpenHat-03.wav", "/home/me/Packs", {"title": "Zürich"}
    )
    assert said.words == " packs dark trap open hat 03 zurich "
