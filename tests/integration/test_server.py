"""The LangGraph server, driven as its clients do: a real process, the SDK, and raw requests."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict, cast

import httpx
import pytest
from langchain_core.runnables import RunnableConfig
from langgraph_sdk import get_sync_client
from langgraph_sdk.client import SyncLangGraphClient
from langgraph_sdk.errors import ConflictError, UnprocessableEntityError
from pydantic import JsonValue

from memory.checkpoints import open_saver
from memory.context import Finding
from tests.integration.serving import Server, picture, song

SONG = song(8, 174.614)  # F minor
PICTURE = picture()

EVERYTHING = "Measure everything in this mix and show me its spectrogram"


class Said(TypedDict):
    """A message of the user."""

    role: str
    content: object


class Request(TypedDict):
    """What a run is started with."""

    messages: list[Said]


class Settings(TypedDict, total=False):
    """What a run may change."""

    project: str
    max_rounds: int


class Values(TypedDict):
    """A thread's state as clients get it."""

    messages: list[dict[str, str]]
    tasks: list[dict[str, str]]
    findings: list[dict[str, JsonValue]]
    artifacts: list[dict[str, str]]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("server"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def client(server: Server) -> Iterator[SyncLangGraphClient]:
    with get_sync_client(url=server.url, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def listened(server: Server) -> tuple[str, Values]:
    """A thread with one answered turn about a song, and its state."""
    with get_sync_client(url=server.url, timeout=60) as client:
        thread = new_thread(client)
        return thread, run(client, thread, attached("What key and tempo is it?", SONG, "song.flac"))


def new_thread(client: SyncLangGraphClient) -> str:
    return client.threads.create()["thread_id"]


def said(text: str) -> Request:
    return {"messages": [{"role": "user", "content": text}]}


def attached(text: str, audio: str, name: str) -> Request:
    """A message with an audio file in LangChain's standard form."""
    told = {"type": "text", "text": text}
    file = {"base64": audio, "mime_type": "audio/flac", "extras": {"name": name}}
    return {"messages": [{"role": "user", "content": [told, {"type": "audio", **file}]}]}


def run(client: SyncLangGraphClient, thread: str, request: Request) -> Values:
    """Run a turn to its end."""
    return cast(Values, client.runs.wait(thread, "grym", input=request))


def join(client: SyncLangGraphClient, thread: str, run_id: str) -> Values:
    """Wait for the end of a run that was started before."""
    return cast(Values, client.runs.join(thread, run_id))


def answer(values: Values) -> str:
    assert values["messages"][-1]["type"] == "ai"
    return values["messages"][-1]["content"]


def statuses(values: Values) -> dict[str, str]:
    return {task["agent"]: task["status"] for task in values["tasks"]}


def best_finding(client: SyncLangGraphClient, query: str) -> str:
    """What project memory tells first."""
    place = ("project", "default", "findings")
    return str(client.store.search_items(place, query=query)["items"][0]["value"]["text"])


def begin(client: SyncLangGraphClient, thread: str, request: Request) -> str:
    """Start a run and return its id once its tasks are planned and being worked on."""
    for part in client.runs.stream(thread, "grym", input=request, stream_mode=["updates"]):
        if part.event == "metadata":
            run_id = str(part.data["run_id"])
        if "supervisor" in part.data:
            return run_id
    raise AssertionError("the run ended before its tasks were planned")


def test_the_drawing_shows_every_agent(client: SyncLangGraphClient) -> None:
    drawn = client.assistants.get_graph("grym")
    workers = {"gama", "qwen_vl", "coder", "compose", "master", "unpack", "build"}
    assert {"supervisor", *workers} <= {node["id"] for node in drawn["nodes"]}
    routes = {edge["target"] for edge in drawn["edges"] if edge["source"] == "supervisor"}
    assert routes == {*workers, "integrate", "respond"}


def test_an_audio_file_in_a_message_is_measured(listened: tuple[str, Values]) -> None:
    _, values = listened
    told = {str(finding["aspect"]): finding["value"] for finding in values["findings"]}
    assert told["key"] == "F minor"
    assert told["tempo.bpm"] == pytest.approx(120, rel=0.04)
    assert "F minor" in answer(values)


def test_a_chat_page_gets_values_messages_and_history(
    server: Server, client: SyncLangGraphClient
) -> None:
    thread = new_thread(client)
    block = {
        "type": "image",
        "mimeType": "image/png",
        "data": PICTURE,
        "metadata": {"name": "cover.png"},
    }
    message = {
        "id": "6d0aa9a1-5f0e-4ab1-a0f5-1c2a7a2b3c4d",
        "type": "human",
        "content": [{"type": "text", "text": "What do you see in this picture?"}, block],
    }
    request = {
        "input": {"messages": [message]},
        "stream_mode": ["values", "messages-tuple", "custom"],
        "stream_subgraphs": True,
        "stream_resumable": True,
        "assistant_id": "grym",
        "on_disconnect": "continue",
    }
    streamed = httpx.post(
        f"{server.url}/threads/{thread}/runs/stream",
        json=request,
        headers={"origin": "http://localhost:3000"},
        timeout=60,
    )
    assert streamed.headers["access-control-allow-origin"] == "http://localhost:3000"
    events = re.findall(r"^event: (\S+)", streamed.text, re.MULTILINE)
    assert {"metadata", "values", "messages"} <= set(events)
    assert "error" not in events
    assert PICTURE not in streamed.text
    state = cast(Values, client.threads.get_state(thread)["values"])
    assert state["messages"][0]["id"] == message["id"]
    assert "cover.png" in json.dumps(state["messages"][0])
    assert "96" in answer(state)
    assert len(client.threads.get_history(thread, limit=10)) >= 3


def test_project_memory_is_searched_through_the_server(
    client: SyncLangGraphClient, listened: tuple[str, Values]
) -> None:
    assert "F minor" in best_finding(client, "key of song.flac")
    spaces = client.store.list_namespaces(["project"])["namespaces"]
    assert ["project", "default", "assets"] in spaces


def test_what_a_client_stores_is_kept_until_it_is_deleted(client: SyncLangGraphClient) -> None:
    client.store.put_item(("notes", "tour"), "1", {"text": "the bass is too loud in Lyon"})
    assert client.store.get_item(("notes", "tour"), "1")["value"]["text"].endswith("Lyon")
    found = client.store.search_items(("notes",), query="bass")["items"]
    assert [item["key"] for item in found] == ["1"]
    client.store.delete_item(("notes", "tour"), "1")
    assert client.store.search_items(("notes",))["items"] == []


def test_attachments_are_in_the_asset_store_and_nowhere_else(
    server: Server, listened: tuple[str, Values]
) -> None:
    middle = SONG[len(SONG) // 2 :][:60]
    files = [path for path in server.folder.rglob("*") if path.is_file()]
    assert any(path.suffix == ".flac" for path in files)
    assert [path for path in files if middle.encode() in path.read_bytes()] == []
    with open_saver(server.home / "checkpoints.sqlite") as saver:
        kept = list(saver.list({"configurable": {"thread_id": listened[0]}}))
    assert "input" in {one.metadata.get("source") for one in kept}
    assert middle not in repr(kept)


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "studio.example"},
        {"host": "127.0.0.1.studio.example"},
        {"host": "[::1"},
        {"origin": "https://studio.example"},
        {"origin": "http://127.0.0.1:9"},
        {"origin": "null"},
    ],
    ids=str,
)
@pytest.mark.parametrize(
    "path", ["/runs/wait", "/docs", "/mcp", "/a2a/grym", "/ui/grym", "/nothing"]
)
def test_foreign_pages_and_hosts_are_refused_everywhere(
    server: Server, path: str, headers: dict[str, str]
) -> None:
    body = json.dumps({"assistant_id": "grym", "input": said("hello")})
    plain = {**headers, "content-type": "text/plain"}
    refused = httpx.post(server.url + path, content=body, headers=plain)
    asked = {**headers, "access-control-request-method": "POST"}
    preflight = httpx.options(server.url + path, headers=asked)
    assert (refused.status_code, preflight.status_code) == (403, 403)
    assert "access-control-allow-origin" not in {*refused.headers, *preflight.headers}


def test_studio_may_ask_from_its_own_address(server: Server) -> None:
    studio = "https://smith.langchain.com"
    asked = {
        "origin": studio,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
        "access-control-request-private-network": "true",
    }
    preflight = httpx.options(f"{server.url}/threads", headers=asked)
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == studio
    assert preflight.headers["access-control-allow-private-network"] == "true"
    made = httpx.post(f"{server.url}/threads", json={}, headers={"origin": studio})
    assert made.headers["access-control-allow-origin"] == studio


def test_only_this_machine_reaches_the_server(server: Server) -> None:
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.2:{server.port}/ok")


@pytest.mark.parametrize(
    ("context", "words"),
    [
        ({"project": "a/../b"}, "naming a project"),
        ({"max_rounds": 99}, "less than or equal to 20"),
        ({"coder_model": "openai:http://evil.example/v1#x"}, "a run may only name models"),
    ],
    ids=["no project name", "out of range", "a model elsewhere"],
)
def test_a_wrong_setting_is_told_in_words(
    client: SyncLangGraphClient, context: Settings, words: str
) -> None:
    with pytest.raises(Exception, match=words):
        client.runs.wait(new_thread(client), "grym", input=said("Hello"), context=context)


def test_a_client_is_told_what_happens_while_it_waits(client: SyncLangGraphClient) -> None:
    request = attached("How loud is it?", SONG, "song.flac")
    stream = client.runs.stream(new_thread(client), "grym", input=request, stream_mode=["custom"])
    told = [part.data for part in stream if part.event == "custom"]
    kinds = [str(event["kind"]) for event in told]
    steps = ["planning", "planned", "task_start", "task_end", "integrating", "judged", "answering"]
    assert kinds == steps
    assert all(event["text"] for event in told)


def test_a_file_that_is_no_sound_is_told_in_the_answer(client: SyncLangGraphClient) -> None:
    message = attached("What key is this?", PICTURE, "picture.flac")
    assert "picture.flac" in answer(run(client, new_thread(client), message))


def test_a_deleted_thread_leaves_no_checkpoint(server: Server, client: SyncLangGraphClient) -> None:
    thread = new_thread(client)
    run(client, thread, said("Hello"))
    client.threads.delete(thread)
    with open_saver(server.home / "checkpoints.sqlite") as saver:
        assert saver.get_tuple({"configurable": {"thread_id": thread}}) is None


def test_a_busy_thread_refuses_or_queues_another_run(client: SyncLangGraphClient) -> None:
    thread = new_thread(client)
    first = begin(client, thread, attached(EVERYTHING, song(25, 220), "a.flac"))
    question = said("What key is it in?")
    with pytest.raises(ConflictError):
        client.runs.create(thread, "grym", input=question, multitask_strategy="reject")
    with pytest.raises(UnprocessableEntityError, match="rollback is not supported"):
        client.runs.create(thread, "grym", input=question, multitask_strategy="rollback")
    with pytest.raises(UnprocessableEntityError, match="rollback is not supported"):
        client.runs.cancel(thread, first, action="rollback")
    queued = client.runs.create(thread, "grym", input=question, multitask_strategy="enqueue")
    assert statuses(join(client, thread, first)) == {"gama": "done", "qwen_vl": "done"}
    assert "A minor" in answer(join(client, thread, queued["run_id"]))


def test_an_interrupting_message_takes_up_the_interrupted_tasks(
    client: SyncLangGraphClient,
) -> None:
    thread = new_thread(client)
    begin(client, thread, attached(EVERYTHING, song(15, 233.082), "b.flac"))
    goal = said("Set the goal to a warm lo-fi sound")
    second = client.runs.create(thread, "grym", input=goal, multitask_strategy="interrupt")
    assert statuses(join(client, thread, second["run_id"])) == {"gama": "done", "qwen_vl": "done"}


def test_what_was_acknowledged_survives_a_kill(
    server: Server, client: SyncLangGraphClient, listened: tuple[str, Values]
) -> None:
    thread, values = listened
    cut_off = new_thread(client)
    begin(client, cut_off, attached(EVERYTHING, song(20, 261.626), "c.flac"))
    server.kill()
    asked: RunnableConfig = {"configurable": {"thread_id": thread, "checkpoint_ns": ""}}
    with open_saver(server.home / "checkpoints.sqlite") as saver:
        kept = saver.get_tuple(asked)
    assert kept is not None
    findings = kept.checkpoint["channel_values"]["findings"]
    assert {type(finding) for finding in findings} == {Finding}

    server.start()
    known = {one["thread_id"] for one in client.threads.search()}
    assert {thread, cut_off} <= known
    state = cast(Values, client.threads.get_state(thread)["values"])
    assert answer(state) == answer(values)
    titled = client.threads.search(metadata={"title": "What key and tempo is it?"})
    assert [one["thread_id"] for one in titled] == [thread]
    assert "F minor" in best_finding(client, "key of song.flac")
    again = run(client, thread, said("What key was it in?"))
    assert statuses(again) == {}
    assert "F minor" in answer(again)

    went_on = run(client, cut_off, said("Please go on"))
    assert statuses(went_on) == {"gama": "done", "qwen_vl": "done"}


def test_the_graph_itself_needs_no_server() -> None:
    names = ("starlette", "langgraph_api", "langgraph_runtime_inmem", "langgraph_cli")
    blocked = f"import sys; sys.modules.update(dict.fromkeys({names}))"
    subprocess.run([sys.executable, "-c", f"{blocked}; import graph.app"], check=True)


def test_a_second_server_on_the_same_home_is_told_so(server: Server, tmp_path: Path) -> None:
    other = Server(tmp_path)
    other.home = server.home
    assert other.spawn(other.port).wait(60) == 2
    assert "is using it" in other.log.read_text().splitlines()[-1]
