"""How keys lie to one another."""

from memory.library.keys import camelot, in_scale, neighbours, relative, same_key


def test_relatives_and_neighbours_are_those_of_the_circle_of_fifths() -> None:
    assert (relative("F minor"), relative("Ab major")) == ("Ab major", "F minor")
    assert neighbours("A minor") == ("E minor", "D minor")


def test_camelot_codes_are_keys() -> None:
    assert [camelot(one) for one in ("8A", "8B", "4A", "1B", "13A", "A")] == [
        "A minor", "C major", "F minor", "B major", None, None,
    ]  # fmt: skip


def test_a_note_alone_means_either_mode_and_spellings_are_one() -> None:
    assert same_key("F", "F minor") and same_key("Db major", "C# major")
    assert not same_key("F major", "F minor")
    assert in_scale(8, "F minor") and not in_scale(9, "F minor")
