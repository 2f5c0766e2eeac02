"""What stands between two steps of the coder: results that are kept, and a human who is asked."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from agents.coding.approval import Approval, Decision
from memory.context import Word

WordT = TypeVar("WordT", bound=Word)


class Gate(Protocol):
    """Makes each step happen once, however often the work is taken up again.

    Work stops where a human is asked, and begins anew when there is an answer: what was done
    before is then taken from here.
    """

    def once(self, name: str, kind: type[WordT], make: Callable[[], WordT]) -> WordT:
        """The result of a step, made now or taken from the time before.

        Args:
            name: the step; each name is used once in a task's work, in the same order each time.
            kind: what its result is.
            make: does it.
        """
        ...

    def decide(self, approval: Approval) -> tuple[Decision, ...]:
        """What a human says to each action."""
        ...


def _refuse(approval: Approval) -> Decision:
    return Decision(type="reject")


class OpenGate:
    """Keeps nothing and asks a function: for programs without checkpoints."""

    def __init__(self, says: Callable[[Approval], Decision] = _refuse) -> None:
        """Take who decides about all actions of a question; by default nothing is approved."""
        self._says = says

    def once(self, name: str, kind: type[WordT], make: Callable[[], WordT]) -> WordT:
        """Do the step."""
        return make()

    def decide(self, approval: Approval) -> tuple[Decision, ...]:
        """Ask the function."""
        return (self._says(approval),) * len(approval.action_requests)
