from collections.abc import Callable
from pathlib import Path

import pytest

from agents.coder import Coder
from agents.coding.author import Author
from agents.contexts.coder import CoderSlice, coder_slice
from agents.sandbox.plain import PlainChild
from agents.sandbox.runs import Runner
from audio.assets import AssetStore
from grym_synth.errors import SandboxRefused
from grym_synth.settings import MediaLimits
from memory.context import ProjectContext, Report, Task
from models.script import Line, Script
from models.scripted import ScriptedChat

FREE = Task(id="t-1", agent="coder", objective="Build what the request asks for")


def slice_() -> CoderSlice:
    context = ProjectContext(project="p", thread="t", turn=1, request="write a ring modulator")
    return coder_slice(FREE, context, ())


def work(tmp_path: Path, open_runner: Callable[[], Runner], author: Author | None) -> Report:
    assets = AssetStore(tmp_path / "assets", MediaLimits())
    return Coder(assets, open_runner).work(slice_(), author)


def author(*lines: Line) -> Author:
    return Author(ScriptedChat("scripted:a", Script(lines)))


def no_sandbox() -> Runner:
    raise SandboxRefused("opening a sandbox for scripts", "a script could fork", "Allow namespaces")


def test_without_a_model_free_code_is_skipped_and_says_what_it_needs(tmp_path: Path) -> None:
    report = work(tmp_path, PlainChild, None)

    assert report.failure is not None
    assert report.failure.kind == "skipped"
    assert "needs a coding model" in report.failure.why


@pytest.mark.parametrize("open_runner", [PlainChild, no_sandbox])
def test_without_a_sandbox_no_model_is_asked_and_nothing_runs(
    tmp_path: Path, open_runner: Callable[[], Runner]
) -> None:
    report = work(tmp_path, open_runner, author())

    assert report.failure is not None
    assert report.failure.kind == "skipped"
    assert "only runs in a sandbox" in report.failure.why
    assert report.trials == ()


def test_a_model_that_does_not_answer_is_told_of_as_degraded(tmp_path: Path) -> None:
    class Confining(PlainChild):
        @property
        def confines(self) -> bool:
            return True

    report = work(tmp_path, Confining, author(Line(fault="absent", times=0)))

    assert report.failure is not None
    assert report.failure.kind == "failed"
    assert "nothing answers there" in report.failure.why
    assert [one.used for one in report.degraded] == ["instruments"]
