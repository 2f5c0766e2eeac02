"""A model that sees, for one step of a turn: its questions, its limits, and what it did not see."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from pydantic import BaseModel

from agents.witness import Witness
from grym_synth.errors import Cancelled, GrymError, MediaRejected, ModelFault
from memory.context import AgentName
from models.asking import Typed, ask_typed
from models.base import Answer, Ending
from models.schema import form_schema
from models.vision.base import VisionModel, shown
from models.vision.eyes import Eyes
from prompts.rendering import render

FormT = TypeVar("FormT", bound=BaseModel)

DESCRIPTION_TOKENS = 300
FORM_TOKENS = 2048
"""Forty marks take about 1,600."""
GLANCE_TOKENS = 400


@dataclass
class Onlooker(Witness):
    """A model that looks beside the instruments."""

    name: str
    """The string that opens the model."""
    model: VisionModel | None = None
    """None where it could not be opened."""

    agent: ClassVar[AgentName] = "qwen_vl"
    senses: ClassVar[str] = "looked at"

    def __post_init__(self) -> None:
        """Start the clock."""
        super().__post_init__()
        self._eyes: Eyes | None = None

    def role_of(self, name: str) -> str:
        """The role that a model of this name plays."""
        return "qwen_vl"

    def eyes(self) -> Eyes | None:
        """How the model sees; None where it can't be asked."""
        if self.model is None or not self.asks(self.name):
            return None
        try:
            self._eyes = self._eyes or self.model.eyes(
                self.limits(self.name, FORM_TOKENS, think=False)
            )
        except Cancelled:
            raise
        except GrymError as fault:
            self.lose(self.name, fault)
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
            limits = self.limits(self.name, DESCRIPTION_TOKENS, think=False)
            answer: Answer = self.model.look([picture], prompt, limits)
        except Cancelled:
            raise
        except (ModelFault, MediaRejected) as fault:
            self.lose(self.name, fault)
            return ""
        self.note(self.name, "describe", about, answer.text, answer.ending)
        return answer.text

    def read(
        self,
        picture: bytes,
        prompt: str,
        form: type[FormT],
        about: str,
        most_tokens: int = FORM_TOKENS,
        words: Mapping[str, str] | None = None,
    ) -> FormT | None:
        """What the model reads in a picture, in a form; None where it gives no such answer.

        Args:
            picture: a PNG, JPEG or WebP file.
            prompt: the name of the prompt.
            form: what it must answer.
            about: what the picture is, for the record.
            most_tokens: of each try.
            words: what else the prompt speaks of.

        Raises:
            Cancelled: the caller no longer wants the turn.
        """
        if self.model is None or self.eyes() is None:
            return None
        question = render(prompt, schema=json.dumps(form_schema(form)), **(words or {}))
        try:
            limits = self.limits(self.name, most_tokens, think=False)
            typed: Typed[FormT] = ask_typed(self.model, shown([picture], question), form, limits)
        except Cancelled:
            raise
        except (ModelFault, MediaRejected) as fault:
            self.lose(self.name, fault)
            return None
        said = typed.attempts[-1].text
        cost = (typed.tokens_in, typed.tokens_out, typed.seconds, typed.load_seconds)
        self.note(self.name, prompt, about, said, Ending("stop", *cost))
        return typed.value
