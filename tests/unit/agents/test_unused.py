import pytest

from agents.answering.answer import answer
from agents.supervisor import Supervisor
from audio.assets import AssetRef
from audio.media import AssetKind
from memory.context import ProjectContext


def file(letter: str, name: str, kind: AssetKind) -> AssetRef:
    suffix = "." + name.rpartition(".")[2]
    return AssetRef(id=letter * 64, name=name, kind=kind, suffix=suffix, size_bytes=9, seconds=2.0)


MIX, COVER = file("a", "mix.wav", "audio"), file("b", "cover.png", "image")


def told(request: str, *files: AssetRef) -> str:
    ids = tuple(one.id for one in files)
    context = ProjectContext(
        project="p", thread="t", turn=1, request=request, assets=files, attached=ids
    )
    plan = Supervisor().plan(context)
    return answer(context, plan, plan.tasks, ())


def test_picture_that_a_request_does_not_mention_is_told() -> None:
    text = told("How loud is mix.wav?", MIX, COVER)
    assert "Not looked at: cover.png." in text and "Not listened to" not in text


def test_sound_that_a_request_does_not_mention_is_told() -> None:
    text = told("Hello there", MIX)
    assert "Not listened to: mix.wav." in text and not text.startswith("Not listened")


@pytest.mark.parametrize(
    "request_",
    ["How loud is it, and what does the picture show?", "", "cover.png shows mix.wav",
     "Note: mix.wav is the drum stem and cover.png shows it"],
)  # fmt: skip
def test_nothing_is_said_of_files_that_are_used(request_: str) -> None:
    text = told(request_, MIX, COVER)
    assert "mix.wav. The request" not in text
