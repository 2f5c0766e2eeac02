"""Models in replicas of Ray Serve: processes that heal and, where load asks for it, grow in number.

``Replica`` is what runs there; ``OnReplicas`` is a model as the service's door sees it. Importing
this needs Ray.
"""

import threading
import time
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import closing
from dataclasses import dataclass

from ray import serve
from ray.exceptions import RayActorError, WorkerCrashedError
from ray.serve.handle import DeploymentHandle, DeploymentResponseGenerator
from starlette.concurrency import run_in_threadpool

from grym_synth import errors
from grym_synth.errors import GrymError, ModelAway, ModelFault
from models.base import Options, Piece
from models.service.desk import from_threads
from models.service.forms import ChatRequest
from models.service.reading import options_of
from models.service.served import Answers

Opening = Callable[[str], Answers]
"""Opens a model by the name that clients call it; it is called in each replica that is asked."""

TRIES = 6
"""How often a request is put to replicas, when those that had it are gone."""

PAUSE_SECONDS = 0.25
"""Wait before the next try, times the number of tries: the router takes a moment to see a loss."""


@dataclass(frozen=True)
class Refusal:
    """A fault of ours on its way between processes."""

    kind: str
    tried: str
    happened: str
    do: str

    @classmethod
    def of(cls, fault: GrymError) -> "Refusal":
        """What is sent of a fault."""
        return cls(type(fault).__name__, fault.tried, fault.happened, fault.do)

    def fault(self) -> GrymError:
        """The fault again."""
        kind = getattr(errors, self.kind, ModelFault)
        made: GrymError = kind(self.tried, self.happened, self.do)
        return made


class Replica:
    """One process with models in it, each opened when it is first asked there."""

    def __init__(self, opening: Opening, most_models: int) -> None:
        """Open nothing yet.

        Args:
            opening: opens a model.
            most_models: how many may be open; the one that was used longest ago goes first.
        """

        async def opened(name: str) -> Answers:
            return await run_in_threadpool(opening, name)

        self._opened = serve.multiplexed(max_num_models_per_replica=most_models)(opened)

    async def pieces(self, body: str, seconds: float) -> AsyncIterator[Piece | Refusal]:
        """The answer to a request, piece by piece; a fault of ours is the last of them."""
        cancel = threading.Event()
        try:
            answers = await self._opened(serve.get_multiplexed_model_id())
            request = ChatRequest.model_validate_json(body)
            options = options_of(request, seconds, cancel)
            pieces = await run_in_threadpool(answers.pieces, request, options)
            async for piece in from_threads(pieces):
                yield piece
        except GrymError as fault:
            yield Refusal.of(fault)
        finally:
            cancel.set()


@dataclass(frozen=True)
class OnReplicas:
    """A model whose answers come from replicas; a lost one is made up for by another."""

    name: str
    replicas: DeploymentHandle[Replica]
    opening: Opening

    def context_tokens(self) -> int | None:
        """Its window; nothing is loaded for that."""
        return self.opening(self.name).context_tokens()

    def pieces(self, request: ChatRequest, options: Options) -> Generator[Piece, None, None]:
        """The answer, piece by piece.

        As long as the client has been sent nothing, a request whose replica is lost is put to
        another: until the first piece of a stream, and until the end of an answer in one.
        """
        return self._answering(request, options)

    def _answering(self, request: ChatRequest, options: Options) -> Generator[Piece, None, None]:
        until = time.monotonic() + options.seconds
        for tried in range(1, TRIES + 1):
            begun = False
            try:
                with closing(self._asked(request, until - time.monotonic())) as pieces:
                    for piece in pieces if request.stream else list(pieces):
                        begun = True
                        yield piece
                return
            except (RayActorError, WorkerCrashedError) as fault:
                if begun or tried == TRIES or options.cancel.is_set():
                    raise ModelAway(
                        f"asking {self.name}", "the process that answered is gone", "Ask again"
                    ) from fault
                time.sleep(PAUSE_SECONDS * tried)

    def _asked(self, request: ChatRequest, seconds: float) -> Generator[Piece, None, None]:
        handle = self.replicas.options(stream=True, multiplexed_model_id=self.name)
        response = handle.pieces.remote(request.model_dump_json(by_alias=True), seconds)
        assert isinstance(response, DeploymentResponseGenerator)
        try:
            for piece in response:
                if isinstance(piece, Refusal):
                    raise piece.fault()
                yield piece
        finally:
            response.cancel()  # type: ignore[no-untyped-call]
