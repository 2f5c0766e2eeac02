import base64
import io
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from langchain_core.messages import HumanMessage
from PIL import Image
from pydantic import JsonValue

from audio.assets import AssetStore
from grym_synth.settings import MediaLimits
from nodes.attachments import put_away, reference_block, take_out


@pytest.fixture
def store(tmp_path: Path) -> AssetStore:
    return AssetStore(tmp_path / "assets", MediaLimits())


def picture() -> str:
    content = io.BytesIO()
    Image.new("RGB", (8, 4), "red").save(content, "PNG")
    return base64.b64encode(content.getvalue()).decode()


def sound() -> str:
    content = io.BytesIO()
    soundfile.write(content, np.zeros(8000, np.float32), 8000, format="WAV")
    return base64.b64encode(content.getvalue()).decode()


FORMS = [
    {"type": "image", "base64": picture(), "mime_type": "image/png"},
    {"type": "image", "data": picture(), "mimeType": "image/png", "metadata": {"name": "x.png"}},
    {"type": "image", "source_type": "base64", "data": picture(), "mime_type": "image/png"},
    {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{picture()}"}},
    {"type": "audio", "base64": sound(), "mime_type": "audio/wav"},
    {"type": "input_audio", "input_audio": {"data": sound(), "format": "wav"}},
    {"type": "file", "base64": sound(), "mime_type": "audio/wav"},
    {"type": "file", "data": sound(), "metadata": {"filename": "take.wav"}},
    {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": picture()}},
]


@pytest.mark.parametrize("block", FORMS, ids=lambda block: "-".join(block))
def test_every_form_of_attachment_becomes_a_reference(
    block: dict[str, object], store: AssetStore
) -> None:
    message = HumanMessage([{"type": "text", "text": "look"}, block], id="m1")
    taken = take_out([message], store)
    (ref,) = taken.assets
    assert ref.kind == ("image" if "image" in str(block["type"]) else "audio")
    assert store.path(ref).is_file()
    assert taken.request == "look"
    assert taken.messages[0].id == "m1"
    assert len(taken.messages[0].model_dump_json()) < 600


def test_a_stored_asset_is_attached_by_its_id(store: AssetStore) -> None:
    ref = store.add_bytes(base64.b64decode(sound()), "audio", "take 1.wav")
    taken = take_out([HumanMessage([reference_block(ref)])], store)
    assert taken.assets == (ref,)


@pytest.mark.parametrize(
    "block",
    [
        {"type": "image", "url": "http://127.0.0.1:9/secret.png"},
        {"type": "image_url", "image_url": {"url": "http://127.0.0.1:9/secret.png"}},
        {"type": "audio", "base64": "not base64!", "mime_type": "audio/wav"},
        {"type": "audio", "base64": picture(), "mime_type": "audio/wav"},
        {"type": "audio", "file_id": "../../etc/passwd"},
    ],
    ids=["web address", "web address in image_url", "broken base64", "no sound", "path as id"],
)
def test_what_cannot_be_taken_is_told_and_left_out(
    block: dict[str, object], store: AssetStore
) -> None:
    taken = take_out([HumanMessage([block])], store)
    assert taken.assets == ()
    assert len(taken.rejected) == 1


@pytest.mark.parametrize("block", FORMS, ids=lambda block: "-".join(block))
def test_content_put_away_beforehand_is_the_same_attachment(
    block: dict[str, JsonValue], store: AssetStore
) -> None:
    content: JsonValue = [{"type": "text", "text": "look"}, block]
    request: JsonValue = {"input": {"messages": [{"role": "user", "content": content}]}}
    stored_json = json.dumps(put_away(request, store))
    assert len(stored_json) < 400
    away = json.loads(stored_json)["input"]["messages"][0]["content"][1]
    taken, beforehand = (take_out([HumanMessage([one])], store) for one in (block, away))
    assert taken.assets == beforehand.assets


def test_content_that_could_not_be_put_away_is_told_later(store: AssetStore) -> None:
    away = put_away([{"type": "audio", "base64": picture(), "mime_type": "audio/wav"}], store)
    assert isinstance(away, list)
    taken = take_out([HumanMessage(away)], store)  # type: ignore[arg-type]
    assert len(taken.rejected) == 1
    assert taken.request == ""
