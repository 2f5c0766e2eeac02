"""The boss of one step: asks its model for typed decisions, within a time limit, on record."""

import threading
import time
from collections.abc import Iterable, Sequence
from typing import TypeVar

from agents.boss.forms import Form
from agents.noting import noted
from grym_synth.errors import Attempt, BadAnswer, Cancelled, ContextOverflow, ModelFault
from memory.context import Degraded, Interaction, Thought
from models.asking import Typed, ask_typed
from models.base import ChatModel, Message, Options
from prompts.outline import outline
from prompts.rendering import render

FormT = TypeVar("FormT", bound=Form)

_LEAST_SECONDS = 1.0
_FACTS_SECONDS = 10.0
"""Longest wait for what a model says that it can do."""
_ROLE = "supervisor"
_INSTEAD = "instruments"
_IN_PART = "instruments for a part"


class Boss:
    """A chat model in the supervisor's chair, for one step of a turn.

    It never raises for what a model can do wrong: a question without a usable answer has None, and
    ``degraded`` says why. After a failure that another question would meet too, nothing is asked:
    who gave no answer of a form in three tries, one of them held to it, gives none of the next. A
    question that was too long for its window, or an answer that was refused for what it says,
    speaks against no other.
    """

    def __init__(
        self,
        model: ChatModel,
        seconds: float = 600.0,
        cancel: threading.Event | None = None,
        hears: bool = False,
    ) -> None:
        """Take the chair.

        Args:
            model: who is asked.
            seconds: limit of all questions together; a large model has to be loaded first.
            cancel: once set, every question ends with ``Cancelled``.
            hears: whether a model listens beside gama's instruments.
        """
        self.model, self.hears, self._until = model, hears, time.monotonic() + seconds
        self._cancel = cancel or threading.Event()
        self.thoughts: list[Thought] = []
        """What was asked and said, in order."""
        self.saw: tuple[str, ...] = ()
        """Ids of the entries that it read, opened ones included."""
        self._why: list[str] = []
        self._silent = False

    @property
    def degraded(self) -> tuple[Degraded, ...]:
        """What instruments had to do in its place, and why; empty when nothing."""
        why = "; ".join(dict.fromkeys(self._why))
        if not why:
            return ()
        used = _INSTEAD if self._silent else _IN_PART
        return (Degraded(role=_ROLE, wanted=self.model.name, used=used, why=why),)

    def ask(
        self,
        duty: str,
        form: type[FormT],
        messages: Sequence[Message],
        *,
        think: bool | None = None,
    ) -> FormT | None:
        """Ask for a decision of a form; None when there is none that can be used.

        Args:
            duty: what it is asked for, for the record.
            form: the form of the answer.
            messages: what it is told.
            think: whether it thinks first; None leaves it to what the model can do.

        Raises:
            Cancelled: the caller no longer wants the turn.
        """
        if self._silent:
            return None
        left = self._until - time.monotonic()
        if left < _LEAST_SECONDS:
            self.fail(f"the {duty} was not asked for: its time was used up")
            return None
        began = time.monotonic()
        try:
            options = Options(think=think, seconds=left, first_seconds=left, cancel=self._cancel)
            typed = ask_typed(self.model, messages, form, options)
        except Cancelled:
            raise
        except ModelFault as fault:
            self._silent = not isinstance(fault, ContextOverflow)
            asked = duty if isinstance(fault, BadAnswer | ContextOverflow) else fault.tried
            self.fail(f"{asked}: {fault.happened}")
            self._note_fault(duty, fault, time.monotonic() - began, messages)
            return None
        self._note(duty, typed, messages)
        return typed.value

    def fail(self, why: str) -> None:
        """Say why instruments did what was its part."""
        self._why.append(why)

    def refuse(self, why: str) -> None:
        """Say why what it said last was not used."""
        self.thoughts[-1] = self.thoughts[-1].model_copy(update={"fault": why})

    def room(self, share: float) -> int:
        """A share of the model's window, in tokens; 0 when it can't be asked for it.

        Raises:
            Cancelled: the caller no longer wants the turn.
        """
        try:
            limits = Options(seconds=_FACTS_SECONDS, cancel=self._cancel)
            return int(share * self.model.facts(limits).context_tokens)
        except Cancelled:
            raise
        except ModelFault as fault:
            self._silent = True
            self.fail(f"{fault.tried}: {fault.happened}")
            return 0

    def sign(self, step: Interaction, more: str = "") -> Interaction:
        """The step as done by the model, with its thoughts and cost; as it is without any.

        Args:
            step: what was done.
            more: what the model changed, in words.
        """
        if not self.thoughts:
            return step
        version = step.who.rpartition("@")[2]
        return step.model_copy(
            update={
                "what": "; ".join(filter(None, (step.what, more))),
                "who": f"{step.who.partition('/')[0]}/{self.model.name}@{version}",
                "thoughts": tuple(self.thoughts),
                "saw": self.saw or step.saw,
                "tokens_in": sum(one.tokens_in for one in self.thoughts),
                "tokens_out": sum(one.tokens_out for one in self.thoughts),
            }
        )

    def _note(self, duty: str, typed: Typed[FormT], asked: Sequence[Message]) -> None:
        thought = Thought(
            duty=duty,
            model=self.model.name,
            thinking=typed.thinking,
            said=_said(typed.attempts),
            tokens_in=typed.tokens_in,
            tokens_out=typed.tokens_out,
            seconds=round(typed.seconds, 3),
            load_seconds=round(typed.load_seconds, 3),
        )
        self.thoughts.append(noted(thought, _text(asked)))

    def _note_fault(
        self, duty: str, fault: ModelFault, seconds: float, asked: Sequence[Message]
    ) -> None:
        attempts = fault.attempts if isinstance(fault, BadAnswer) else ()
        thinking = "\n\n".join(one.thinking for one in attempts if one.thinking)
        thought = Thought(
            duty=duty,
            model=self.model.name,
            thinking=thinking,
            said=_said(attempts),
            fault=fault.happened,
            tokens_out=sum(self.model.count(one.text + one.thinking) for one in attempts),
            seconds=round(seconds, 3),
        )
        self.thoughts.append(noted(thought, _text(asked)))


def is_lost(degraded: Iterable[Degraded]) -> bool:
    """Whether the supervisor's model failed in this turn in a way that asking again won't mend."""
    return any(one.role == _ROLE and one.used == _INSTEAD for one in degraded)


def joined(degraded: Iterable[Degraded]) -> tuple[Degraded, ...]:
    """What a turn runs on less, each part that one model was to do told once, with every why."""
    told: dict[tuple[str, str, str], Degraded] = {}
    for one in degraded:
        key = (one.role, one.wanted, one.used)
        held = told.setdefault(key, one)
        if one.why not in held.why:
            told[key] = held.model_copy(update={"why": f"{held.why}; {one.why}"})
    return tuple(told.values())


def signed(step: Interaction, boss: Boss | None, changes: str = "") -> Interaction:
    """A step of the history, by the model if one took part in it."""
    return step if boss is None else boss.sign(step, changes)


def told(prompt: str, form: type[Form], **values: object) -> list[Message]:
    """The messages of a prompt: its rules with the answer's form, and what it is about."""
    rules = render(f"{prompt}_rules", form=outline(form), **values)
    return [Message("system", rules), Message("user", render(prompt, **values))]


def _text(messages: Sequence[Message]) -> str:
    return "\n\n".join(one.text for one in messages)


def _said(attempts: Sequence[Attempt]) -> str:
    return attempts[-1].text.strip() if attempts else ""
