"""A turn on this server for programs that have no thread at hand: the tools of its MCP endpoint."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal, cast
from uuid import UUID

from langgraph_sdk import get_client
from langgraph_sdk.errors import APIStatusError, NotFoundError
from pydantic import BaseModel, Field, JsonValue, ValidationError
from typing_extensions import TypedDict

from agents.coding.approval import Approval
from audio.assets import AssetRef
from graph.deps import Deps
from graph.files import Files
from graph.references import file_named
from graph.state import Context
from grym_synth.errors import BadInput
from memory.context import Artifact, Finding, Order, Plan, Task
from nodes.attachments import reference_block

Tell = Callable[[str], Awaitable[None]]
"""Takes a line on what happens."""


class Made(BaseModel):
    """A file that the turn made."""

    name: str
    kind: str
    url: str = Field(description="Where it can be fetched, from this machine")


class Step(BaseModel):
    """One task of the turn."""

    objective: str
    status: str = Field(description="done, not_met, failed, skipped or waiting")
    why: str = ""


class Done(BaseModel):
    """What a turn came to."""

    answer: str = Field(description="The answer with its evidence, Markdown")
    project: str
    thread: str = Field(description="Give it to go on with this conversation")
    waits_for: str = Field("", description="What the user must answer first; empty: nothing")
    steps: list[Step] = []
    files: list[Made] = []


class Turn(BaseModel):
    """One turn that is asked for."""

    words: str
    files: Sequence[str] = ()
    """Addresses or ids of stored files."""
    project: str = "default"
    thread: str = ""
    order: Order | None = None
    instruments: bool = False
    """Whether no model shall take part."""


class _Message(TypedDict):
    role: str
    content: list[dict[str, object]]


class _Given(TypedDict):
    messages: list[_Message]
    order: dict[str, JsonValue] | None


class Talk:
    """Runs turns as chat clients do, by the server's own interface, within its process."""

    def __init__(self, parts: Callable[[], Deps], files: Files) -> None:
        self._parts, self._files = parts, files

    async def take(self, turn: Turn, tell: Tell) -> tuple[Done, tuple[Finding, ...]]:
        """Run a turn to its end.

        Args:
            turn: what is asked.
            tell: is told what happens meanwhile.

        Returns:
            What it came to, and what it rests on.

        Raises:
            BadInput: it can't be run as asked.
        """
        refs = await asyncio.to_thread(self._refs, turn.files)
        threads, thread = get_client().threads, turn.thread
        try:
            thread = str(UUID(thread) if thread else (await threads.create())["thread_id"])
            await self._run(turn, refs, thread, tell)
            state = await threads.get_state(thread)
        except (NotFoundError, ValueError) as fault:
            happened = f"there is no conversation {thread!r}"
            raise BadInput(
                "asking", happened, "Leave `thread` out, or give one of before"
            ) from fault
        except APIStatusError as fault:
            raise BadInput("asking", str(fault), "Change what you ask") from fault
        values = cast(dict[str, JsonValue], state["values"])
        waits = "\n\n".join(map(_question, state.get("interrupts") or []))
        return await asyncio.to_thread(self._done, values, turn.project, thread, waits)

    async def _run(self, turn: Turn, refs: Sequence[AssetRef], thread: str, tell: Tell) -> None:
        content: list[dict[str, object]] = [{"type": "text", "text": turn.words}]
        content += map(reference_block, refs)
        order = turn.order.model_dump(mode="json") if turn.order is not None else None
        message: _Message = {"role": "user", "content": content}
        given: _Given = {"messages": [message], "order": order}
        models: Literal["instruments", "settings"] = (
            "instruments" if turn.instruments else "settings"
        )
        context = Context(project=turn.project, models=models)
        async for part in get_client().runs.stream(
            thread, "grym", input=given, context=context.model_dump(), stream_mode=["custom"],
            multitask_strategy="reject",
        ):  # fmt: skip
            if part.event == "custom":
                await tell(str(part.data.get("text", "")))
            elif part.event == "error":
                raise BadInput("asking", str(part.data.get("message", part.data)), "Change it")

    def _refs(self, files: Sequence[str]) -> tuple[AssetRef, ...]:
        deps = self._parts()
        return tuple(file_named(one, deps.settings.home_path, deps.assets) for one in files)

    def _done(
        self, values: dict[str, JsonValue], project: str, thread: str, waits: str
    ) -> tuple[Done, tuple[Finding, ...]]:
        tasks = [Task.model_validate(one) for one in _listed(values, "tasks")]
        made = [Artifact.model_validate(one) for one in _listed(values, "artifacts")]
        findings = tuple(Finding.model_validate(one) for one in _listed(values, "findings"))
        plan = Plan.model_validate(values["plan"]) if values.get("plan") else Plan()
        asked = waits or "\n".join(one.question for one in plan.asks)
        said = waits and "This needs a human's yes. To answer, ask `yes` or `no` on this thread."
        last = cast(dict[str, JsonValue], _listed(values, "messages")[-1])
        done = Done(
            answer=said or str(last["content"]),
            project=project,
            thread=thread,
            waits_for=asked,
            steps=[Step(objective=one.objective, status=one.status, why=one.why) for one in tasks],
            files=[
                Made(
                    name=f"{one.folder}/{one.name}" if one.folder else one.name,
                    kind=one.kind,
                    url=self._files.address(project, one.id, one.name),
                )
                for one in made
            ],
        )
        return done, findings


def _listed(values: dict[str, JsonValue], name: str) -> list[JsonValue]:
    held = values.get(name)
    return held if isinstance(held, list) else []


def _question(interrupt: object) -> str:
    """What an interrupt asks."""
    value = cast(dict[str, object], interrupt).get("value")
    try:
        asked = Approval.model_validate(value).action_requests
    except ValidationError:
        return str(value)
    return "\n\n".join(one.description for one in asked)
