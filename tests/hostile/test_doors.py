"""Every hostile file through every door."""

import resource

import pytest

from tests.hostile import pictures, sounds, writings
from tests.hostile.doors import FILE_DOORS, PICTURE_DOORS, SOUND_DOORS, TEXT_DOORS, House


@pytest.mark.parametrize("name", sounds.BROKEN)
def test_what_is_no_sound_is_refused_in_one_sentence_at_every_door(house: House, name: str) -> None:
    path = house.write(name, sounds.BROKEN[name])
    said = {house.refuses(door, path) for door in SOUND_DOORS.values()}

    assert len(said) == 1


def test_hours_of_silence_in_a_small_file_are_refused_before_they_take_room(house: House) -> None:
    path = house.write("hours.flac", sounds.hours_of_silence)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    assert "14400 s are allowed" in house.refuses(SOUND_DOORS["measure"], path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # KiB


@pytest.mark.parametrize("name", pictures.BROKEN)
def test_what_is_no_picture_is_refused_in_one_sentence(house: House, name: str) -> None:
    path = house.write(name, pictures.BROKEN[name])
    for door in PICTURE_DOORS.values():
        house.refuses(door, path)


@pytest.mark.parametrize("name", writings.BROKEN)
def test_what_can_not_be_read_is_refused_in_one_sentence(house: House, name: str) -> None:
    path = house.write(name, writings.BROKEN[name])
    for door in FILE_DOORS.values():
        house.refuses(door, path)


@pytest.mark.parametrize("name", pictures.ODD)
def test_an_odd_picture_ends_in_an_answer_or_a_refusal(house: House, name: str) -> None:
    path = house.write(name, pictures.ODD[name])
    for door in PICTURE_DOORS.values():
        assert house.through(door, path).returncode in (0, 1, 2)


@pytest.mark.parametrize("name", writings.ODD)
def test_an_odd_score_or_text_ends_in_an_answer_or_a_refusal(house: House, name: str) -> None:
    path = house.write(name, writings.ODD[name])
    for door in FILE_DOORS.values():
        ended = house.through(door, path)
        assert ended.returncode in (0, 1, 2, 3)
        assert "root:" not in ended.stdout


@pytest.mark.parametrize("name", sounds.ODD)
def test_an_odd_sound_is_measured_or_refused(house: House, name: str) -> None:
    path = house.write(name, sounds.ODD[name])
    for door in ("measure", "ask"):
        assert house.through(SOUND_DOORS[door], path).returncode in (0, 1, 2)


@pytest.mark.long
@pytest.mark.parametrize("door", SOUND_DOORS)
@pytest.mark.parametrize("name", sounds.ODD)
def test_an_odd_sound_ends_in_a_result_or_a_refusal(house: House, name: str, door: str) -> None:
    ended = house.through(SOUND_DOORS[door], house.write(name, sounds.ODD[name]))

    assert ended.returncode in (0, 1, 2)


@pytest.mark.parametrize("door", TEXT_DOORS)
def test_what_is_no_brief_no_sketch_and_no_song_is_refused(house: House, door: str) -> None:
    files = writings.BROKEN | writings.ODD
    for name in ("empty.txt", "binary.txt", "too long.txt", "latin.txt", "cut.mid"):
        path = house.write(name, files[name])
        assert house.through(TEXT_DOORS[door], path).returncode in (1, 2)
