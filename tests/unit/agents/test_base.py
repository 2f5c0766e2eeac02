import pytest

from agents.base import file_stem


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("my mix.wav", "my mix"),
        ("../../etc/passwd", "passwd"),
        ("..wav", "sound"),
        ("-rf.wav", "rf"),
        ("a:b|c?.flac", "a_b_c"),
        ("été 1.5.wav", "été 1.5"),
        ("???.wav", "sound"),
        ("", "sound"),
    ],
)
def test_names_of_results_start_like_the_users_file(name: str, stem: str) -> None:
    assert file_stem(name) == stem


@pytest.mark.parametrize("letter", ["a", "é", "曲", "\U0001d11e", " "])
def test_a_long_name_leaves_room_for_what_follows_in_any_script(letter: str) -> None:
    assert len(file_stem(letter * 300 + ".wav").encode()) <= 160
