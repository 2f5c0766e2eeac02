"""The coding model of one task: asked for whole programs, within a time limit, on record."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from agents.coding.forms import CodeForm
from agents.noting import noted
from grym_synth.errors import BadAnswer, Cancelled, ContextOverflow, ModelFault
from memory.context import Thought
from models.asking import ask_typed
from models.base import ChatModel, Message, Options

_LEAST_SECONDS = 1.0
_DUTY = "write code"


class Written(NamedTuple):
    """What a model handed over."""

    form: CodeForm | None
    thought: Thought | None
    fault: str = ""
    """Why what it said can't be used; it may be asked again."""
    lost: str = ""
    """Why it can't be asked any more."""


@dataclass
class Author:
    """A chat model that writes code.

    It never raises for what a model can do wrong.
    """

    model: ChatModel
    seconds: float = 600.0
    """Limit of all questions together; a large model has to be loaded first."""
    cancel: threading.Event = field(default_factory=threading.Event)
    """Once set, writing ends with ``Cancelled``."""

    def __post_init__(self) -> None:
        self._until = time.monotonic() + self.seconds

    @property
    def name(self) -> str:
        """The string that opens the model."""
        return self.model.name

    def write(self, messages: Sequence[Message]) -> Written:
        """Ask for a program; an answer of another form is sent back with its fault, twice.

        Raises:
            Cancelled: the caller no longer wants the turn.
        """
        written = self._write(messages)
        if written.thought is not None:
            noted(written.thought, "\n\n".join(one.text for one in messages))
        return written

    def _write(self, messages: Sequence[Message]) -> Written:
        left, began = self._until - time.monotonic(), time.monotonic()
        if left < _LEAST_SECONDS:
            return Written(None, None, lost=f"the time of {self.name} in this step was used up")
        options = Options(seconds=left, first_seconds=left, cancel=self.cancel)
        try:
            typed = ask_typed(self.model, messages, CodeForm, options)
        except Cancelled:
            raise
        except BadAnswer as fault:
            tokens = sum(self.model.count(one.text + one.thinking) for one in fault.attempts)
            last = fault.attempts[-1].fault if fault.attempts else fault.happened
            seconds = time.monotonic() - began
            return Written(None, self._thought(last, tokens, seconds), fault=last)
        except ModelFault as fault:
            why = f"{fault.tried}: {fault.happened}"
            thought = self._thought(fault.happened, 0, time.monotonic() - began)
            if isinstance(fault, ContextOverflow):
                why += "; ask for less at once, or raise GRYM_CONTEXT_TOKENS"
            return Written(None, thought, lost=why)
        thought = Thought(
            duty=_DUTY,
            model=self.name,
            thinking=typed.thinking,
            said=typed.value.why,
            tokens_in=typed.tokens_in,
            tokens_out=typed.tokens_out,
            seconds=round(typed.seconds, 3),
            load_seconds=round(typed.load_seconds, 3),
        )
        return Written(typed.value, thought)

    def _thought(self, fault: str, tokens: int, seconds: float) -> Thought:
        return Thought(
            duty=_DUTY, model=self.name, fault=fault, tokens_out=tokens, seconds=round(seconds, 3)
        )
