"""A chat model that is asked again when its server is away for a moment: busy, or being started."""

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TypeVar

from agents.turn.events import Tell
from grym_synth.errors import Cancelled, ModelAway
from memory.context import Event
from models.base import Answer, ChatModel, Facts, Message, Options, Piece
from models.before import BeforeChat

WAITS_SECONDS = (0.5, 1.0, 2.0)
"""Before each further try: long enough for a server to be started again, or to end what it does."""

_FACTS_SECONDS = 10.0
"""Longest wait for what a model can do, where the caller sets no limit."""

AnswerT = TypeVar("AnswerT")


class PatientModel(BeforeChat):
    """Another chat model, asked a few times within the time that its answer may take.

    What breaks off after its first word is not asked for again: that is for whoever reads it.
    """

    def __init__(self, model: ChatModel, node: str, tell: Tell) -> None:
        """Stand before a model.

        Args:
            model: who answers.
            node: the node that asks.
            tell: takes an event for each wait.
        """
        super().__init__(model)
        self._node, self._tell = node, tell

    def facts(self, options: Options | None = None) -> Facts:
        """What the model can do."""
        return self._tried(self._model.facts, options or Options(seconds=_FACTS_SECONDS))

    def stream(
        self, messages: Sequence[Message], options: Options | None = None
    ) -> Generator[Piece, None, None]:
        """Answer piece by piece; the last piece is the ending."""
        tries, begun = _Tries(options or Options(), self._announce), False
        while True:
            try:
                with closing(self._model.stream(messages, tries.options)) as pieces:
                    for piece in pieces:
                        begun = True
                        yield piece
                return
            except ModelAway as fault:
                if begun:
                    raise
                tries.wait(fault)

    def answer(self, messages: Sequence[Message], options: Options | None = None) -> Answer:
        """Answer in whole."""
        return self._tried(lambda left: self._model.answer(messages, left), options or Options())

    def _tried(self, ask: Callable[[Options], AnswerT], options: Options) -> AnswerT:
        tries = _Tries(options, self._announce)
        while True:
            try:
                return ask(tries.options)
            except ModelAway as fault:
                tries.wait(fault)

    def _announce(self, fault: ModelAway, seconds: float) -> None:
        text = f"{self.name}: {fault.happened}; it is asked again in {seconds:g} s"
        self._tell(Event(kind="waiting", node=self._node, text=text, model=self.name))


class _Tries:
    """How often, and for how long, one question has been asked."""

    def __init__(self, options: Options, announce: Callable[[ModelAway, float], None]) -> None:
        self._given, self._announce = options, announce
        self._began, self._waits = time.monotonic(), iter(WAITS_SECONDS)

    @property
    def options(self) -> Options:
        """The question's options with the time that is left of it."""
        past = time.monotonic() - self._began
        given = self._given
        return replace(
            given,
            seconds=max(0.0, given.seconds - past),
            first_seconds=max(0.0, given.first_seconds - past),
        )

    def wait(self, fault: ModelAway) -> None:
        """Let a moment pass before the next try.

        Raises:
            ModelAway: no try is left, or no time for it.
            Cancelled: the answer is not wanted any more.
        """
        seconds, left = next(self._waits, None), self.options
        if seconds is None or seconds >= min(left.seconds, left.first_seconds):
            raise fault
        self._announce(fault, seconds)
        if left.cancel.wait(seconds):
            raise Cancelled(fault.tried, "it was cancelled", "Ask again if you like") from fault
