"""A turn that waits for a human's yes: the question is told, and the answer is carried on."""

import re
from collections.abc import Callable, Iterator, Mapping

from langgraph.types import Command

from agents.coding.approval import RUN_CODE, ActionRequest, Approval, Decision
from agents.roles.models import INSTRUMENTS
from agents.toolchain.installing import INSTALL
from grym_synth.errors import BadInput
from grym_synth.result import TurnResult
from memory.context import Ask

Decide = Callable[[Approval], Decision | None]
"""Says what a human decides; None leaves the question open."""

_YES = re.compile(
    r"\W*(?:(?:yes|yep|yeah|ok|okay|sure|approved?|allow(?:ed)?|ja|jo|s[ií]|oui|claro)\b\W*)?"
    r"(?:(?:please|run it|do it|go ahead|go on|do that|bitte|mach es|hazlo|vas-y)\b\W*)*",
    re.I,
)
_NO = re.compile(
    r"\W*(?:no|nope|nein|non|never|reject(?:ed)?|refused?|deny|denied|don't(?: run it)?|"
    r"do not(?: run it)?|stop|cancel)\b\W*(?:thanks|thank you|please|danke|gracias|merci)?\W*",
    re.I,
)


def check_author(open_: Mapping[str, Approval], used: str, thread: str) -> None:
    """Refuse to go on with code that waits where no model could mend it.

    Args:
        open_: what waits for approval.
        used: the coder's model now.
        thread: where the code waits.

    Raises:
        BadInput: the coder has only its instruments.
    """
    written = (
        one.name != INSTALL and bool(one.args["author"])
        for each in open_.values()
        for one in each.action_requests
    )
    if used == INSTRUMENTS and any(written):
        raise BadInput(
            f"going on with the code that waits in thread {thread}",
            "a model wrote it, and the coder has none now",
            "Name that model again (--model coder=MODEL), or ask for something else",
        )


def leave_open(approval: Approval) -> Decision | None:
    """Decide nothing."""
    return None


def decision_in(request: str) -> Decision | None:
    """The decision that a message is, and nothing else; None where it says something else."""
    if not any(one.isalnum() for one in request):
        return None
    if _YES.fullmatch(request):
        return Decision(type="approve")
    return Decision(type="reject") if _NO.fullmatch(request) else None


def replying(reply: Decision | None, open_: Mapping[str, Approval], decide: Decide) -> Decide:
    """Have a message decide what was open when it was written, and nothing that came after.

    Args:
        reply: what the message decides; where it is about something else, it refuses.
        open_: the questions that it answers.
        decide: who is asked about everything else.
    """
    digests = {approval.digest for approval in open_.values()}

    def says(approval: Approval) -> Decision | None:
        if approval.digest in digests:
            return reply or Decision(type="reject")
        return decide(approval)

    return says


def answered(open_: Mapping[str, Approval], decide: Decide) -> Command[str] | None:
    """What carries a turn on: the decisions about its open questions; None where there is none.

    Args:
        open_: the questions by the id of their interrupt.
        decide: who is asked.
    """
    said = {id_: decide(approval) for id_, approval in open_.items()}
    given = {
        id_: {"decisions": [one.model_dump(mode="json") for one in _each(decision, open_[id_])]}
        for id_, decision in said.items()
        if decision is not None
    }
    return Command(resume=given) if given else None


def _each(decision: Decision, approval: Approval) -> Iterator[Decision]:
    """One decision about everything, for each action: who changed the code approves the rest."""
    for action in approval.action_requests:
        fits = decision.type != "edit" or action.name == RUN_CODE
        yield decision if fits else Decision(type="approve")


def told_open(result: TurnResult, open_: Mapping[str, Approval]) -> TurnResult:
    """The result of a turn that waits for approval: what would run, and how to go on.

    Args:
        result: the turn as far as it is.
        open_: its open questions.
    """
    actions = [one for approval in open_.values() for one in approval.action_requests]
    runs = any(one.name == RUN_CODE for one in actions)
    how = (
        f"Nothing of it {'has run' if runs else 'is done yet'}. To approve, `grym ask --resume "
        f"--yes --project {result.project} --thread {result.thread}`, or answer yes; to refuse, "
        "`--no` in place of `--yes`."
    )
    asks = tuple(
        Ask(
            question=_question(one),
            missing="approval",
        )
        for one in actions
    )
    tasks = tuple(
        task.model_copy(update={"status": "waiting"}) if task.status == "planned" else task
        for task in result.tasks
    )
    answer = "\n\n".join([*(one.description for one in actions), how])
    return result.model_copy(update={"answer": answer, "asks": asks, "tasks": tasks})


def _question(action: ActionRequest) -> str:
    args = action.args
    author = f", written by {args['author']}," if args["author"] else ""
    whose = f"{args['program']} (SHA-256 {args['sha256']}){author}"
    if action.name == RUN_CODE:
        return f"May {whose} run in the sandbox?"
    if action.name == INSTALL:
        return f"May {args['file']} (SHA-256 {args['sha256']}) be installed into {args['path']}?"
    what = f"{args['file'] or 'the result'} of {whose}"
    return f"May {what} be written to {args['path']} ({action.name})?"
