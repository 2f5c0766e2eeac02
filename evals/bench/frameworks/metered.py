"""Savers that tell how long checkpoints take and how many bytes they are."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
)
from langgraph.checkpoint.sqlite import SqliteSaver

_HELD = (
    "SELECT coalesce(sum(length(checkpoint) + length(metadata)), 0) FROM checkpoints",
    "SELECT coalesce(sum(length(value)), 0) FROM writes",
)

_STEPS = {"loop": 1, "input": -1}
"""Each input brings one checkpoint of a loop before its first step."""


class Serializer(Protocol):
    """What encodes checkpoints."""

    def dumps_typed(self, obj: object) -> tuple[str, bytes]:
        """The kind of encoding, and the bytes."""

    def loads_typed(self, data: tuple[str, bytes]) -> object:
        """What was encoded."""


class CountedBytes:
    """A serializer that counts what it encodes."""

    def __init__(self, inner: Serializer) -> None:
        self._inner = inner
        self.written = 0

    def dumps_typed(self, obj: object) -> tuple[str, bytes]:
        """The kind of encoding, and the bytes."""
        kind, content = self._inner.dumps_typed(obj)
        self.written += len(content)
        return kind, content

    def loads_typed(self, data: tuple[str, bytes]) -> object:
        """What was encoded."""
        return self._inner.loads_typed(data)


class Meter:
    """Processor time of the calls that it is told of; calls within calls count once."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.steps = 0
        self._inside = threading.local()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count the block, unless a call that is counted made it."""
        if getattr(self._inside, "now", False):
            yield
            return
        self._inside.now, began = True, time.thread_time()
        try:
            yield
        finally:
            self.seconds += time.thread_time() - began
            self._inside.now = False


class MeteredSaver(SqliteSaver):
    """LangGraph's own saver, with a meter."""

    meter: Meter

    def get_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """Read a checkpoint."""
        with self.meter.running():
            return super().get_tuple(config)

    def put(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Save a checkpoint."""
        if not config["configurable"].get("checkpoint_ns"):
            self.meter.steps += _STEPS.get(metadata["source"], 0)
        with self.meter.running():
            return super().put(config, checkpoint, metadata, new_versions)

    def put_writes(
        self,
        config: RunnableConfig,
        writes: Sequence[tuple[str, object]],
        task_id: str,
        task_path: str = "",
    ) -> None:
        """Save what a task wrote."""
        with self.meter.running():
            super().put_writes(config, writes, task_id, task_path)

    def held_bytes(self) -> int:
        """What all rows hold."""
        with self.cursor(transaction=False) as cursor:
            return sum(int(cursor.execute(query).fetchone()[0]) for query in _HELD)
