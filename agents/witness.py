"""Models that bear witness beside the instruments: their time in one step, their words, their loss.

A witness never raises for what a model can do wrong: ``degraded`` says what it did not tell and
why. After a failure that another question would meet too, the model is not asked again.
"""

import threading
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar

from agents.noting import noted
from agents.turn.events import Tell
from grym_synth.errors import BadAnswer, ContextOverflow, GrymError, MediaRejected, ModelTimeout
from memory.context import AgentName, Degraded, Event, Thought
from models.base import Ending, Options

_PASSING = (BadAnswer, ContextOverflow, MediaRejected)
"""Failures of one question, which another one need not meet."""
_LEAST_SECONDS = 1.0
_LONGEST_SAID = 4000
"""Characters of an answer that are kept for the record."""


@dataclass(kw_only=True)
class Witness(ABC):
    """What a model that listens and one that looks have in common, for one step of a turn."""

    seconds: float = 600.0
    """Limit of all questions together, loading included."""
    tell: Tell = field(default=lambda event: None)
    """Takes the events."""
    cancel: threading.Event = field(default_factory=threading.Event)
    """Once set, a question ends with ``Cancelled``."""

    agent: ClassVar[AgentName]
    """Whose witness it is."""
    senses: ClassVar[str]
    """What it did, in an event: ``heard``, ``looked at``."""

    def __post_init__(self) -> None:
        """Start the clock."""
        self._until = time.monotonic() + self.seconds
        self.thoughts: list[Thought] = []
        """What was asked and said, in order."""
        self._lost: dict[str, dict[str, None]] = {}
        self._silent: set[str] = set()

    @property
    def degraded(self) -> tuple[Degraded, ...]:
        """What models did not do, and why; empty when nothing."""
        return tuple(
            Degraded(
                role=self.role_of(name),
                wanted=name,
                used="instruments" if name in self._silent else "instruments for a part",
                why="; ".join(why),
            )
            for name, why in self._lost.items()
        )

    @property
    def tokens_out(self) -> int:
        """What the models wrote, in tokens."""
        return sum(one.tokens_out for one in self.thoughts)

    @abstractmethod
    def role_of(self, name: str) -> str:
        """The role that a model of this name plays."""

    def asks(self, name: str) -> bool:
        """Whether a model may still be asked."""
        return name not in self._silent

    def lose(self, name: str, fault: GrymError) -> None:
        """Take note of a model's failure; most of them another question would meet too."""
        if not isinstance(fault, _PASSING):
            self._silent.add(name)
        noted(Thought(duty=self.senses, model=name, fault=fault.happened))
        self.miss(name, f"{fault.tried}: {fault.happened}")

    def miss(self, name: str, why: str) -> None:
        """Take note of something that a model did not tell."""
        self._lost.setdefault(name, {})[why] = None

    def limits(self, name: str, most_tokens: int, think: bool | None = None) -> Options:
        """What one more question may take.

        Raises:
            ModelTimeout: nothing is left.
        """
        left = self._until - time.monotonic()
        if left < _LEAST_SECONDS:
            do = "Give it more time, or a smaller model"
            raise ModelTimeout(f"asking {name}", "its time in this step was used up", do)
        return Options(
            think=think,
            max_tokens=most_tokens,
            seconds=left,
            first_seconds=left,
            cancel=self.cancel,
        )

    def note(self, name: str, duty: str, about: str, said: str, ending: Ending) -> None:
        """Keep what a model said of something, and tell that it did."""
        thought = Thought(
            duty=duty,
            model=name,
            said=f"{about}: {said}"[:_LONGEST_SAID],
            tokens_in=ending.tokens_in,
            tokens_out=ending.tokens_out,
            seconds=round(ending.seconds, 3),
            load_seconds=round(ending.load_seconds, 3),
        )
        self.thoughts.append(noted(thought))
        cost = f"{ending.tokens_out} tokens in {ending.seconds:.1f} s"
        text = f"{name} {self.senses} {about}: {cost}"
        if ending.lessened:
            self.miss(name, f"{about}: {ending.lessened}")
        event = Event(kind="said", node=self.agent, text=text, model=name, seconds=ending.seconds)
        self.tell(event)
