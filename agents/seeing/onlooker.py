"""A model that sees, for one step of a turn: its questions, its limits, and what it did not see."""

import json
import threading
import time
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel

from agents.turn.events import Tell
from grym_synth.errors import (
    BadAnswer,
    Cancelled,
    ContextOverflow,
    GrymError,
    MediaRejected,
    ModelFault,
    ModelTimeout,
)
from memory.context import Degraded, Event, Thought
from models.asking import Typed, ask_typed
from models.base import Answer, Options
from models.schema import form_schema
from models.vision.base import VisionModel, shown
from models.vision.eyes import Eyes
from prompts.rendering import render

FormT = TypeVar("FormT", bound=BaseModel)

DESCRIPTION_TOKENS = 300
FORM_TOKENS = 2048
"""Forty marks take about 1,600."""
GLANCE_TOKENS = 400

_LEAST_SECONDS = 1.0
_LONGEST_SAID = 4000


@dataclass
class Onlooker:
    """A model that looks beside the instruments.

    It never raises for what a model can do wrong: ``degraded`` says what was not seen and why.
    After a failure that another question would meet too, nothing is asked.
    """

    name: str
    """The string that opens the model."""
    seconds: float = 600.0
    """Limit of all questions together, loading included."""
    tell: Tell = field(default=lambda event: None)
    """Takes the events."""
    cancel: threading.Event = field(default_factory=threading.Event)
    """Once set, looking ends with ``Cancelled``."""
    model: VisionModel | None = None
    """None where it could not be opened."""

    def __post_init__(self) -> None:
        self._until = time.monotonic() + self.seconds
        self.thoughts: list[Thought] = []
        """What was asked and said, in order."""
        self._lost: dict[str, None] = {}
        self._silent = False
        self._eyes: Eyes | None = None

    @property
    def degraded(self) -> tuple[Degraded, ...]:
        """What the model did not do, and why; empty when nothing."""
        if not self._lost:
            return ()
        used = "instruments" if self._silent else "instruments for a part"
        return (Degraded(role="qwen_vl", wanted=self.name, used=used, why="; ".join(self._lost)),)

    @property
    def tokens_out(self) -> int:
        """What the model wrote, in tokens."""
        return sum(one.tokens_out for one in self.thoughts)

    def lose(self, fault: GrymError) -> None:
        """Take note of a failure; most of them another question would meet too."""
        if not isinstance(fault, BadAnswer | ContextOverflow | MediaRejected):
            self._silent = True
        self._lost[f"{fault.tried}: {fault.happened}"] = None

    def eyes(self) -> Eyes | None:
        """How the model sees; None where it can't be asked."""
        if self.model is None or self._silent:
            return None
        try:
            self._eyes = self._eyes or self.model.eyes(self._limits(FORM_TOKENS))
        except Cancelled:
            raise
        except GrymError as fault:
            self.lose(fault)
            return None
        return self._eyes

    def describe(self, picture: bytes, question: str, known: str, about: str) -> str:
        """What the model says of a picture in its own words; empty where it says nothing.

        Args:
            picture: a PNG, JPEG or WebP file.
            question: what the user asks; empty to have it described.
            known: what the project knows, as data.
            about: what the picture is, for the record.

        Raises:
            Cancelled: the caller no longer wants the turn.
        """
        if self.model is None or self.eyes() is None:
            return ""
        prompt = render("look", question=question, known=known).strip()
        try:
            limits = self._limits(DESCRIPTION_TOKENS)
            answer: Answer = self.model.look([picture], prompt, limits)
        except Cancelled:
            raise
        except (ModelFault, MediaRejected) as fault:
            self.lose(fault)
            return ""
        end = answer.ending
        self._note("describe", about, answer.text, end.tokens_in, end.tokens_out, end.seconds)
        return answer.text

    def read(
        self,
        picture: bytes,
        prompt: str,
        form: type[FormT],
        about: str,
        most_tokens: int = FORM_TOKENS,
    ) -> FormT | None:
        """What the model reads in a picture, in a form; None where it gives no such answer.

        Args:
            picture: a PNG, JPEG or WebP file.
            prompt: the name of the prompt.
            form: what it must answer.
            about: what the picture is, for the record.
            most_tokens: of each try.

        Raises:
            Cancelled: the caller no longer wants the turn.
        """
        if self.model is None or self.eyes() is None:
            return None
        question = render(prompt, schema=json.dumps(form_schema(form)))
        try:
            limits = self._limits(most_tokens)
            typed: Typed[FormT] = ask_typed(self.model, shown([picture], question), form, limits)
        except Cancelled:
            raise
        except (ModelFault, MediaRejected) as fault:
            self.lose(fault)
            return None
        said = typed.attempts[-1].text
        self._note(prompt, about, said, typed.tokens_in, typed.tokens_out, typed.seconds)
        return typed.value

    def _limits(self, tokens: int) -> Options:
        """What one more question may take.

        Raises:
            ModelTimeout: nothing is left.
        """
        left = self._until - time.monotonic()
        if left < _LEAST_SECONDS:
            do = "Give it more time, or a smaller model"
            raise ModelTimeout(f"asking {self.name}", "its time in this step was used up", do)
        return Options(
            think=False, max_tokens=tokens, seconds=left, first_seconds=left, cancel=self.cancel
        )

    def _note(
        self, duty: str, about: str, said: str, tokens_in: int, tokens_out: int, seconds: float
    ) -> None:
        self.thoughts.append(
            Thought(
                duty=duty,
                model=self.name,
                said=f"{about}: {said}"[:_LONGEST_SAID],
                tokens_in=tokens_in,
                tokens_out=tokens_out,
                seconds=round(seconds, 3),
            )
        )
        text = f"{self.name} looked at {about}: {tokens_out} tokens in {seconds:.1f} s"
        self.tell(Event(kind="said", node="qwen_vl", text=text, model=self.name, seconds=seconds))
