"""A turn's answer is told as soon as it stands, before what the team does after it."""

from collections.abc import Callable

from graph.state import State
from grym_synth.result import TurnResult
from grym_synth.turns import AFTER_ANSWER
from memory.context import Event


class Answer:
    """The result of a turn, read and told once."""

    def __init__(
        self,
        read: Callable[[State], TurnResult],
        standing: Callable[[], State],
        on_event: Callable[[Event], None],
        on_answer: Callable[[TurnResult], None],
    ) -> None:
        """Take what reads the result from a state and tells the state, and who is told."""
        self._read, self._standing = read, standing
        self._on_event, self._on_answer = on_event, on_answer
        self._result: TurnResult | None = None

    def watch(self, event: Event) -> None:
        """Take one event of the turn; a step after the answer means that it stands."""
        if (event.kind, event.node) == ("node_start", AFTER_ANSWER):
            self.result(self._standing())
        self._on_event(event)

    def result(self, state: State) -> TurnResult:
        """The result, told now unless it was.

        Args:
            state: the turn's state where it is answered.
        """
        if self._result is None:
            self._result = self._read(state)
            self._on_answer(self._result)
        return self._result


def both(first: TurnResult | None, result: TurnResult) -> TurnResult:
    """A turn's result, with what the one before it came to if that was cut off."""
    if first is None:
        return result
    told = f"Turn {first.turn} was cut off and was ended first:\n\n{first.answer}\n\n---\n\n"
    artifacts = first.artifacts + result.artifacts
    return result.model_copy(update={"answer": told + result.answer, "artifacts": artifacts})
