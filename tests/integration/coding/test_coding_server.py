"""The approval as a chat interface meets it: an interrupt of the server, answered and resumed."""

import base64
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict, cast

import pytest
from langgraph_sdk import get_sync_client
from langgraph_sdk.client import SyncLangGraphClient
from langgraph_sdk.schema import Command

from tests.integration.boss.scripts import write_script
from tests.integration.coding.programs import REQUEST, RING, handed_over
from tests.integration.serving import Server


class Said(TypedDict):
    """A message of the user."""

    role: str
    content: object


class Request(TypedDict):
    """What a run is started with."""

    messages: list[Said]


class Values(TypedDict):
    """A thread's state as clients get it."""

    messages: list[dict[str, str]]
    artifacts: list[dict[str, str]]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    if sys.platform != "linux":
        pytest.skip("what a model writes only runs in the sandbox, which is for Linux")
    spec = write_script(tmp_path / "coder.jsonl", {"answer": handed_over(), "times": 0})
    server = Server(tmp_path / "server", GRYM_CODER_MODEL=spec, GRYM_EMBEDDER="lexical")
    server.start()
    yield server
    server.stop()


def question(client: SyncLangGraphClient, thread: str) -> dict[str, list[dict[str, object]]]:
    (interrupt,) = client.threads.get_state(thread)["interrupts"]
    return cast(dict[str, list[dict[str, object]]], interrupt["value"])


def started(client: SyncLangGraphClient, clip: Path) -> str:
    """A thread whose turn waits for approval."""
    sound = {
        "type": "audio",
        "base64": base64.b64encode(clip.read_bytes()).decode(),
        "mime_type": "audio/wav",
        "extras": {"name": "clip.wav"},
    }
    thread = client.threads.create()["thread_id"]
    content = [{"type": "text", "text": REQUEST}, sound]
    client.runs.wait(thread, "grym", input=said(content))
    assert client.threads.get_state(thread)["interrupts"]
    return thread


def said(content: object) -> Request:
    return {"messages": [{"role": "user", "content": content}]}


@pytest.mark.long
def test_a_plain_yes_or_no_in_the_chat_answers_what_is_open(server: Server, clip: Path) -> None:
    with get_sync_client(url=server.url, timeout=120) as client:
        thread = started(client, clip)
        values = cast(Values, client.runs.wait(thread, "grym", input=said("Ja, bitte!")))
        other = started(client, clip)
        refused = cast(Values, client.runs.wait(other, "grym", input=said("no")))
        again = cast(Values, client.runs.wait(other, "grym", input=said("yes")))

    assert "clip-ring.wav" in [one["name"] for one in values["artifacts"]]
    assert "in 1 round" in values["messages"][-1]["content"]
    assert "was not approved" in refused["messages"][-1]["content"]
    assert all(one["name"] != "clip-ring.wav" for one in again["artifacts"])


@pytest.mark.long
def test_a_chat_interface_is_asked_and_its_approval_survives_a_restart(
    server: Server, clip: Path
) -> None:
    sound = {
        "type": "audio",
        "base64": base64.b64encode(clip.read_bytes()).decode(),
        "mime_type": "audio/wav",
        "extras": {"name": "clip.wav"},
    }
    content = [{"type": "text", "text": REQUEST}, sound]
    given: Request = {"messages": [{"role": "user", "content": content}]}
    with get_sync_client(url=server.url, timeout=120) as client:
        thread = client.threads.create()["thread_id"]
        client.runs.wait(thread, "grym", input=given)
        asked = question(client, thread)
        maybe: Command = {"resume": {"decisions": [{"type": "maybe"}]}}
        client.runs.wait(thread, "grym", command=maybe)
        again = question(client, thread)
    server.kill()
    server.start()
    with get_sync_client(url=server.url, timeout=120) as client:
        approve: Command = {"resume": {"decisions": [{"type": "approve"}]}}
        values = cast(Values, client.runs.wait(thread, "grym", command=approve))

    assert asked["action_requests"][0]["name"] == "run_code"
    assert asked["review_configs"][0]["allowed_decisions"] == ["approve", "edit", "reject"]
    assert RING in str(asked["action_requests"][0]["description"])
    assert "could not be used" in str(again["action_requests"][0]["description"])
    assert [one["name"] for one in values["artifacts"]] == [
        "ring.py",
        "test_ring.py",
        "clip-ring.wav",
    ]
    assert "in 1 round" in values["messages"][-1]["content"]
