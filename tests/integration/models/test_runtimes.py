import threading
import time
from contextlib import closing
from dataclasses import replace

import pytest
from pydantic import BaseModel, ConfigDict

from grym_synth.errors import (
    BadAnswer,
    Cancelled,
    ContextOverflow,
    ModelTimeout,
    ModelUnable,
    ModelUnavailable,
)
from models.asking import ask_typed
from models.base import ChatModel, Message, Options
from models.runtime import gathered
from models.schema import form_schema
from models.script import Line, When
from tests.integration.models.stages import REAL, SCRIPTED, WINDOW, Kind, Stage, Stages

ASKED = [Message("system", "You answer briefly."), Message("user", "Name two keys of a piano.")]
LINE = Line(thinking="The user wants two keys.", answer="C major and A minor.", times=0)
LONG = Line(
    thinking="Let me think. " * 200, answer="At last. " * 2000, piece_seconds=0.002, times=0
)


class Key(BaseModel):
    model_config = ConfigDict(extra="forbid")

    tonic: str
    minor: bool


@pytest.fixture(params=[*SCRIPTED, *REAL])
def kind(request: pytest.FixtureRequest) -> Kind:
    chosen: Kind = request.param
    return chosen


@pytest.fixture
def scene(kind: Kind, stages: Stages, request: pytest.FixtureRequest) -> "Scene":
    small: ChatModel | None = request.getfixturevalue("small") if kind in REAL else None
    return Scene(kind, stages, small)


class Scene:
    def __init__(self, kind: Kind, stages: Stages, small: ChatModel | None) -> None:
        self._kind, self._stages, self._small = kind, stages, small

    def open(self, *lines: Line) -> Stage:
        if self._small is None:
            return self._stages.scripted(self._kind, *lines)
        if self._kind == "ollama-small":
            return self._stages.ollama(self._small)
        return Stage(self._small)


def test_an_answer_comes_with_what_it_cost(scene: Scene) -> None:
    answer = scene.open(LINE).model.answer(ASKED, Options(max_tokens=12))

    assert answer.text
    assert 5 < answer.ending.tokens_in < 100
    assert 0 < answer.ending.tokens_out <= 12
    assert 0 < answer.ending.seconds < 60
    assert answer.ending.finish in ("stop", "length")


def test_streamed_pieces_add_up_to_the_answer(scene: Scene) -> None:
    model = scene.open(LINE).model
    asked = Options(max_tokens=12)

    pieces = list(model.stream(ASKED, asked))
    whole = model.answer(ASKED, asked)

    assert sum(bool(piece.text) for piece in pieces) >= 3
    assert [bool(piece.ending) for piece in pieces] == [False] * (len(pieces) - 1) + [True]
    assert gathered(pieces).text == whole.text


def test_the_name_opens_the_model_and_its_facts_come_from_it(scene: Scene) -> None:
    model = scene.open(LINE).model

    assert model.name.split(":")[0] in ("ollama", "openai", "llamacpp", "scripted")
    assert model.facts().context_tokens == WINDOW
    assert not model.facts().images


def test_a_cancelled_answer_ends_within_one_token(scene: Scene) -> None:
    options = Options(max_tokens=400)
    stream = scene.open(LONG).model.stream(ASKED, options)
    for _ in range(3):
        next(stream)

    options.cancel.set()

    with pytest.raises(Cancelled):
        next(stream)


def test_what_was_cancelled_before_is_never_sent(scene: Scene) -> None:
    stage = scene.open(LINE)
    options = Options()
    options.cancel.set()

    with pytest.raises(Cancelled):
        stage.model.answer(ASKED, options)
    assert stage.sent() == 0


def test_a_closed_stream_leaves_the_model_ready(scene: Scene) -> None:
    model = scene.open(LONG).model
    with closing(model.stream(ASKED, Options(max_tokens=400))) as pieces:
        next(pieces)

    with closing(model.stream(ASKED, Options(max_tokens=400))) as pieces:
        assert next(pieces).ending is None


def test_an_answer_has_no_more_time_than_it_may(scene: Scene) -> None:
    model = scene.open(LONG).model
    model.facts()

    with pytest.raises(ModelTimeout, match="within"):
        model.answer(ASKED, Options(max_tokens=1500, seconds=0.05))


def test_an_answer_has_no_more_tokens_than_it_may(scene: Scene) -> None:
    ending = list(scene.open(LONG).model.stream(ASKED, Options(max_tokens=7)))[-1].ending

    assert ending is not None
    assert (ending.finish, ending.tokens_out) == ("length", 7)


def test_what_does_not_fit_the_window_is_not_sent(scene: Scene) -> None:
    stage = scene.open(LINE)
    long = replace(ASKED[1], text="This mix is too loud. " * 500)

    with pytest.raises(ContextOverflow, match=str(WINDOW)):
        stage.model.answer([ASKED[0], long])
    assert stage.sent() == 0


def test_room_for_the_answer_is_part_of_the_window(scene: Scene) -> None:
    with pytest.raises(ContextOverflow):
        scene.open(LINE).model.answer(ASKED, Options(max_tokens=WINDOW))


def test_a_schema_is_kept_to(scene: Scene) -> None:
    constrained = Line(when=When(schema=True), answer={"tonic": "C", "minor": False}, times=0)
    model = scene.open(constrained).model
    asked = [Message("user", "Which key is easy on the piano? Answer in JSON.")]

    answer = model.answer(asked, Options(schema=form_schema(Key), max_tokens=40))

    assert Key.model_validate_json(answer.text)


def test_a_typed_answer_comes_from_every_runtime(scene: Scene) -> None:
    free = Line(when=When(schema=False), thinking="Easy: C.", answer="I would say C major.")
    held = Line(when=When(schema=True), answer={"tonic": "C", "minor": False})
    asked = [
        Message("user", 'Which key is easy? Answer as {"tonic": "…", "minor": true or false}.')
    ]

    typed = ask_typed(scene.open(free, held).model, asked, Key, Options(max_tokens=40))

    assert isinstance(typed.value, Key)
    assert typed.attempts[-1].fault == ""
    assert typed.tokens_out > 0


def test_pictures_are_refused_by_a_model_that_does_not_see(scene: Scene) -> None:
    stage = scene.open(LINE)

    with pytest.raises(ModelUnable, match="picture"):
        stage.model.answer([Message("user", "What is this?", (b"\x89PNG",))])
    assert stage.sent() == 0


def test_two_threads_ask_one_model(scene: Scene) -> None:
    model = scene.open(LINE).model
    answers: list[str] = []
    threads = [
        threading.Thread(
            target=lambda: answers.append(model.answer(ASKED, Options(max_tokens=8)).text)
        )
        for _ in range(2)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert len(answers) == 2
    assert all(answers)


@pytest.mark.parametrize("kind", SCRIPTED)
def test_thinking_is_kept_apart_from_the_answer(kind: Kind, stages: Stages) -> None:
    answer = stages.scripted(kind, LINE).model.answer(ASKED)

    assert answer.text == "C major and A minor."
    assert answer.thinking == "The user wants two keys."


def test_thinking_in_tags_is_kept_apart_too(stages: Stages) -> None:
    lines = [
        Line(answer="<think>\nHm, keys.\n</think>\n\nC and A.", chunk=3),
        Line(answer="Hm, keys.\n</think>\n\nC and A.", chunk=3),
        Line(answer='C. Its track is named "<think>".', chunk=3),
    ]
    model = stages.scripted("scripted", *lines).model

    tagged, half_tagged, quoting = (model.answer(ASKED) for _ in lines)

    assert (tagged.thinking, tagged.text) == ("Hm, keys.", "C and A.")
    assert (half_tagged.thinking, half_tagged.text) == ("Hm, keys.", "C and A.")
    assert (quoting.thinking, quoting.text) == ("", 'C. Its track is named "<think>".')


@pytest.mark.parametrize("kind", ["ollama", "openai"])
def test_a_server_that_leaves_the_tags_in_is_understood(kind: Kind, stages: Stages) -> None:
    brain = stages.scripted("scripted", LINE).model
    stage = stages.ollama(brain) if kind == "ollama" else stages.openai(brain, inline_thinking=True)

    answer = stage.model.answer(ASKED)

    assert (answer.thinking, answer.text) == ("The user wants two keys.", "C major and A minor.")


@pytest.mark.parametrize("kind", SCRIPTED)
def test_endless_thinking_is_stopped(kind: Kind, stages: Stages) -> None:
    model = stages.scripted(kind, Line(thinking="But wait. ", endless=True)).model

    ending = list(model.stream(ASKED, Options(max_thinking=50)))[-1].ending

    assert ending is not None
    assert (ending.finish, ending.tokens_out) == ("thinking", 51)


@pytest.mark.parametrize("kind", SCRIPTED)
def test_an_answer_without_words_is_a_bad_one(kind: Kind, stages: Stages) -> None:
    lines = [Line(thinking="Hm.", answer=""), Line(thinking="Let me think. " * 50, answer="C.")]
    model = stages.scripted(kind, *lines).model

    with pytest.raises(BadAnswer, match=r"no answer \(stop"):
        model.answer(ASKED)
    with pytest.raises(BadAnswer, match=r"no answer \(length"):
        model.answer(ASKED, Options(max_tokens=20))


@pytest.mark.parametrize("kind", SCRIPTED)
def test_waiting_for_the_first_word_ends_when_cancelled(kind: Kind, stages: Stages) -> None:
    model = stages.scripted(kind, Line(answer="C.", load_seconds=60)).model
    options = Options()
    model.facts()
    began = time.monotonic()
    threading.Timer(0.1, options.cancel.set).start()

    with pytest.raises(Cancelled):
        model.answer(ASKED, options)
    assert time.monotonic() - began < 30


@pytest.mark.parametrize("kind", SCRIPTED)
def test_a_model_that_does_not_begin_in_time_is_given_up(kind: Kind, stages: Stages) -> None:
    model = stages.scripted(kind, Line(answer="C.", first_seconds=60)).model
    model.facts()
    began = time.monotonic()

    with pytest.raises(ModelTimeout, match="first word"):
        model.answer(ASKED, Options(first_seconds=0.2))
    assert time.monotonic() - began < 30


@pytest.mark.parametrize("kind", SCRIPTED)
def test_a_model_that_crashes_is_unavailable(kind: Kind, stages: Stages) -> None:
    model = stages.scripted(kind, Line(fault="crashed"), LINE).model

    with pytest.raises(ModelUnavailable):
        model.answer(ASKED)
    assert model.answer(ASKED).text == "C major and A minor."


def test_a_model_that_does_not_think_is_not_asked_to(stages: Stages) -> None:
    stage = stages.scripted("ollama", LINE, thinks=False)

    with pytest.raises(ModelUnable, match="think"):
        stage.model.answer(ASKED, Options(think=True))
    assert stage.sent() == 0
