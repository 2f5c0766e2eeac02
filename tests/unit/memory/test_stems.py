import pytest

from memory.language.stems import stem


@pytest.mark.parametrize(
    "forms",
    [
        ("line", "lines"),
        ("hit", "hits"),
        ("rate", "rates", "rating", "rated"),
        ("mix", "mixes", "mixed", "mixing"),
        ("notch", "notches", "notched"),
        ("trim", "trimmed", "trimming"),
        ("frequency", "frequencies"),
        ("loud", "loudly", "loudness"),
        ("normalise", "normalised", "normalising"),
    ],
)
def test_the_forms_of_a_word_meet(forms: tuple[str, ...]) -> None:
    assert len({stem(one) for one in forms}) == 1


@pytest.mark.parametrize("pair", [("bass", "bas"), ("bus", "bu"), ("ring", "r"), ("48", "4")])
def test_what_only_looks_like_a_form_stays_apart(pair: tuple[str, str]) -> None:
    assert stem(pair[0]) != stem(pair[1])
