"""Where the requests for one model queue, and their answers come from threads."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager

from anyio.to_thread import run_sync
from starlette.concurrency import run_in_threadpool

from grym_synth.errors import GrymError, ModelUnavailable
from models.base import Piece
from models.service.forms import ChatRequest
from models.service.metrics import Metrics
from models.service.reading import options_of
from models.service.served import Served
from models.service.telling import Telling, event, fault_of, status_of


class Full(ModelUnavailable):
    """So many wait for a model that one more would wait too long."""


class Desk:
    """Lets so many requests at once to a model, in their order."""

    def __init__(self, served: Served, metrics: Metrics, seconds: float) -> None:
        """Open a desk.

        Args:
            served: the model.
            metrics: counts.
            seconds: longest time for one answer.
        """
        self.served, self._metrics, self._seconds = served, metrics, seconds
        self._turn = asyncio.Semaphore(served.at_once)
        self._waiting = 0

    async def answer(self, request: ChatRequest) -> Telling:
        """The whole answer.

        Raises:
            GrymError: there is none.
        """
        telling, began, status = self._telling(request), time.monotonic(), 200
        try:
            async for piece in self._pieces(request, began):
                telling.take(piece)
        except GrymError as fault:
            status = status_of(fault)
            raise
        finally:
            self._note(telling, began, status)
        return telling

    async def stream(self, request: ChatRequest) -> AsyncIterator[bytes]:
        """The answer as events; a fault on the way is the last of them.

        Raises:
            GrymError: there is no first piece, so that the request can be refused as a whole.
        """
        telling, began = self._telling(request), time.monotonic()
        pieces = self._pieces(request, began)
        try:
            first = await anext(pieces)
        except GrymError as fault:
            self._note(telling, began, status_of(fault))
            raise
        return self._events(telling, first, pieces, began)

    async def _events(
        self, telling: Telling, first: Piece, rest: AsyncIterator[Piece], began: float
    ) -> AsyncIterator[bytes]:
        status = 499
        try:
            yield event(telling.first())
            for chunk in telling.chunk(first):
                yield event(chunk)
            async for piece in rest:
                for chunk in telling.chunk(piece):
                    yield event(chunk)
            yield event("[DONE]")
            status = 200
        except GrymError as fault:
            status = status_of(fault)
            yield event(fault_of(fault))
        finally:
            self._note(telling, began, status)

    async def _pieces(self, request: ChatRequest, began: float) -> AsyncIterator[Piece]:
        """The pieces, once it is this request's turn; leaving the loop cancels the model."""
        cancel = threading.Event()
        options = options_of(request, self._seconds, cancel)
        async with self._in_turn():
            try:
                pieces = await run_in_threadpool(self.served.answers.pieces, request, options)
                seen = False
                async for piece in from_threads(pieces):
                    if not seen:
                        self._metrics.began(self.served.name, time.monotonic() - began)
                        seen = True
                    yield piece
            finally:
                cancel.set()

    @asynccontextmanager
    async def _in_turn(self) -> AsyncIterator[None]:
        name, most = self.served.name, self.served.most_waiting
        if self._turn.locked() and self._waiting >= most:
            raise Full(
                f"asking {name}", f"{self._waiting} requests already wait", "Ask again later"
            )
        self._waiting += 1
        self._metrics.waiting.labels(name).set(self._waiting)
        try:
            await self._turn.acquire()
        finally:
            self._waiting -= 1
            self._metrics.waiting.labels(name).set(self._waiting)
        self._metrics.working.labels(name).inc()
        try:
            yield
        finally:
            self._metrics.working.labels(name).dec()
            self._turn.release()

    def _telling(self, request: ChatRequest) -> Telling:
        return Telling(self.served.name, request.stream_options.include_usage)

    def _note(self, telling: Telling, began: float, status: int) -> None:
        self._metrics.ended(self.served.name, status, time.monotonic() - began, telling.ending)


async def from_threads(pieces: Generator[Piece, None, None]) -> AsyncIterator[Piece]:
    """The pieces of a generator that blocks; a client that goes does not wait for the next one."""
    while (piece := await run_sync(next, pieces, None, abandon_on_cancel=True)) is not None:
        yield piece
