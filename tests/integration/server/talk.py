"""What chats with the server share: requests, states, and what a stream told."""

from typing import TypedDict, cast

import httpx
from langgraph_sdk.client import SyncLangGraphClient

from tests.integration.serving import Server


class Said(TypedDict):
    """A message of the user."""

    role: str
    content: object


class Request(TypedDict):
    """What a run is started with."""

    messages: list[Said]


class Place(TypedDict, total=False):
    """Where a run happens, and with which models."""

    project: str
    supervisor_model: str
    coder_model: str
    approval: str


class Values(TypedDict):
    """A thread's state as clients get it."""

    messages: list[dict[str, str]]
    tasks: list[dict[str, str]]
    artifacts: list[dict[str, str]]


def new_thread(client: SyncLangGraphClient) -> str:
    return client.threads.create()["thread_id"]


def said(content: object) -> Request:
    return {"messages": [{"role": "user", "content": content}]}


def ask(
    client: SyncLangGraphClient,
    thread: str,
    content: object,
    project: str = "default",
    point: str | None = None,
) -> str:
    """The answer to a message, at the end of a thread or at an earlier point."""
    place: Place = {"project": project}
    values = client.runs.wait(
        thread, "grym", input=said(content), context=place, checkpoint_id=point
    )
    return answer(cast(Values, values))


def answer(values: Values) -> str:
    assert values["messages"][-1]["type"] == "ai"
    return values["messages"][-1]["content"]


def messages_of(client: SyncLangGraphClient, thread: str) -> list[dict[str, object]]:
    """The messages of a thread, as it is now."""
    values = cast(dict[str, object], client.threads.get_state(thread)["values"])
    return cast(list[dict[str, object]], values["messages"])


def steps_of(client: SyncLangGraphClient, thread: str, turn: int) -> dict[str, str]:
    """The kept checkpoints of a turn: the node that comes next, and the newest such one's id."""
    found: dict[str, str] = {}
    for one in client.threads.get_history(thread, limit=50):
        context = cast(dict[str, dict[str, int]], one["values"]).get("context") or {}
        if context.get("turn") == turn and one["next"]:
            found.setdefault(one["next"][0], str(one["checkpoint"]["checkpoint_id"]))
    return found


def newest(client: SyncLangGraphClient, thread: str) -> str:
    """The id of a thread's newest checkpoint."""
    return str(client.threads.get_state(thread)["checkpoint"]["checkpoint_id"])


def upload(server: Server, content: bytes, name: str, project: str = "default") -> str:
    """The address of a file that was uploaded."""
    asked = {"name": name, "project": project}
    got = httpx.post(f"{server.url}/upload", params=asked, content=content)
    assert got.status_code == 201, got.text
    return str(got.json()["url"])
