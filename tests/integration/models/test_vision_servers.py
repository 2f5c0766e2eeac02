import base64
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from pydantic import BaseModel

from grym_synth.errors import BadAnswer, ModelMissing, ModelUnable, ModelUnavailable
from grym_synth.settings import Settings
from models.base import Options
from models.script import Abilities, Line, Script
from models.scripted import ScriptedChat
from models.vision.base import shown
from models.vision.eyes import Size
from models.vision.opening import open_vision_model
from models.vision.pictures import picture_bytes
from tests.integration.models.eyes import LINE, Eyesight, Sight
from tests.model_servers.ollama import Served
from tests.model_servers.openai import Offered

ASKED = "What is shown here?"


class Turn(BaseModel):
    content: str
    images: list[str]


class Sent(BaseModel):
    messages: list[Turn]


class Address(BaseModel):
    url: str


class Part(BaseModel):
    type: str
    text: str = ""
    image_url: Address | None = None


class OpenAITurn(BaseModel):
    content: list[Part]


class OpenAISent(BaseModel):
    messages: list[OpenAITurn]


def said(*lines: Line) -> ScriptedChat:
    script = Script(lines or (LINE,), Abilities(context_tokens=1_000_000))
    return ScriptedChat("scripted:lines", script)


@pytest.fixture
def eyesight(tmp_path: Path) -> Iterator[Eyesight]:
    opened = Eyesight(tmp_path)
    yield opened
    opened.close()


def seen_by_ollama(sight: Sight) -> Size:
    assert sight.server is not None
    (turn,) = Sent.model_validate(sight.server.requests[-1][1]).messages
    (image,) = turn.images
    return Size(*Image.open(io.BytesIO(base64.b64decode(image))).size)


@pytest.mark.parametrize(
    ("architecture", "patch", "cell", "coordinates"),
    [
        ("qwen25vl", 14, 28, "pixels"),
        ("qwen3vl", 16, 32, "thousandths"),
        ("qwen3vlmoe", 16, 32, "thousandths"),
        ("gemma3", 14, 28, None),
    ],
)
def test_ollama_is_asked_how_its_model_sees(
    eyesight: Eyesight, architecture: str, patch: int, cell: int, coordinates: str | None
) -> None:
    served = Served(said(), ("completion", "vision"), 8192)
    served.architecture, served.patch_pixels = architecture, patch

    eyes = eyesight.ollama(served).model.eyes()

    assert (eyes.cell, eyes.coordinates) == (cell, coordinates)


@pytest.mark.parametrize("size", [(1000, 400), (4000, 3000), (30, 20)])
def test_a_picture_is_sent_at_the_size_in_which_places_are_told(
    eyesight: Eyesight, size: tuple[int, int]
) -> None:
    served = Served(said(), ("completion", "vision"), 8192)
    served.architecture = "qwen25vl"
    sight = eyesight.ollama(served)

    sight.model.look([picture_bytes(Image.new("RGB", size))], ASKED)

    assert seen_by_ollama(sight) == sight.model.eyes().seen(*size)


def test_a_picture_that_has_its_size_is_sent_as_it_is(eyesight: Eyesight) -> None:
    served = Served(said(), ("completion", "vision"), 8192)
    served.architecture = "qwen25vl"
    sight = eyesight.ollama(served)
    picture = picture_bytes(Image.new("RGB", (280, 140)))

    sight.model.look([picture], ASKED)

    assert sight.server is not None
    (turn,) = Sent.model_validate(sight.server.requests[-1][1]).messages
    assert (turn.content.strip(), base64.b64decode(turn.images[0])) == (ASKED, picture)


def test_a_model_of_ollama_that_does_not_see_is_not_asked_to(eyesight: Eyesight) -> None:
    sight = eyesight.ollama(Served(said(), ("completion",), 8192))

    with pytest.raises(ModelUnable, match="picture"):
        sight.model.look([picture_bytes(Image.new("RGB", (56, 56)))], ASKED)
    assert sight.sent() == 0


def test_an_openai_server_gets_the_picture_as_data(eyesight: Eyesight) -> None:
    sight = eyesight.openai(Offered(said(), 8192))
    picture = picture_bytes(Image.new("RGB", (280, 140)))

    sight.model.look([picture], ASKED)

    assert sight.server is not None
    (turn,) = OpenAISent.model_validate(sight.server.requests[-1][1]).messages
    image, text = turn.content
    assert text.text == ASKED
    assert image.image_url is not None
    assert image.image_url.url == f"data:image/png;base64,{base64.b64encode(picture).decode()}"


def test_how_a_checkpoint_behind_a_server_sees_is_read_where_it_lies_here(
    eyesight: Eyesight,
) -> None:
    here = eyesight.openai(Offered(said(), 8192, root=str(eyesight.folder("qwen3-vl"))))
    elsewhere = eyesight.openai(Offered(said(), 8192, root="/models/Qwen3-VL-8B"))

    assert (here.model.eyes().cell, here.model.eyes().coordinates) == (32, "thousandths")
    assert elsewhere.model.eyes().coordinates is None


def test_a_server_that_is_away_is_told_and_asked_again_later(eyesight: Eyesight) -> None:
    sight = eyesight.openai(Offered(said(), 8192, root=str(eyesight.folder("qwen3-vl"))))
    assert sight.server is not None
    sight.server.stop()
    with pytest.raises(ModelUnavailable, match="nothing answers"):
        sight.model.eyes()

    sight.server.start()

    assert sight.model.eyes().cell == 32


def test_a_model_that_a_server_does_not_have_is_told(eyesight: Eyesight) -> None:
    sight = eyesight.ollama(Served(said(), ("completion", "vision"), 8192))
    assert sight.server is not None
    other = open_vision_model("ollama:other", Settings(ollama_url=sight.server.url))

    with pytest.raises(ModelMissing):
        other.look([picture_bytes(Image.new("RGB", (56, 56)))], ASKED)


def test_an_answer_without_words_is_a_bad_one_but_costs_the_others_nothing(
    eyesight: Eyesight,
) -> None:
    lines = [Line(answer=""), Line(answer=""), Line(answer="A kick.")]
    model = eyesight.open("scripted", *lines).model
    picture = picture_bytes(Image.new("RGB", (56, 56)))

    with pytest.raises(BadAnswer, match="no answer"):
        model.look([picture], ASKED)
    answers = model.look_each([shown([picture], ASKED)] * 2, Options())
    assert [one.text for one in answers] == ["", "A kick."]


def test_a_script_in_a_file_can_see(tmp_path: Path) -> None:
    script = tmp_path / "script.jsonl"
    script.write_text('{"facts": {"coordinates": "thousandths"}}\n{"answer": "A kick."}\n')
    model = open_vision_model(f"scripted:{script}", Settings())

    assert model.look([picture_bytes(Image.new("RGB", (56, 56)))], ASKED).text == "A kick."
    assert (model.eyes().cell, model.eyes().coordinates) == (32, "thousandths")
