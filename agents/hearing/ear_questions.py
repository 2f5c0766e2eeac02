"""What a model that listens is asked: short, since GAMA saw few words in training."""

import re
from dataclasses import dataclass

from grym_synth.plain_text import inert
from memory.context import Task
from models.audio_base import AudioModel
from prompts.rendering import render

_LONGEST_WISH = 120
"""Most characters of one guideline in a question."""
_MEASURING = re.compile(r"^\s*(?:measure|check|look for|find out)\b", re.IGNORECASE)
"""How the objective of a task begins that is for instruments."""
_BRIEF = "Describe this part."
"""What is asked where even the usual question is too long, as for a tokenizer of single letters."""
_LEAST_WORDS = 3
"""Fewer words of an objective are no question."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked about files."""

    question: str = ""
    """In the user's or the supervisor's words; empty to have it described."""
    wishes: tuple[str, ...] = ()
    """What the producer wants, the most important first."""


def asked_of(task: Task, operation: str, wishes: tuple[str, ...]) -> Request:
    """What a task asks of a model: its operation's question, or an objective in its own words.

    Args:
        task: the task.
        operation: the name of the operation that may hold a ``question``.
        wishes: what the producer wants.
    """
    told = [one.parameters.get("question") for one in task.operations if one.name == operation]
    question = next((one for one in told if isinstance(one, str)), "")
    objective = task.objective.strip()
    if not question and len(objective.split()) >= _LEAST_WORDS and not _MEASURING.match(objective):
        question = objective if objective[-1] in ".?!" else f"{objective}."
    return Request(question, wishes)


def question_for(model: AudioModel, request: Request) -> str:
    """The question with as many wishes as fit into what the model can take.

    Raises:
        ModelFault: the model can't be used.
    """
    wishes = [" ".join(inert(one).split())[:_LONGEST_WISH] for one in request.wishes]
    asked = " ".join(inert(request.question).split())
    most = model.facts().question_tokens
    for count in range(len(wishes), -1, -1):
        text = _rendered(asked, wishes[:count])
        if model.count(text) <= most:
            return text
    usual = _rendered("", [])
    return usual if model.count(usual) <= most else _rendered(_BRIEF, [])


def _rendered(question: str, wishes: list[str]) -> str:
    return render("listen", question=question, wishes=wishes).strip()
