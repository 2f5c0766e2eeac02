"""A conversation that goes on from an earlier point: what its other turns said holds no longer.

Chat pages fork a thread when a message is edited, and Studio runs on from any checkpoint. Turns are
numbered on, so that no entry of one is taken for another's; what the left turns measured and made
stays, for it is as true as before. Whoever goes back to the other branch finds what was said there.
"""

from memory.context import ProjectContext
from memory.filing.records import now
from memory.repository import Repository


def leave_others(repository: Repository, context: ProjectContext, kept: int) -> None:
    """Take back what was said in the turns of a thread that are not behind the one that runs.

    Args:
        repository: the project memory.
        context: the turn that runs.
        kept: the last turn that the conversation still has.
    """
    last = repository.last_turn(context.project, context.thread)
    others = [turn for turn in range(last, kept, -1) if turn != context.turn]
    if others:
        why = "the conversation went on from an earlier turn"
        repository.leave(
            context.project, context.thread, others, now(context.thread, context.turn, why)
        )
