"""The processing history: every step once, whatever was cut off, and each report whole."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from grym_synth.settings import Settings
from grym_synth.studio import Studio, open_studio
from tests.integration.cutting import Cut, cut_at

WORK = ("planned", "done", "integrated", "answered")
"""Outcomes of the steps of a turn with one task."""


@pytest.fixture
def studio(home: Path) -> Iterator[Studio]:
    settings = Settings(home=home, models="instruments", embedder="lexical")
    with open_studio(settings=settings) as opened:
        yield opened


@pytest.mark.parametrize(
    "moment",
    [("supervisor", "end"), ("gama", "end"), ("integrate", "end"), ("respond", "start")],
)
def test_a_turn_that_was_cut_off_and_resumed_has_each_step_once(
    studio: Studio, tone: Path, moment: tuple[str, str]
) -> None:
    with pytest.raises(Cut):
        studio.ask("how loud is it?", studio.attach([(tone, "audio")]), on_event=cut_at(*moment))
    studio.ask("", resume=True)
    memory = studio.deps.repository
    steps = memory.interactions("default")
    outcomes = [one.outcome for one in steps]
    assert [one for one in outcomes if one in WORK] == list(WORK)
    assert {one.turn for one in steps} == {1}
    assert len(set(outcomes)) == len({one.id for one in steps}) == len(steps)
    (turn,) = memory.history("default")
    (task,) = turn.tasks
    (report,) = memory.reports("default", task.id)
    assert {one.id for one in report.findings} == set(turn.findings)
    assert memory.as_of("default", turn=("main", 1)).findings


def test_a_turn_without_work_has_a_decision_and_an_answer(studio: Studio) -> None:
    studio.ask("hello")
    steps = studio.deps.repository.interactions("default", "main")
    told = {one.outcome: one.what for one in steps}
    assert (told["planned"], told["answered"]) == ("no task", "answered")
    assert len(told) == len(steps) and "integrated" not in told
