"""The compiled graph with the rules of a turn round it.

One turn at a time per thread; unfinished work ends before new input (``get_state().next`` can be
empty although work remains, ``tasks`` can't); checkpoints are written before a step counts as done.
"""

import time
from collections.abc import Callable
from typing import Literal, cast
from uuid import UUID

from langchain_core.runnables import RunnableConfig
from langgraph.graph.state import CompiledStateGraph

from audio.assets import AssetStore
from graph.state import Context, Request, State, Update
from grym_synth.errors import BadInput
from memory.checkpoints import TurnSaver
from memory.context import Event
from memory.storage.locks import ThreadLocks
from nodes.attachments import stored

Graph = CompiledStateGraph[State, Context, Request, State]

STEPS = 120
"""Recursion limit of one turn: far above what the budget of rounds allows."""

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

    def invoke(
        self, given: State | None, config: RunnableConfig, *, context: Context | None = None
    ) -> State:
        """Run one turn and return the state at its end, as ``CompiledStateGraph.invoke`` does."""
        return self.run(given, config, context, lambda event: None)

    def run(
        self,
        given: State | None,
        config: RunnableConfig,
        context: Context | None,
        on_event: Callable[[Event], None],
    ) -> State:
        """Finish what was cut off, then run one turn, telling ``on_event`` of all that happens.

        Attachments leave the messages for the asset store before any checkpoint holds them.
        Without input only what was cut off is finished.

        Raises:
            BadInput: the context names a model that a run may not choose.
        """
        self._check(context or Context())
        with self._locks.turn(_thread(config)):
            self._check_clock(config)
            self._written.add(_thread(config))
            self._finish(config, context, on_event)
            if given is not None:
                given = {**given, "messages": stored(given.get("messages", []), self._assets)}
                self._stream(given, config, context, on_event)
            self._saver.prune(_thread(config), keep=KEPT)
            ended = self.values(config)
            self._forget(config, ended)
            return ended

    def is_unfinished(self, config: RunnableConfig) -> bool:
        """Whether the thread's last turn was cut off before its answer."""
        return bool(self.compiled.get_state(config).tasks)

    def values(self, config: RunnableConfig) -> State:
        """The thread's state."""
        return cast(State, self.compiled.get_state(config).values)

    def _finish(
        self, config: RunnableConfig, context: Context | None, on_event: Callable[[Event], None]
    ) -> None:
        while self.is_unfinished(config):
            try:
                self._stream(None, config, context, on_event)
            except Exception:  # whatever it was is raised again; only the thread is set free
                self._give_up(config)
                raise

    def _check_clock(self, config: RunnableConfig) -> None:
        """Refuse to work before the thread's newest checkpoint: by time it would be the older one.

        Raises:
            BadInput: the machine's clock was set back.
        """
        if _thread(config) in self._written:
            return
        newest = self.compiled.get_state(config).config.get("configurable", {})
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
        self.compiled.update_state(config, given_up, as_node="respond")

    def _stream(
        self,
        given: State | None,
        config: RunnableConfig,
        context: Context | None,
        on_event: Callable[[Event], None],
    ) -> None:
        limited: RunnableConfig = {**config, "recursion_limit": STEPS}
        for mode, told in self.compiled.stream(
            given,
            limited,
            context=context,
            stream_mode=["tasks", "custom"],
            durability="sync",
        ):
            on_event(Event.model_validate(told) if mode == "custom" else _of_node(told))


def _of_node(told: object) -> Event:
    """A node's start or end, from the graph's stream of tasks."""
    task = cast(dict[str, object], told)
    kind: Literal["node_start", "node_end"] = "node_start" if "input" in task else "node_end"
    return Event(kind=kind, node=str(task["name"]), error=str(task.get("error") or ""))


def _written_at(checkpoint_id: str) -> float:
    """When a checkpoint was made, in seconds since 1970, from its id (a UUID of version 6).

    RFC 9562, section 5.6: 60 bits of 100 ns since 15 October 1582, the highest first.
    """
    number = UUID(checkpoint_id).int
    ticks = (number >> 80) << 12 | (number >> 64) & 0xFFF
    return (ticks - 0x01B21DD213814000) / 1e7


def _thread(config: RunnableConfig) -> str:
    return str(config.get("configurable", {})["thread_id"])
