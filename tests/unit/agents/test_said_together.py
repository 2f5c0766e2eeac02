import pytest

from memory.context import Plan
from tests.unit.agents.clip_plans import plan


def said(made: Plan) -> list[tuple[str, str]]:
    return [(one.field, one.value) for one in made.settings]


@pytest.mark.parametrize(
    ("request_", "style"),
    [
        ("Change the style to clean and airy", "clean and airy"),
        ("set the genre to dub techno with lots of reverb", "dub techno with lots of reverb"),
        ("Ändere den Stil zu hell und verzerrt", "hell und verzerrt"),
    ],
)
def test_a_style_is_a_style_whatever_its_words_would_do_to_a_sound(
    request_: str, style: str
) -> None:
    made = plan(request_)

    assert said(made) == [("style", style)]
    assert not made.tasks


def test_what_shall_be_kept_is_a_constraint_of_its_own() -> None:
    made = plan("The style is dark, the mix is due on 18 December 2026, but keep it in A minor.")

    assert said(made) == [
        ("style", "dark"),
        ("deadline", "mix: 18 December 2026"),
        ("constraint", "keep it in A minor"),
    ]


@pytest.mark.parametrize(
    ("request_", "name", "means"),
    [
        ("'Boing' means resonant low mids. What is its loudness?", "Boing", "resonant low mids"),
        ("Miss die Lautheit. „mulmig“ heißt zu viel um 250 Hz.", "mulmig", "zu viel um 250 Hz"),
    ],
)
def test_a_word_is_explained_beside_work(request_: str, name: str, means: str) -> None:
    made = plan(request_)

    assert [(one.name, one.means) for one in made.terms] == [(name, means)]
    assert [one.agent for one in made.tasks] == ["gama"]
    assert "loudness" in made.tasks[0].objective
