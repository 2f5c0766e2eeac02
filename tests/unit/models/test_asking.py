from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from grym_synth.errors import BadAnswer, Cancelled, ModelTimeout, ModelUnavailable
from models.asking import ask_typed
from models.base import Message, Options, Piece
from models.script import Abilities, Line, Script, When
from models.scripted import ScriptedChat

ASKED = [Message("system", "You plan."), Message("user", "Who measures the mix?")]
GOOD = {"agent": "gama", "rounds": 1}


class Decision(BaseModel):
    model_config = ConfigDict(extra="forbid")

    agent: Literal["gama", "coder"]
    rounds: int = Field(ge=1, le=4)


def _model(*lines: Line, thinks: bool = True, schema: bool = True) -> ScriptedChat:
    abilities = Abilities(thinks=thinks, schema=schema, context_tokens=8192)
    return ScriptedChat("scripted:test", Script(lines, abilities))


@pytest.mark.parametrize(
    "said",
    [
        '{"agent": "gama", "rounds": 1}',
        '```json\n{"agent": "gama", "rounds": 1}\n```',
        'Surely. {"agent": "gama", "rounds": 1,}\nIs there more?',
        'For example {"agent": "nobody", "rounds": 1}. My answer: {"agent": "gama", "rounds": 1}',
        '<think>{"agent": "coder", "rounds": 4}</think>{"agent": "gama", "rounds": 1}',
        '{"agent": "coder", "rounds": 4} no, wait.\n</think>\n{"agent": "gama", "rounds": 1}',
    ],
)
def test_a_free_answer_is_read_whatever_stands_round_it(said: str) -> None:
    typed = ask_typed(_model(Line(answer=said)), ASKED, Decision)

    assert typed.value == Decision(agent="gama", rounds=1)
    assert [one.step for one in typed.attempts] == ["free"]


def test_the_free_answer_thinks_and_the_constrained_one_does_not() -> None:
    free = Line(when=When(think=True, schema=False), thinking="gama it is", answer="gama!")
    held = Line(when=When(think=False, schema=True, role="assistant", match="gama"), answer=GOOD)

    typed = ask_typed(_model(free, held), ASKED, Decision)

    assert [one.step for one in typed.attempts] == ["free", "constrained"]
    assert typed.thinking == "gama it is"
    assert "no complete JSON" in typed.attempts[0].fault


def test_what_it_concluded_by_thinking_alone_is_shown_to_it_again() -> None:
    free = Line(thinking="So gama should measure.", answer="")
    held = Line(when=When(role="assistant", match="gama should measure"), answer=GOOD)

    assert ask_typed(_model(free, held), ASKED, Decision).value.agent == "gama"


def test_endless_thinking_is_stopped_and_what_it_thought_is_used() -> None:
    free = Line(when=When(think=True), thinking="Perhaps gama, but wait. ", endless=True)
    held = Line(when=When(think=False, match="Perhaps gama"), answer=GOOD)

    typed = ask_typed(_model(free, held), ASKED, Decision, Options(max_thinking=40))

    assert "too long" in typed.attempts[0].fault
    assert typed.tokens_out < 60


def test_thinking_that_takes_all_its_time_leaves_some_for_the_answer() -> None:
    free = Line(when=When(think=True), thinking="Hm. ", endless=True, piece_seconds=0.01)
    held = Line(when=When(think=False), answer=GOOD)

    typed = ask_typed(_model(free, held), ASKED, Decision, Options(seconds=0.6))

    assert "within" in typed.attempts[0].fault
    assert typed.seconds < 0.6


def test_an_answer_that_runs_out_of_tokens_is_no_answer() -> None:
    cut = Line(answer='{"agent": "gama", "rounds": 1} and so on', finish="length")

    typed = ask_typed(_model(cut, Line(answer=GOOD)), ASKED, Decision)

    assert "ran out of tokens" in typed.attempts[0].fault


def test_a_part_of_a_cut_answer_is_never_taken_for_the_whole() -> None:
    class Loose(BaseModel):
        agent: str = "nobody"

    cut = Line(answer='{"plan": {"agent": "gama"}, "rest": [')

    typed = ask_typed(_model(cut, Line(answer={"agent": "coder"})), ASKED, Loose)

    assert typed.value.agent == "coder"


def test_a_wrong_choice_is_sent_back_with_what_is_wrong_with_it() -> None:
    wrong = Line(answer={"agent": "drummer", "rounds": 9}, times=2)
    right = Line(when=When(role="user", match="agent: .*'gama' or 'coder'.*rounds: "), answer=GOOD)

    typed = ask_typed(_model(wrong, right), ASKED, Decision)

    assert [one.step for one in typed.attempts] == ["free", "constrained", "corrected"]


def test_after_three_tries_all_that_was_said_is_kept() -> None:
    model = _model(Line(thinking="Hm.", answer="I can't decide.", times=0))

    with pytest.raises(BadAnswer, match="none of 3") as caught:
        ask_typed(model, ASKED, Decision)

    assert [one.text for one in caught.value.attempts] == ["I can't decide."] * 3
    assert caught.value.attempts[0].thinking == "Hm."


def test_an_answer_that_never_ends_is_stopped() -> None:
    model = _model(Line(answer="la", endless=True, chunk=1), Line(answer=GOOD), thinks=False)

    typed = ask_typed(model, ASKED, Decision)

    assert typed.attempts[0].fault == "it came to no end"


def test_a_model_without_thinking_or_schema_is_asked_in_words() -> None:
    plain = Line(when=When(schema=False), answer="It is gama.")
    right = Line(when=When(schema=False, match="JSON object alone"), answer=GOOD)

    typed = ask_typed(_model(plain, right, thinks=False, schema=False), ASKED, Decision)

    assert typed.value.agent == "gama"


def test_a_broken_answer_is_tried_again() -> None:
    typed = ask_typed(_model(Line(answer=GOOD, fault="cut"), Line(answer=GOOD)), ASKED, Decision)

    assert "broke off" in typed.attempts[0].fault


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (Line(fault="busy"), ModelUnavailable),
        (Line(answer=GOOD, first_seconds=5), ModelTimeout),
    ],
)
def test_a_model_that_can_not_be_asked_is_not_asked_three_times(
    line: Line, fault: type[Exception]
) -> None:
    with pytest.raises(fault):
        ask_typed(_model(line, Line(answer=GOOD)), ASKED, Decision, Options(first_seconds=0.05))


def test_cancelling_ends_the_whole_ladder() -> None:
    options = Options()
    model = _model(Line(answer="no JSON here", times=0))

    def stop(piece: Piece) -> None:
        if piece.ending:
            options.cancel.set()

    with pytest.raises(Cancelled):
        ask_typed(model, ASKED, Decision, options, on_piece=stop)


def test_pieces_are_told_as_they_come() -> None:
    heard: list[Piece] = []

    ask_typed(_model(Line(thinking="Hm.", answer=GOOD)), ASKED, Decision, on_piece=heard.append)

    assert heard[0] == Piece(thinking="Hm.")
    assert heard[-1].ending is not None
