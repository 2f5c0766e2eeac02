import threading
import time
from collections.abc import Sequence

import pytest

from agents.turn.patience import PatientModel
from grym_synth.errors import Cancelled, ModelAway, ModelFault
from memory.context import Event
from models.base import Message, Options
from models.script import Line, Script
from models.scripted import ScriptedChat

ASKED = [Message("user", "Hello")]


def patient(lines: Sequence[Line]) -> tuple[PatientModel, list[Event]]:
    told: list[Event] = []
    return PatientModel(ScriptedChat("scripted:x", Script(lines)), "supervisor", told.append), told


def busy(times: int) -> Line:
    return Line(fault="busy", times=times)


def test_a_busy_server_is_asked_again_and_the_user_is_told() -> None:
    model, told = patient([busy(2), Line(answer="At last.")])

    assert model.answer(ASKED).text == "At last."
    assert [(one.kind, one.model) for one in told] == [("waiting", "scripted:x")] * 2
    assert "busy" in told[0].text and "0.5 s" in told[0].text


def test_a_server_that_stays_busy_is_given_up_after_a_few_tries() -> None:
    model, told = patient([busy(0)])
    began = time.monotonic()

    with pytest.raises(ModelAway):
        list(model.stream(ASKED))
    assert len(told) == 3
    assert time.monotonic() - began < 10


def test_no_wait_goes_beyond_the_time_of_the_answer() -> None:
    model, told = patient([busy(0)])
    began = time.monotonic()

    with pytest.raises(ModelFault):
        model.answer(ASKED, Options(seconds=0.4))
    assert told == []
    assert time.monotonic() - began < 0.4


def test_what_broke_off_after_its_first_word_is_not_said_twice() -> None:
    model, told = patient([Line(answer="Half of it", fault="error"), Line(answer="All of it")])
    said: list[str] = []

    with pytest.raises(ModelAway):
        said += [piece.text for piece in model.stream(ASKED)]
    assert told == []


@pytest.mark.parametrize("fault", ["missing", "unable"])
def test_what_waiting_does_not_mend_is_not_waited_for(fault: str) -> None:
    model, told = patient([Line.model_validate({"fault": fault}), Line(answer="Never")])

    with pytest.raises(ModelFault):
        model.answer(ASKED)
    assert told == []


def test_cancelling_ends_the_wait() -> None:
    model, _ = patient([busy(0)])
    cancel = threading.Event()
    threading.Timer(0.1, cancel.set).start()
    began = time.monotonic()

    with pytest.raises(Cancelled):
        model.answer(ASKED, Options(cancel=cancel))
    assert time.monotonic() - began < 0.4
