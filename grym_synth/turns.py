"""The compiled graph with the rules of a turn round it.

One turn at a time per thread; unfinished work ends before new input (``get_state().next`` can be
empty although work remains, ``tasks`` can't); checkpoints are written before a step counts as done.
"""

import threading
import time
from collections.abc import Callable, Generator
from contextlib import closing, suppress
from typing import cast
from uuid import UUID

from langchain_core.messages import AnyMessage, HumanMessage, RemoveMessage
from langchain_core.runnables import RunnableConfig
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Command, StateSnapshot

from agents.coding.approval import Approval, Decision
from audio.assets import AssetStore
from graph.state import Context, Request, State, Update
from grym_synth.errors import BadInput, Cancelled, MemoryFault
from memory.checkpoints import TurnSaver
from memory.context import ContextPackage, Event
from memory.storage.locks import ThreadLocks
from nodes.attachments import stored
from nodes.stopping import Stopped, cancel_of_run, set_by_signals, stopped_by
from nodes.tracing import untraced

Graph = CompiledStateGraph[State, Context, Request, State]

STEPS = 120
"""Recursion limit of one turn: far above what the budget of rounds allows."""

AFTER_ANSWER = "summarise"
"""The node that runs once the answer stands; without it the instruments' summaries do."""

KEPT = 3
"""Checkpoints that stay when a turn has ended, for a look back."""


class TurnGraph:
    """What programs invoke: the graph's own calls, kept to one turn at a time per thread."""

    def __init__(
        self,
        graph: Graph,
        saver: TurnSaver,
        assets: AssetStore,
        check: Callable[[Context], None],
    ) -> None:
        self.compiled = graph
        """The plain compiled graph, for drawing, schemas and history."""
        self._saver, self._assets, self._check = saver, assets, check
        self._locks = ThreadLocks()
        self._written: set[str] = set()
        """Threads that this process wrote to: its own ids always grow, whatever the clock does."""
        self._pruned = object()
        """Another one whenever checkpoints were deleted: by its counts a thread may then look as it
        did in the middle of its turn."""
        self._read: tuple[object, StateSnapshot] | None = None
        """What a thread was found to be last, and by which mark; reading a state takes long."""

    def invoke(
        self,
        given: State | Command[str] | None,
        config: RunnableConfig,
        *,
        context: Context | None = None,
    ) -> State:
        """Run one turn and return the state at its end, as ``CompiledStateGraph.invoke`` does."""
        return self.run(given, config, context, lambda event: None)

    def run(
        self,
        given: State | Command[str] | None,
        config: RunnableConfig,
        context: Context | None,
        on_event: Callable[[Event], None],
        cancel: threading.Event | None = None,
    ) -> State:
        """Finish what was cut off, then run one turn, telling ``on_event`` of all that happens.

        Attachments leave the messages for the asset store before any checkpoint holds them.
        Without input only what was cut off is finished. Ctrl-C stops the turn, and so does setting
        ``cancel``; what it had not ended by then is done anew when it is resumed. Once the answer
        stands, a stop only leaves out the summaries. A turn that waits for approval goes on with
        ``Command(resume=…)``; new input refuses what was not approved.

        Raises:
            BadInput: the context names a model that a run may not choose.
            BadInput: the config names a checkpoint that is not the thread's newest.
            UnknownName: the thread keeps no checkpoint of the id that the config names.
            Cancelled: ``cancel`` was set.
        """
        self._check(context or Context())
        config = self._at_end(config)
        cancel = cancel or threading.Event()
        with (
            untraced(),
            self._locks.turn(_thread(config)),
            stopped_by(cancel),
            set_by_signals(cancel),
        ):
            self._check_clock(config)
            self._written.add(_thread(config))
            self._finish(config, context, on_event)
            if given is not None and not isinstance(given, Command):
                self._refuse_open(config, context, on_event)
                given = {**given, "messages": stored(given.get("messages", []), self._assets)}
            if given is not None:
                self._stream_to_answer(given, config, context, on_event)
            with suppress(MemoryFault):  # no room even for that: the answer stands, and comes first
                self._saver.prune(_thread(config), keep=KEPT)
            self._pruned = object()
            ended = cast(State, self._standing(config).values)
            self._forget(config, ended)
            return ended

    def is_unfinished(self, config: RunnableConfig) -> bool:
        """Whether the thread's last turn was cut off before its answer."""
        return bool(self._standing(config).tasks) and not self._is_answered(config)

    def _is_answered(self, config: RunnableConfig) -> bool:
        """Whether only what comes after the answer was cut off, which is never made up for."""
        left = self._standing(config).tasks
        return bool(left) and all(task.name == AFTER_ANSWER for task in left)

    def drop_last(self, config: RunnableConfig) -> int:
        """Take the last turn out of the conversation and return its number.

        Numbers go on from there: a turn's number is part of what the memory knows it by.

        Raises:
            BadInput: there is no turn, or one is not ended.
            ThreadBusy: a turn is running on this thread.
        """
        with untraced(), self._locks.turn(_thread(config)):
            tried = f"undoing the last turn of thread {_thread(config)}"
            if self.is_unfinished(config) or self.approvals(config):
                raise BadInput(tried, "it is not ended", "Resume it, or say yes or no to it")
            messages = self.values(config).get("messages", [])
            asked = max(
                (place for place, one in enumerate(messages) if isinstance(one, HumanMessage)),
                default=None,
            )
            if asked is None:
                raise BadInput(tried, "there is none", "Ask something first")
            last = messages[asked:]
            self._written.add(_thread(config))
            removed: list[AnyMessage | RemoveMessage] = [RemoveMessage(str(one.id)) for one in last]
            dropped: Update = {"messages": removed, "plan": None, "tasks": ()}
            self.compiled.update_state(config, dropped, as_node=AFTER_ANSWER)
            return int(str(last[-1].id).rpartition("/")[2])

    def approvals(self, config: RunnableConfig) -> dict[str, Approval]:
        """What the thread's turn waits for a human to approve, by the id of the interrupt."""
        open_ = self._standing(config).interrupts
        return {one.id: Approval.model_validate(one.value) for one in open_}

    def values(self, config: RunnableConfig) -> State:
        """The thread's state."""
        return cast(State, self._standing(config).values)

    def _standing(self, config: RunnableConfig) -> StateSnapshot:
        """The thread as it is, from its last reading where nothing was written since."""
        mark = (_thread(config), self._pruned, self._saver.mark(_thread(config)))
        read = self._read
        if read is None or read[0] != mark:
            self._read = read = mark, self.compiled.get_state(config)
        return read[1]

    def _finish(
        self, config: RunnableConfig, context: Context | None, on_event: Callable[[Event], None]
    ) -> None:
        while self.is_unfinished(config):
            try:
                self._stream_to_answer(None, config, context, on_event)
            except Cancelled:
                raise
            except Exception:  # whatever it was is raised again; only the thread is set free
                self._give_up(config)
                raise
            if self.approvals(config):
                return

    def _refuse_open(
        self, config: RunnableConfig, context: Context | None, on_event: Callable[[Event], None]
    ) -> None:
        """End a turn that waits for approval: nothing runs that nobody approved."""
        refusal = {"decisions": [Decision(type="reject").model_dump(mode="json")]}
        while open_ := self.approvals(config):
            refused: Command[str] = Command(resume=dict.fromkeys(open_, refusal))
            self._stream(refused, config, context, on_event)

    def _at_end(self, config: RunnableConfig) -> RunnableConfig:
        """The thread itself, where the config names its newest checkpoint.

        Raises:
            BadInput: it names an older one.
            UnknownName: it names none that is kept.
        """
        named = config.get("configurable", {}).get("checkpoint_id")
        if not named:
            return config
        self._saver.get_tuple(config)
        thread: RunnableConfig = {"configurable": {"thread_id": _thread(config)}}
        newest = self._saver.get_tuple(thread)
        if newest is not None and newest.checkpoint["id"] != named:
            raise BadInput(
                f"going on from checkpoint {named} of thread {_thread(config)}",
                "it is not the thread's newest, and a turn here goes on from the end",
                "Name no checkpoint, take the last turn back (`undo`), or edit it in Studio",
            )
        return {**config, **thread}

    def _check_clock(self, config: RunnableConfig) -> None:
        """Refuse to work before the thread's newest checkpoint: by time it would be the older one.

        Raises:
            BadInput: the machine's clock was set back.
        """
        if _thread(config) in self._written:
            return
        newest = self._standing(config).config.get("configurable", {})
        if "checkpoint_id" not in newest:
            return
        ahead = _written_at(newest["checkpoint_id"]) - time.time()
        if ahead > 0:
            raise BadInput(
                f"starting a turn on thread {_thread(config)}",
                f"this machine's clock stands {ahead:.0f} s before the thread's last turn",
                "Set the clock right, or use another thread",
            )

    def _forget(self, config: RunnableConfig, ended: State) -> None:
        """Delete the project's conversations that repeat what the turn was to forget, also its own.

        What they were about stays in the project memory.
        """
        plan, context = ended.get("plan"), ended.get("context")
        if plan is None or context is None or not plan.forgets:
            return
        own = _thread(config)
        gone = {text for one in plan.forgets for text in (one.id, one.name)}
        others = [
            name
            for name in self._saver.threads()
            if name.startswith(f"{context.project}/") and name != own
        ]
        repeating = [name for name in others if self._saver.holds(name, gone)]
        self._saver.prune([own, *repeating], strategy="delete")
        self._saver.scrub()

    def _give_up(self, config: RunnableConfig) -> None:
        """End a turn that fails again when it is resumed, or it would block its thread for good."""
        given_up: Update = {"tasks": (), "plan": None}
        if (context := self.values(config).get("context")) is not None:
            given_up["answered"] = context.turn
        self.compiled.update_state(config, given_up, as_node=AFTER_ANSWER)

    def _stream_to_answer(
        self,
        given: State | Command[str] | None,
        config: RunnableConfig,
        context: Context | None,
        on_event: Callable[[Event], None],
    ) -> None:
        """Let a turn run; one that is stopped once it is answered has ended."""
        try:
            self._stream(given, config, context, on_event)
        except (Cancelled, KeyboardInterrupt):
            if not self._is_answered(config):
                raise

    def _stream(
        self,
        given: State | Command[str] | None,
        config: RunnableConfig,
        context: Context | None,
        on_event: Callable[[Event], None],
    ) -> None:
        limited: RunnableConfig = {**config, "recursion_limit": STEPS}
        cancel = cancel_of_run()
        stream = cast(
            Generator[tuple[tuple[str, ...], str, object], None, None],
            self.compiled.stream(
                given,
                limited,
                context=context,
                stream_mode=["tasks", "custom"],
                subgraphs=True,
                durability="sync",
            ),
        )
        try:
            with closing(stream):
                for inside, mode, told in stream:
                    if mode == "custom":
                        on_event(Event.model_validate(told))
                    elif not inside:
                        on_event(_of_node(told))
                    if cancel.is_set():
                        raise Stopped
        except Stopped as stopped:
            raise Cancelled(
                f"working on thread {_thread(config)}",
                "it was cancelled",
                "Resume it, or ask something else",
            ) from stopped


def _of_node(told: object) -> Event:
    """A node's start or end, from the graph's stream of tasks."""
    task = cast(dict[str, object], told)
    if "input" in task:
        return _handed(Event(kind="node_start", node=str(task["name"])), task["input"])
    return Event(kind="node_end", node=str(task["name"]), error=str(task.get("error") or ""))


def _handed(event: Event, given: object) -> Event:
    """A node's start, with the size of the context that a specialist is handed."""
    package = given.get("package") if isinstance(given, dict) else None
    if not isinstance(package, ContextPackage):
        return event
    handed = {
        "task": package.task,
        "tokens": package.tokens,
        "kept": len(package.items),
        "dropped": len(package.left_out),
    }
    return event.model_copy(update=handed)


def _written_at(checkpoint_id: str) -> float:
    """When a checkpoint was made, in seconds since 1970, from its id (a UUID of version 6).

    RFC 9562, section 5.6: 60 bits of 100 ns since 15 October 1582, the highest first.
    """
    number = UUID(checkpoint_id).int
    ticks = (number >> 80) << 12 | (number >> 64) & 0xFFF
    return (ticks - 0x01B21DD213814000) / 1e7


def _thread(config: RunnableConfig) -> str:
    return str(config.get("configurable", {})["thread_id"])
