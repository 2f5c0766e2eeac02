"""Asks the human at the terminal whether code that a model wrote may run."""

import sys
from typing import TextIO

from agents.coding.approval import RUN_CODE, Approval, Decision
from grym_synth.approving import Decide, decision_in, leave_open
from grym_synth.progress import Progress

_MAY_RUN = "May it run? [y/N, or what is wrong with it] "
_MAY_BE = "May it be done? [y/N] "


def consent(progress: Progress, answer: bool | None = None) -> Decide:
    """Who decides for a command.

    Args:
        progress: is held while the human reads.
        answer: what the command line says; None asks at the terminal, where there is one, and
            otherwise leaves the question open.
    """
    if answer is not None:
        return lambda approval: Decision(type="approve" if answer else "reject")
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return leave_open

    def ask(approval: Approval) -> Decision | None:
        with progress.paused():
            return read_decision(approval, sys.stdin, sys.stderr)

    return ask


def read_decision(approval: Approval, answers: TextIO, screen: TextIO) -> Decision | None:
    """Show what would run and read the answer; the end of input leaves the question open.

    What is neither yes nor no goes to the author as the reason of a refusal.

    Args:
        approval: the question.
        answers: where the human types.
        screen: where it is shown.
    """
    for action in approval.action_requests:
        print(f"\n{action.description}\n", file=screen)
    runs = any(one.name == RUN_CODE for one in approval.action_requests)
    print(_MAY_RUN if runs else _MAY_BE, end="", file=screen, flush=True)
    line = answers.readline()
    if not line:
        return None
    said = line.strip()
    if said.casefold() == "y":
        return Decision(type="approve")
    if not said or said.casefold() == "n":
        return Decision(type="reject")
    return decision_in(said) or Decision(type="reject", message=said)
