import pytest

from audio.songs.instruments import (
    DRUM_SOUNDS,
    INSTRUMENTS,
    instrument_of,
    instrument_of_program,
)
from audio.songs.sections import role_of
from grym_synth.errors import UnknownName


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Piano", "Piano"),
        ("rhodes", "Electric Piano"),
        ("upright bass", "Double Bass"),
        ("Bass", "Electric Bass"),
        ("E-Gitarre", "Electric Guitar"),
        ("Streicher", "Strings"),
        ("drums", "Drum Kit"),
        ("TR-808", "808 Kit"),
        ("Querflöte", "Flute"),
        ("synth pad", "Synth Pad"),
    ],
)
def test_people_find_their_instrument(words: str, name: str) -> None:
    assert instrument_of(words).name == name


def test_an_unknown_instrument_is_told_with_the_choice() -> None:
    with pytest.raises(UnknownName, match=r"theremin.*Choose from Piano"):
        instrument_of("theremin")


def test_no_word_means_two_instruments() -> None:
    words = [word for one in INSTRUMENTS.values() for word in (one.name.casefold(), *one.words)]
    twice = {word for word in words if words.count(word) > 1}
    assert {one for one in twice if instrument_of(one).name.casefold() != one} == set()


def test_every_instrument_can_be_played() -> None:
    for one in INSTRUMENTS.values():
        assert 0 <= one.low < one.high <= 127
        assert 0 <= one.program <= 127
        assert -1 <= one.pan <= 1
        found = instrument_of_program(one.program, one.is_drums)
        assert found is not None
        assert found.is_drums is one.is_drums


def test_kits_hold_the_sounds_of_the_drum_map() -> None:
    kit = INSTRUMENTS["Drum Kit"]
    assert sorted(DRUM_SOUNDS) == list(range(kit.low, kit.high + 1))


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Verse 2", "verse"),
        ("Pre-Chorus", "pre-chorus"),
        ("Refrain", "chorus"),
        ("Strophe 1", "verse"),
        ("Guitar Solo", "solo"),
        ("Outro (fade)", "outro"),
        ("B", ""),
    ],
)
def test_a_sections_name_tells_its_role(name: str, role: str) -> None:
    assert role_of(name) == role
