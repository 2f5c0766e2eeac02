import base64
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

import numpy as np
import pytest
import torch
from langchain_core.messages import AIMessageChunk, HumanMessage
from langgraph.graph import START, StateGraph
from PIL import Image
from pydantic import BaseModel, ConfigDict, Field

from grym_synth.errors import (
    Cancelled,
    ContextOverflow,
    MediaRejected,
    ModelTimeout,
)
from models.asking import ask_typed
from models.base import Message, Options
from models.langchain_chat import GrymChat
from models.schema import form_schema
from models.script import Line, When
from models.vision.base import VisionModel, shown
from tests.integration.models.eyes import LOCAL, SERVED, EyeKind, Eyesight, Sight
from tests.integration.models.streaming import (
    Ask,
    check_closing,
    check_most_tokens,
    check_pieces,
    check_two_at_once,
)
from tests.integration.models.tiny_eyes import WINDOW

ASKED = "What is shown here?"
SLOW = Line(answer="A kick. " * 400, piece_seconds=0.002, times=0)
FEW = Options(max_tokens=8)


class Seen(BaseModel):
    model_config = ConfigDict(extra="forbid")

    loud: bool
    count: int = Field(ge=0, le=9)


def noise(width: int, height: int, seed: int = 5) -> Image.Image:
    values = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    return Image.fromarray(values)


def png(width: int = 112, height: int = 84, seed: int = 5) -> bytes:
    return encoded(noise(width, height, seed))


def encoded(picture: Image.Image, form: str = "PNG") -> bytes:
    held = io.BytesIO()
    picture.save(held, form)
    return held.getvalue()


@pytest.fixture(scope="module")
def eyesight(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Eyesight]:
    torch.set_num_threads(1)
    opened = Eyesight(tmp_path_factory.mktemp("eyes"))
    yield opened
    opened.close()


@pytest.fixture(scope="module", params=[*SERVED, *LOCAL])
def kind(request: pytest.FixtureRequest) -> EyeKind:
    chosen: EyeKind = request.param
    return chosen


@pytest.fixture(scope="module")
def sight(kind: EyeKind, eyesight: Eyesight) -> Sight:
    return eyesight.open(kind)


@pytest.fixture(scope="module")
def model(sight: Sight) -> VisionModel:
    return sight.model


def test_an_answer_comes_with_what_it_cost(model: VisionModel) -> None:
    answer = model.look([png()], ASKED, FEW)

    assert answer.text
    assert answer.ending.tokens_in > model.eyes().tokens_of(112, 84)
    assert 0 < answer.ending.tokens_out <= 8
    assert 0 < answer.ending.seconds < 60


def asking(model: VisionModel) -> Ask:
    return lambda options: model.stream(shown([png()], ASKED), options)


def test_streamed_pieces_add_up_to_the_answer(model: VisionModel) -> None:
    check_pieces(asking(model), FEW, model.look([png()], ASKED, FEW).text)


def test_it_says_what_it_can_do_before_it_is_loaded(kind: EyeKind, eyesight: Eyesight) -> None:
    facts = eyesight.open(kind).model.facts()

    assert facts.images
    assert facts.schema
    assert facts.context_tokens == WINDOW


def test_several_pictures_are_taken_in_one_question(model: VisionModel) -> None:
    one = model.look([png()], ASKED, FEW).ending.tokens_in
    two = model.look([png(), png(56, 56)], ASKED, FEW).ending.tokens_in

    assert two > one


def test_several_questions_are_answered_as_each_alone_is(model: VisionModel) -> None:
    asked = [shown([png()], ASKED), [Message("user", "Hello.")], shown([png(60, 200)], "And here?")]

    answers = model.look_each(asked, FEW)

    assert len(answers) == 3
    for one, answer in zip(asked, answers, strict=True):
        alone = model.answer(one, FEW)
        assert answer.ending.tokens_in == alone.ending.tokens_in
        assert answer.ending.finish == alone.ending.finish
    assert answers[0].text == model.answer(asked[0], FEW).text
    assert model.look_each([]) == []


def test_a_schema_is_kept_to(kind: EyeKind, eyesight: Eyesight) -> None:
    said = Line(when=When(schema=True), answer={"loud": True, "count": 2}, times=0)
    model = eyesight.open(kind, said).model
    wanted = Options(schema=form_schema(Seen), max_tokens=60)

    answers = [
        model.look([png()], ASKED, wanted),
        *model.look_each([shown([png()], ASKED)], wanted),
    ]

    for answer in answers:
        assert set(json.loads(answer.text)) == {"loud", "count"}
        assert answer.ending.finish == "stop"


def test_a_typed_answer_comes_about_a_picture(kind: EyeKind, eyesight: Eyesight) -> None:
    free = Line(when=When(schema=False), answer="I would say that it is loud.", times=0)
    held = Line(when=When(schema=True), answer={"loud": True, "count": 2}, times=0)
    model = eyesight.open(kind, free, held).model

    typed = ask_typed(model, shown([png()], ASKED), Seen, Options(max_tokens=60))

    assert isinstance(typed.value, Seen)


def test_a_cancelled_answer_ends_within_one_token(kind: EyeKind, eyesight: Eyesight) -> None:
    options = Options(max_tokens=900)
    stream = eyesight.open(kind, SLOW).model.stream(shown([png()], ASKED), options)
    next(stream)

    options.cancel.set()

    with pytest.raises(Cancelled):
        next(stream)


def test_what_was_cancelled_before_is_not_begun(sight: Sight) -> None:
    options, before = Options(), sight.sent()
    options.cancel.set()

    with pytest.raises(Cancelled):
        sight.model.look([png()], ASKED, options)
    with pytest.raises(Cancelled):
        sight.model.look_each([shown([png()], ASKED)], options)
    assert sight.sent() == before


def test_an_answer_has_no_more_time_than_it_may(kind: EyeKind, eyesight: Eyesight) -> None:
    model = eyesight.open(kind, SLOW).model
    model.facts()

    with pytest.raises(ModelTimeout, match="within"):
        model.look([png()], ASKED, Options(max_tokens=900, seconds=0.05, first_seconds=0.05))
    with pytest.raises(ModelTimeout, match="within"):
        model.look_each([shown([png()], ASKED)] * 3, Options(max_tokens=900, seconds=0.05))


def test_an_answer_has_no_more_tokens_than_it_may(model: VisionModel) -> None:
    check_most_tokens(asking(model))


def test_what_does_not_fit_the_window_is_not_sent(sight: Sight) -> None:
    before = sight.sent()
    many = [encoded(Image.new("RGB", (500, 500)))] * 17

    with pytest.raises(ContextOverflow, match=str(WINDOW)):
        sight.model.look(many, ASKED)
    with pytest.raises(ContextOverflow, match=str(WINDOW)):
        sight.model.look_each([shown(many, ASKED)])
    assert sight.sent() == before


def test_a_closed_stream_leaves_the_model_ready(model: VisionModel) -> None:
    check_closing(asking(model), FEW)


def test_two_threads_ask_one_model(model: VisionModel) -> None:
    check_two_at_once(asking(model), FEW)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "decoded"),
        (b"http://127.0.0.1/kick.png", "decoded"),
        (b"GIF89a" + bytes(100), "decoded"),
        (png()[:300], "decoded"),
        (png(2, 402), "200 times"),
        (bytes(20_000_001), "bytes"),
        (encoded(Image.new("1", (5001, 5000))), "25,005,000 pixels"),
    ],
)
def test_a_picture_that_cannot_be_used_is_refused_in_words(
    sight: Sight, content: bytes, why: str
) -> None:
    before = sight.sent()
    with pytest.raises(MediaRejected, match=why):
        sight.model.look([content], ASKED, FEW)
    assert sight.sent() == before


def test_an_address_or_a_path_is_no_picture(model: VisionModel) -> None:
    for named in ("http://127.0.0.1/kick.png", "/etc/hostname", Path("/etc/hostname")):
        wrong: list[bytes] = [named]  # type: ignore[list-item]
        with pytest.raises(MediaRejected, match="nothing is fetched"):
            model.look(wrong, ASKED, FEW)


@pytest.mark.parametrize("seeing", ["ollama", "qwen2.5-vl"])
@pytest.mark.parametrize("form", ["WEBP", "JPEG", "PNG"])
def test_all_usual_files_are_seen(seeing: EyeKind, eyesight: Eyesight, form: str) -> None:
    model = eyesight.open(seeing).model

    assert model.look([encoded(noise(84, 56), form)], ASKED, FEW).text


class State(TypedDict):
    answer: str


def test_its_words_stream_out_of_a_graph_with_their_cost(model: VisionModel) -> None:
    chat = GrymChat(chat=model, options=FEW)
    picture = {
        "type": "image",
        "base64": base64.b64encode(png()).decode(),
        "mime_type": "image/png",
    }

    def turn(state: State) -> State:
        asked = HumanMessage([picture, {"type": "text", "text": ASKED}])
        return {"answer": "".join(chunk.text for chunk in chat.stream([asked]))}

    builder = StateGraph(State)
    builder.add_node("turn", turn)
    builder.add_edge(START, "turn")
    streamed = builder.compile().stream({"answer": ""}, stream_mode="messages")
    chunks = [one for one, _ in streamed if isinstance(one, AIMessageChunk)]

    assert sum(bool(one.text) for one in chunks) >= 2
    assert "".join(one.text for one in chunks).strip() == model.look([png()], ASKED, FEW).text
    usage = chunks[-1].usage_metadata
    assert usage is not None
    assert usage["input_tokens"] > model.eyes().tokens_of(112, 84)
