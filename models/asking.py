"""An answer of a wanted form from a model that may think, ramble or miss it: a bounded ladder."""

import json
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from grym_synth.errors import (
    Attempt,
    BadAnswer,
    ContextOverflow,
    MemoryUsedUp,
    ModelAway,
    ModelTimeout,
    ModelUnable,
)
from grym_synth.plain_text import inert
from models.base import ChatModel, Ending, Finish, Message, Options, Piece
from models.json_text import json_objects
from models.schema import form_schema

M = TypeVar("M", bound=BaseModel)

MOST_THINKING = 4096
"""Tokens after which thinking is stopped, unless the options say otherwise."""

_MOST_TEXT = 4096
"""Tokens after which an answer that does not end is stopped."""

_FREE_SHARE = 2 / 3
"""Of the time, what the free answer may take: the rest is for the constrained ones."""

_SHOWN = 2000
"""Characters of what it thought or said that it is shown again: the end, where conclusions are."""

_ONLY_JSON = "Give your answer now: the JSON object alone, no other words, no code fence."
_CORRECTED = "That is not the wanted form: {fault}. Give the corrected JSON object alone."

_UNFINISHED: dict[Finish, str] = {
    "length": "it ran out of tokens before its end",
    "thinking": "it thought too long and was stopped",
}


@dataclass(frozen=True, slots=True)
class Typed(Generic[M]):
    """A valid answer and the way to it."""

    value: M
    attempts: tuple[Attempt, ...]
    """All tries in their order; the last one gave the value."""
    tokens_in: int
    tokens_out: int
    seconds: float
    load_seconds: float

    @property
    def thinking(self) -> str:
        """All that it thought, for inspection only."""
        return "\n\n".join(one.thinking for one in self.attempts if one.thinking)


def ask_typed(
    model: ChatModel,
    messages: Sequence[Message],
    form: type[M],
    options: Options | None = None,
    on_piece: Callable[[Piece], None] | None = None,
) -> Typed[M]:
    """Ask for an answer of a form: freely with thinking, then constrained, then corrected once.

    Args:
        model: who is asked.
        messages: what it is told; they must describe the form.
        form: the pydantic model of the answer.
        options: limits of all tries together; ``schema`` is set here.
        on_piece: is handed every piece as it comes, such as for progress.

    Raises:
        BadAnswer: no try gave the form; ``attempts`` holds them all.
        ModelFault: the model can't be asked at all.
    """
    return _Ladder(model, form, options or Options(), on_piece).climb(list(messages))


class _Ladder(Generic[M]):
    def __init__(
        self,
        model: ChatModel,
        form: type[M],
        options: Options,
        on_piece: Callable[[Piece], None] | None,
    ) -> None:
        self._model, self._form, self._on_piece = model, form, on_piece
        thinking = MOST_THINKING if options.max_thinking is None else options.max_thinking
        self._options = replace(options, max_thinking=thinking)
        self._began = time.monotonic()
        facts = model.facts(options)
        self._thinks = facts.thinks
        self._schema = form_schema(form) if facts.schema else None
        self._attempts: list[Attempt] = []
        self._endings: list[Ending] = []

    def climb(self, messages: list[Message]) -> Typed[M]:
        value = self._try("free", messages, self._free())
        if value is None:
            follow = self._follow(messages, _ONLY_JSON)
            value = self._try("constrained", follow, self._constrained())
        if value is None:
            demand = _CORRECTED.format(fault=self._attempts[-1].fault)
            follow = self._follow(messages, demand)
            value = self._try("corrected", follow, self._constrained())
        if value is None:
            raise BadAnswer(
                f"asking {self._model.name} for a {self._form.__name__}",
                f"none of {len(self._attempts)} answers has the form: {self._attempts[-1].fault}",
                "Ask again, or choose a model that follows a schema",
                tuple(self._attempts),
            )
        return Typed(
            value,
            tuple(self._attempts),
            sum(one.tokens_in for one in self._endings),
            sum(one.tokens_out for one in self._endings),
            time.monotonic() - self._began,
            sum(one.load_seconds for one in self._endings),
        )

    def _free(self) -> Options:
        think = self._options.think
        return replace(
            self._options,
            schema=None,
            think=(True if self._thinks else None) if think is None else think,
            seconds=self._options.seconds * _FREE_SHARE,
        )

    def _constrained(self) -> Options:
        left = self._options.seconds - (time.monotonic() - self._began)
        return replace(
            self._options,
            schema=self._schema,
            think=False if self._thinks else None,
            temperature=0.0,
            seconds=max(left, 0.0),
        )

    def _try(self, step: str, messages: Sequence[Message], options: Options) -> M | None:
        said = _Said()
        fault = self._listen(said, messages, options)
        value: M | None = None
        if not fault:
            value, fault = self._read(said.text)
        self._attempts.append(Attempt(step, said.text, said.thinking, fault))
        return value

    def _listen(self, said: "_Said", messages: Sequence[Message], options: Options) -> str:
        """Take in one answer; the reason when it is no whole one."""
        try:
            with closing(self._model.stream(messages, options)) as pieces:
                for piece in pieces:
                    if self._on_piece is not None:
                        self._on_piece(piece)
                    said.take(piece)
                    if said.parts > _MOST_TEXT:
                        return "it came to no end"
        except BadAnswer as fault:
            return fault.happened
        except (ModelAway, ModelTimeout, ContextOverflow, ModelUnable, MemoryUsedUp) as fault:
            if not self._attempts and not said.thinking + said.text:
                raise
            if isinstance(fault, ModelUnable):
                self._schema = None
            return fault.happened
        if said.ending is None:
            return "it came to no end"
        self._endings.append(said.ending)
        return _UNFINISHED.get(said.ending.finish, "")

    def _read(self, text: str) -> tuple[M | None, str]:
        """The last object of the form in a text; else what is wrong with the last object."""
        faults: list[str] = []
        for value in reversed(json_objects(text)):
            try:
                return self._form.model_validate_json(json.dumps(value)), ""
            except ValidationError as invalid:
                faults.append(_told(invalid))
        missing = "there is no complete JSON object in it" if text.strip() else "it is empty"
        return None, (faults or [missing])[0]

    def _follow(self, messages: Sequence[Message], demand: str) -> list[Message]:
        """The messages with what it concluded and what is wanted now; roles go on in turn."""
        conclusions = (one.text.strip() or one.thinking.strip() for one in reversed(self._attempts))
        said = next(filter(None, conclusions), "")[-_SHOWN:]
        if said:
            return [*messages, Message("assistant", inert(said)), Message("user", demand)]
        *before, final = messages
        return [*before, replace(final, text=f"{final.text}\n\n{demand}")]


class _Said:
    """What came of one answer so far."""

    def __init__(self) -> None:
        self.text, self.thinking, self.parts = "", "", 0
        self.ending: Ending | None = None

    def take(self, piece: Piece) -> None:
        if piece.retracts:
            self.text, self.thinking, self.parts = "", self.thinking + self.text, 0
        self.text += piece.text
        self.thinking += piece.thinking
        self.parts += bool(piece.text)
        self.ending = piece.ending


def _told(invalid: ValidationError) -> str:
    """What is wrong with an answer, field by field, without repeating what it said."""
    errors = [
        f"{'.'.join(map(str, one['loc'])) or 'all'}: {one['msg']}" for one in invalid.errors()
    ]
    return "; ".join(error[:200] for error in errors[:10])
