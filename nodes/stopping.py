"""A run that its caller no longer wants ends within a word, and leaves its thread to be resumed.

What is stopped counts neither as done nor as failed: resuming does it anew.
"""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from functools import partial
from types import FrameType
from typing import Generic, TypeVar, cast

from langchain_core.runnables import Runnable, RunnableConfig
from langgraph.errors import GraphBubbleUp
from langgraph.runtime import Runtime, get_runtime

from graph.state import Context
from grym_synth.errors import Cancelled
from nodes.tracing import traced

SliceT = TypeVar("SliceT", bound=Mapping[str, object])
NodeT = TypeVar("NodeT", bound=Callable[..., Mapping[str, object]])

_CANCEL: ContextVar[threading.Event] = ContextVar("cancel")

_ENDING_SECONDS = 5.0
"""How long a cancelled node may take to come to its end; instruments can't be cut short."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM)

_THREADS = ThreadPoolExecutor(256, thread_name_prefix="node")
"""For nodes of event loops, which mostly wait for models; a loop's own threads are a few more than
the machine's cores, and would let no more turns wait at a time."""


class Stopped(GraphBubbleUp):
    """A node was stopped; LangGraph keeps nothing of it and asks no error handler."""


def cancel_of_run() -> threading.Event:
    """What says that the caller no longer wants this run; each node runs under one."""
    return _CANCEL.get(None) or threading.Event()


@contextmanager
def stopped_by(cancel: threading.Event) -> Iterator[None]:
    """Have the nodes that are run in this block stop once an event is set."""
    token = _CANCEL.set(cancel)
    try:
        yield
    finally:
        _CANCEL.reset(token)


@contextmanager
def set_by_signals(cancel: threading.Event) -> Iterator[None]:
    """Set an event where Ctrl-C, or whatever else raises ``KeyboardInterrupt``, would only raise.

    A raise alone would wait for nodes that don't know of it, and is lost where Python drops what
    finalizers and callbacks raise. Signals that are handled in another way, or ignored, stay so.
    """
    mine = threading.current_thread() is threading.main_thread()
    taken = [
        one for one in _SIGNALS if mine and signal.getsignal(one) is signal.default_int_handler
    ]

    def stop(number: int, frame: FrameType | None) -> None:
        cancel.set()
        signal.default_int_handler(number, frame)

    for one in taken:
        signal.signal(one, stop)
    try:
        yield
    finally:
        for one in taken:
            signal.signal(one, signal.default_int_handler)


def stoppable(work: NodeT) -> NodeT:
    """Make a node of a function that may raise ``Cancelled``: it stops when its run is cancelled.

    A run is cancelled by its event, or, where it is a coroutine, by cancelling that. To LangGraph
    the node is a runnable, since it can't stop the thread that it runs a mere function in.
    """
    return cast(NodeT, _Stoppable(work))


class _Stoppable(Runnable[SliceT, Mapping[str, object]], Generic[SliceT]):
    def __init__(self, work: Callable[[SliceT, Runtime[Context]], Mapping[str, object]]) -> None:
        self._work = work

    def __call__(self, state: SliceT, runtime: Runtime[Context]) -> Mapping[str, object]:
        """The function itself."""
        return self._work(state, runtime)

    def invoke(
        self,
        input: SliceT,  # noqa: A002  (as its base calls it)
        config: RunnableConfig | None = None,
        **kwargs: object,
    ) -> Mapping[str, object]:
        """Do the node's work.

        Raises:
            Stopped: the run was cancelled.
        """
        try:
            with traced(config):
                return self._work(input, get_runtime(Context))
        except Cancelled as stopped:
            raise Stopped from stopped

    async def ainvoke(
        self,
        input: SliceT,  # noqa: A002  (as its base calls it)
        config: RunnableConfig | None = None,
        **kwargs: object,
    ) -> Mapping[str, object]:
        """Do the node's work in a thread, which ends when the coroutine is cancelled."""
        cancel = threading.Event()
        with stopped_by(cancel):
            work = partial(copy_context().run, self.invoke, input, config, **kwargs)
            working = asyncio.get_running_loop().run_in_executor(_THREADS, work)
        try:
            return await asyncio.shield(working)
        except asyncio.CancelledError:
            cancel.set()
            working.add_done_callback(_heard)
            await asyncio.wait((working,), timeout=_ENDING_SECONDS)
            raise


def _heard(working: asyncio.Future[Mapping[str, object]]) -> None:
    """Take note of how it ended, which nobody asks for any more."""
    if not working.cancelled():
        working.exception()
