"""A plain yes or no in a chat while the turn waits for a human: it answers what is open.

Chat interfaces that don't show the question send the next message as a new request, which would
leave the open one behind. Any other message is a request of its own, and what was open never runs.
"""

from collections.abc import Mapping
from typing import cast

from langgraph_sdk import get_client
from pydantic import JsonValue, ValidationError

from agents.coding.approval import Approval, Decision
from grym_synth.approving import answered, decision_in, replying

Json = dict[str, JsonValue]


async def as_reply(path: str, run: Json) -> Json:
    """A run's request; where it only says yes or no to an open question, the answer in its place.

    Args:
        path: of the request, such as ``/threads/ID/runs/stream``.
        run: its body.
    """
    message = _only_message(run)
    decision = decision_in(_text(message)) if message is not None else None
    parts = path.strip("/").split("/")
    if decision is None or len(parts) < 3 or (parts[0], parts[2]) != ("threads", "runs"):
        return run
    command = answered(open_ := await _open(parts[1]), replying(decision, open_, _undecided))
    if command is None:
        return run
    kept = {name: value for name, value in run.items() if name != "input"}
    said = cast(JsonValue, {"resume": command.resume, "update": {"messages": [message]}})
    return {**kept, "command": said}


def _undecided(approval: Approval) -> Decision | None:
    """Nothing that comes up later is decided by this message."""
    return None


async def _open(thread: str) -> Mapping[str, Approval]:
    """What a thread waits for a human to approve, by the id of the interrupt."""
    state = await get_client().threads.get_state(thread)
    found: dict[str, Approval] = {}
    for one in state.get("interrupts") or []:
        try:
            found[str(one["id"])] = Approval.model_validate(one["value"])
        except (ValidationError, KeyError):
            continue
    return found


def _only_message(run: Json) -> Json | None:
    """The one message of a run that brings nothing else; None where it is another request."""
    given = run.get("input")
    messages = given.get("messages") if isinstance(given, dict) and not run.get("command") else None
    messages = [messages] if isinstance(messages, dict) else messages
    if not isinstance(messages, list) or not messages or not isinstance(messages[-1], dict):
        return None
    last = messages[-1]
    return last if last.get("role", last.get("type")) in ("user", "human") else None


def _text(message: Json) -> str:
    """What a message says in words; empty where it brings more than words."""
    content = message.get("content")
    if isinstance(content, list) and len(content) == 1 and isinstance(content[0], dict):
        content = content[0].get("text") if content[0].get("type") == "text" else None
    return content if isinstance(content, str) else ""
