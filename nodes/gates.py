"""The coder's gate on LangGraph: steps are checkpointed tasks, a question is an interrupt.

The question is a step too, so that an answer outlives the process that took it.
"""

from collections.abc import Callable
from typing import TypeVar

from langgraph.func import task
from langgraph.runtime import Runtime
from langgraph.types import interrupt
from pydantic import ValidationError

from agents.coding.approval import Approval, Decision, Decisions
from graph.state import Context
from grym_synth.errors import BadInput, Cancelled
from memory.context import Word
from nodes.stopping import Stopped

WordT = TypeVar("WordT", bound=Word)


class CheckpointedGate:
    """Steps survive an interrupt, a crash and a restart; they are kept as JSON."""

    def __init__(self, can_wait: bool) -> None:
        """Make a gate for one task's work.

        Args:
            can_wait: whether the run has checkpoints, so that it can stop and go on.
        """
        self._can_wait = can_wait

    def once(self, name: str, kind: type[WordT], make: Callable[[], WordT]) -> WordT:
        """The result of a step, made now or read from the checkpoint."""

        def step() -> str:
            try:
                return make().model_dump_json()
            except Cancelled as stopped:
                raise Stopped from stopped

        step.__name__ = name  # by which the checkpoint knows it
        return kind.model_validate_json(task(step)().result())

    def decide(self, approval: Approval) -> tuple[Decision, ...]:
        """Stop the turn here until a human has answered; a malformed answer is asked for again.

        Raises:
            BadInput: nobody can answer.
        """
        if not self._can_wait:
            raise BadInput(
                "asking for a yes",
                "this graph keeps no checkpoints, so that it can't wait for the answer",
                "Use open_studio, or set GRYM_NEEDS_APPROVAL='[]'",
            )

        def ask() -> str:
            open_ = approval
            while True:
                said = interrupt(open_.model_dump(mode="json"))
                try:
                    return Decisions.model_validate(said).model_dump_json()
                except ValidationError as fault:
                    open_ = approval.after(fault)

        ask.__name__ = f"ask-{approval.digest[:12]}"
        return Decisions.model_validate_json(task(ask)().result()).about(approval)


def gate_of(runtime: Runtime[Context]) -> CheckpointedGate:
    """The gate of one task's work."""
    info = runtime.execution_info
    return CheckpointedGate(can_wait=info is not None and bool(info.thread_id))
