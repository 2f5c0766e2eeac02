"""A chat model that tells when it is loaded, when it thinks, and when it has answered."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Literal

from agents.turn.events import Tell
from grym_synth.errors import Cancelled, ModelFault
from memory.context import Event
from models.base import Answer, ChatModel, Ending, Message, Options, Piece
from models.before import BeforeChat


class AnnouncedModel(BeforeChat):
    """Another chat model, with an event for each thing that one waits for.

    It tells that the model thinks, never what.
    """

    def __init__(
        self, model: ChatModel, node: str, tell: Tell, is_loaded: Callable[[str], bool]
    ) -> None:
        """Stand before a model.

        Args:
            model: who answers.
            node: the node that asks.
            tell: takes the events.
            is_loaded: whether the model of a name can answer without being loaded first.
        """
        super().__init__(model)
        self._node, self._tell, self._is_loaded = node, tell, is_loaded

    def stream(
        self, messages: Sequence[Message], options: Options | None = None
    ) -> Generator[Piece, None, None]:
        """Answer piece by piece; the last piece is the ending."""
        self._begin()
        thinks = False
        with self._faults(), closing(self._model.stream(messages, options)) as pieces:
            for piece in pieces:
                if piece.thinking and not thinks:
                    thinks = True
                    self._announce("thinking", f"{self.name} is thinking")
                if piece.ending is not None:
                    self._end(piece.ending)
                yield piece

    def answer(self, messages: Sequence[Message], options: Options | None = None) -> Answer:
        """Answer in whole."""
        self._begin()
        with self._faults():
            answer = self._model.answer(messages, options)
        self._end(answer.ending)
        return answer

    def _begin(self) -> None:
        if not self._is_loaded(self.name):
            self._announce("loading", f"waiting for {self.name} to load")

    @contextmanager
    def _faults(self) -> Iterator[None]:
        """Tell why no answer comes, where that is news to the caller."""
        try:
            yield
        except Cancelled:
            raise
        except ModelFault as fault:
            self._announce("said", f"no answer of {self.name}: {fault.happened}")
            raise

    def _end(self, ending: Ending) -> None:
        loaded = f", {ending.load_seconds:.1f} s of it loading" if ending.load_seconds >= 1 else ""
        text = f"{self.name}: {ending.tokens_out} tokens in {ending.seconds:.1f} s{loaded}"
        self._announce("said", text, ending.seconds)

    def _announce(
        self, kind: Literal["loading", "thinking", "said"], text: str, seconds: float | None = None
    ) -> None:
        self._tell(Event(kind=kind, node=self._node, text=text, model=self.name, seconds=seconds))
