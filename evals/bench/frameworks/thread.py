"""One thread of a graph whose state is a list of messages, with LangGraph's own saver."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from langchain_core.messages import HumanMessage
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from evals.bench.frameworks.job import ANSWER, Turn, request_of, timed
from evals.bench.frameworks.messages import Sent
from evals.bench.frameworks.metered import CountedBytes, Meter, MeteredSaver


class Invoked(Protocol):
    """A compiled graph."""

    def invoke(self, given: dict[str, list[HumanMessage]], /, config: RunnableConfig) -> object:
        """Run one turn; the state at its end."""


Build = Callable[[Sent, BaseCheckpointSaver[str]], Invoked]
"""Makes a graph whose models note what they are sent."""


@dataclass
class MessageThread:
    """A thread that all turns are done on."""

    graph: Invoked
    sent: Sent
    saver: MeteredSaver
    serde: CountedBytes

    def turn(self, number: int) -> Turn:
        """Do the turn of a number and tell what it cost.

        Raises:
            ValueError: the turn did not end with the scripted answer.
        """
        meter = self.saver.meter
        steps, checkpoints, written = meter.steps, meter.seconds, self.serde.written
        self.sent.calls.clear()
        given = {"messages": [HumanMessage(request_of(number))]}
        with timed() as answering:
            state = self.graph.invoke(given, {"configurable": {"thread_id": "main"}})
        if not isinstance(state, dict) or state["messages"][-1].text != ANSWER:
            raise ValueError(f"not the turn that was to be measured: {state}")
        return Turn(
            calls=len(self.sent.calls),
            supersteps=meter.steps - steps,
            cpu_ms=answering.cpu_ms,
            wall_ms=answering.wall_ms,
            instruments_ms=0.0,
            embedding_ms=0.0,
            afterwards_ms=0.0,
            tokens=self.sent.tokens(),
            checkpoint_ms=1000 * (meter.seconds - checkpoints),
            written_bytes=self.serde.written - written,
            held_bytes=self.saver.held_bytes(),
        )


@contextmanager
def open_thread(folder: Path, build: Build) -> Iterator[MessageThread]:
    """A new thread with its own checkpoint file."""
    with closing(sqlite3.connect(folder / "checkpoints.sqlite", check_same_thread=False)) as file:
        serde, sent = CountedBytes(JsonPlusSerializer()), Sent()
        saver = MeteredSaver(file, serde=serde)
        saver.meter = Meter()
        yield MessageThread(build(sent, saver), sent, saver, serde)
