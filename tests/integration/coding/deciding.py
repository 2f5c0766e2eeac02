"""A turn in which the same is said to everything that needs a yes."""

from pathlib import Path

from agents.coding.approval import Approval, Decision
from grym_synth.result import TurnResult
from grym_synth.studio import Studio

YES, NO = Decision(type="approve"), Decision(type="reject")


def ask_about(
    studio: Studio, clip: Path, request: str, says: Decision = YES
) -> tuple[TurnResult, list[str]]:
    """The turn, and which actions needed a yes."""
    asked: list[str] = []

    def decide(approval: Approval) -> Decision:
        asked.extend(one.name for one in approval.action_requests)
        return says

    return studio.ask(request, studio.attach([(clip, "audio")]), decide=decide), asked
