"""The requests of agent-chat-ui, as it sends them: files, streams, approvals, faults in words."""

import base64
import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, cast

import httpx
import pytest
from langgraph_sdk.client import SyncLangGraphClient
from pydantic import JsonValue

from tests.integration.coding.programs import REQUEST
from tests.integration.server.conftest import PROSE, Models
from tests.integration.server.talk import (
    Place,
    Values,
    answer,
    ask,
    messages_of,
    new_thread,
    upload,
)
from tests.integration.serving import Server, song

SONG = base64.b64decode(song(4, 174.614))
CLIP = base64.b64decode(song(1, 174.614))
PAGE = {"origin": "http://localhost:3000"}


class Event(NamedTuple):
    """One event of a stream."""

    name: str
    told: JsonValue


def submit(server: Server, thread: str, **run: JsonValue) -> list[Event]:
    """What the page gets for what it sends."""
    request: dict[str, JsonValue] = {
        "stream_mode": ["values", "messages-tuple", "custom"],
        "stream_subgraphs": True,
        "stream_resumable": True,
        "assistant_id": "grym",
        "on_disconnect": "continue",
        **run,
    }
    path = f"{server.url}/threads/{thread}/runs/stream"
    streamed = httpx.post(path, json=request, headers=PAGE, timeout=120)
    assert streamed.status_code == 200, streamed.text
    assert streamed.headers["access-control-allow-origin"] == PAGE["origin"]
    found = re.findall(r"^event: (\S+)\r?\ndata: (.*)$", streamed.text, re.MULTILINE)
    return [Event(name, json.loads(told)) for name, told in found]


def written(text: str) -> dict[str, JsonValue]:
    """The page's input for a message."""
    block: JsonValue = {"type": "text", "text": text}
    message: JsonValue = {"id": "6d0aa9a1-5f0e-4ab1-a0f5-1c2a7a2b3c4d", "type": "human"}
    assert isinstance(message, dict)
    return {"messages": [{**message, "content": [block]}]}


class Spoken(NamedTuple):
    """A piece of a message in the stream of messages."""

    kind: str
    text: str
    id: str
    node: str


def spoken(events: list[Event]) -> list[Spoken]:
    """What the page shows while it is being written."""
    parts = [cast(list[dict[str, str]], one.told) for one in events if one.name == "messages"]
    return [
        Spoken(said["type"], said["content"], said["id"], about["langgraph_node"])
        for said, about in parts
    ]


def last_values(events: list[Event]) -> Values:
    values = [one.told for one in events if one.name.partition("|")[0] == "values"]
    return cast(Values, values[-1])


def test_only_the_answer_is_streamed_while_models_plan_and_write_code(
    server: Server, client: SyncLangGraphClient, models: Models
) -> None:
    if sys.platform != "linux":
        pytest.skip("what a model writes only runs in the sandbox, which is for Linux")
    thread, address = new_thread(client), upload(server, CLIP, "clip.flac", "streams")
    place: JsonValue = {
        "project": "streams",
        "supervisor_model": models.boss,
        "coder_model": models.coder,
    }
    asked = submit(server, thread, input=written(f"{REQUEST}: {address}"), context=place)
    (interrupt,) = client.threads.get_state(thread)["interrupts"]
    question = cast(dict[str, list[dict[str, JsonValue]]], interrupt["value"])
    approve: JsonValue = {"resume": {"decisions": [{"type": "approve"}]}}
    events = submit(server, thread, input={}, command=approve, context=place)

    assert set(question["action_requests"][0]) >= {"name", "args", "description"}
    assert question["review_configs"][0]["allowed_decisions"] == ["approve", "edit", "reject"]
    assert spoken(asked) == []
    pieces = spoken(events)
    values = last_values(events)
    assert {one.kind for one in pieces} == {"AIMessageChunk"}
    assert {one.node for one in pieces} == {"respond"}
    assert {one.id for one in pieces} == {values["messages"][-1]["id"]}
    assert len(pieces) > 5
    assert "".join(one.text for one in pieces) == answer(values)
    assert PROSE in answer(values)
    for one in (*asked, *events):
        if one.name in ("messages", "custom"):
            assert "SECRET" not in json.dumps(one.told)


def test_a_page_hears_what_each_node_does(server: Server, client: SyncLangGraphClient) -> None:
    address = upload(server, SONG, "clip.flac")
    events = submit(server, new_thread(client), input=written(f"How loud is {address} ?"))
    told = [cast(dict[str, str], one.told) for one in events if one.name == "custom"]
    assert [one["node"] for one in told if one["kind"] in ("planning", "task_start")] == [
        "supervisor",
        "gama",
    ]
    assert {"integrate", "respond"} <= {one["node"] for one in told}
    assert "error" not in {one.name for one in events}


@pytest.mark.parametrize("form", ["{}", "[my song]({})", "<{}>", "![x]({})", "{}."])
def test_an_uploaded_sound_is_named_by_its_address(
    server: Server, client: SyncLangGraphClient, form: str
) -> None:
    address = upload(server, SONG, "mein lied.flac")
    thread = new_thread(client)
    told = ask(client, thread, f"How loud is {form.format(address)}")
    assert "mein lied.flac" in told
    assert "LUFS" in told
    message, _ = messages_of(client, thread)
    text, file = cast(list[dict[str, JsonValue]], message["content"])
    assert "/files/" not in str(text["text"])
    assert file["type"] == "audio"
    assert file["extras"] == {"name": "mein lied.flac"}


def test_an_address_of_nobody_is_told_in_the_answer(
    server: Server, client: SyncLangGraphClient
) -> None:
    address = upload(server, SONG, "clip.flac")
    token = address.split("/")[-2]
    forged = address.replace(token, f"{'B' if token[0] == 'A' else 'A'}{token[1:]}")
    told = ask(client, new_thread(client), f"How loud is {forged}")
    assert "Upload the file again" in told
    assert httpx.get(forged).status_code == 404


def test_a_request_writes_nowhere_but_into_the_output_folder(
    server: Server, client: SyncLangGraphClient, tmp_path: Path
) -> None:
    address, place = upload(server, SONG, "clip.flac"), tmp_path / "quieter.wav"
    told = ask(client, new_thread(client), f"Make {address} 1 dB quieter and save it as {place}")
    assert f"{place} was not written: a server writes into its output folder alone" in told
    assert not place.exists()


def test_what_was_made_is_shown_and_can_be_fetched(
    server: Server, client: SyncLangGraphClient
) -> None:
    address = upload(server, SONG, "clip.flac")
    told = ask(
        client, new_thread(client), f"Show me the spectrogram of {address} and make it 1 dB quieter"
    )
    (picture,) = re.findall(r"!\[clip-spectrogram\.png\]\((\S+)\)", told)
    shown = httpx.get(picture, headers=PAGE)
    assert shown.headers["content-type"] == "image/png"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.content.startswith(b"\x89PNG")
    links = dict(re.findall(r"^- \[([^\]]+)\]\((\S+)\)", told, re.MULTILINE))
    (sound,) = [link for name, link in links.items() if name.endswith(".wav")]
    part = httpx.get(sound, headers={"range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"RIFF")


def test_a_file_is_served_for_its_project_alone_and_not_after_it_was_forgotten(
    server: Server, client: SyncLangGraphClient
) -> None:
    one, other = (upload(server, SONG, "clip.flac", name) for name in ("first", "second"))
    assert one != other
    thread = new_thread(client)
    ask(client, thread, f"How loud is {one}", "first")
    assert httpx.get(one).content == SONG
    ask(client, thread, "Forget the file clip.flac", "first")
    assert httpx.get(one).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "status", "words"),
    [
        ("cover.png", b"no picture", 422, "cover.png"),
        ("song.wav", b"", 422, "song.wav"),
        ("notes.txt", b"a" * 5_000_001, 413, "5,000,000"),
    ],
    ids=["no picture", "empty", "too large"],
)
def test_an_upload_that_can_not_be_used_is_refused_in_words(
    server: Server, name: str, content: bytes, status: int, words: str
) -> None:
    refused = httpx.post(f"{server.url}/upload", params={"name": name}, content=content)
    assert refused.status_code == status
    assert words in refused.json()["detail"]


def test_foreign_pages_neither_upload_nor_read_files(server: Server) -> None:
    address = upload(server, SONG, "clip.flac")
    foreign = {"origin": "https://studio.example"}
    asked = {"params": {"name": "x.flac"}, "content": SONG, "headers": foreign}
    assert httpx.post(f"{server.url}/upload", **asked).status_code == 403  # type: ignore[arg-type]
    assert httpx.get(address, headers=foreign).status_code == 403
    assert httpx.get(address, headers={"host": "studio.example"}).status_code == 403


def test_a_form_is_refused_with_how_a_file_is_sent(server: Server) -> None:
    refused = httpx.post(f"{server.url}/upload", files={"file": ("mix.wav", b"RIFF")})
    assert refused.status_code == 422
    assert refused.json()["detail"] == (
        "taking an upload: it is a form. Send the file itself as the body, and its name as "
        "?name=mix.wav"
    )


def test_files_are_uploaded_from_a_page(server: Server) -> None:
    page = httpx.get(f"{server.url}/upload")
    assert page.headers["content-type"].startswith("text/html")
    assert "Upload a file for a chat" in page.text


def test_a_fault_is_told_in_the_chat_with_what_to_do(
    server: Server, client: SyncLangGraphClient
) -> None:
    wrong: Place = {"coder_model": "openai:http://evil.example/v1#x"}
    assistant = client.assistants.create("grym", context=wrong, name="wrong")["assistant_id"]
    try:
        thread = new_thread(client)
        events = submit(server, thread, input=written("Hello"), assistant_id=assistant)
        assert "error" not in {one.name for one in events}
        told = answer(last_values(events))
        assert "a run may only name models" in told
        assert "**" in told
        assert "Traceback" not in told
    finally:
        client.assistants.delete(assistant)
    assert "440" in ask(client, thread, "Which frequency has the note A4?")


def test_a_run_that_lets_no_model_write_code_asks_nobody(
    server: Server, client: SyncLangGraphClient, models: Models
) -> None:
    thread, address = new_thread(client), upload(server, SONG, "clip.flac")
    place: JsonValue = {"coder_model": models.coder, "approval": "never"}
    values = last_values(
        submit(server, thread, input=written(f"{REQUEST}: {address}"), context=place)
    )
    assert client.threads.get_state(thread)["interrupts"] == []
    assert all(not one["name"].endswith(".py") for one in values["artifacts"])


def test_messages_may_be_plain_text(server: Server, client: SyncLangGraphClient) -> None:
    thread, address = new_thread(client), upload(server, SONG, "clip.flac")
    request = {"assistant_id": "grym", "input": {"messages": f"How loud is {address}"}}
    got = httpx.post(f"{server.url}/threads/{thread}/runs/wait", json=request, timeout=60)
    assert "LUFS" in answer(cast(Values, got.json()))


def test_nothing_of_an_upload_that_was_cut_off_stays(server: Server, tmp_path: Path) -> None:
    def incoming() -> list[Path]:
        return [*server.home.glob("incoming/*")]

    def some() -> object:
        yield b"RIFF" * 1000
        assert _comes(incoming), "the server never began to write"
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError):
        httpx.post(f"{server.url}/upload", params={"name": "cut.wav"}, content=some())  # type: ignore[arg-type]
    assert _comes(lambda: not incoming()), incoming()


def _comes(true: Callable[[], object]) -> bool:
    """Whether it comes true within ten seconds: a server learns of a client that left later."""
    for _ in range(200):
        if true():
            return True
        time.sleep(0.05)
    return False
