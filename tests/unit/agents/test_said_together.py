import pytest

from agents.supervisor import Supervisor
from audio.assets import AssetRef
from memory.context import Plan, ProjectContext

CLIP = AssetRef(id="a" * 64, kind="audio", name="clip.wav", suffix="wav", size_bytes=1, seconds=180)


def plan(request: str) -> Plan:
    return Supervisor().plan(
        ProjectContext(
            project="p", thread="main", turn=1, request=request, assets=(CLIP,),
            attached=(CLIP.id,),
        )
    )  # fmt: skip


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
