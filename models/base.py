"""What every chat model can do, whichever runtime is behind it."""

import threading
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from pydantic import JsonValue

Role = Literal["system", "user", "assistant"]
Finish = Literal["stop", "length", "thinking"]
"""Why a model ended: it was done, it ran out of tokens, or its thinking was stopped."""

JsonSchema = dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation."""

    role: Role
    text: str
    pictures: tuple[bytes, ...] = ()
    """PNG or JPEG files; only for a model whose facts say that it sees."""


@dataclass(frozen=True, slots=True)
class Options:
    """How one answer is wanted, and how long it may take."""

    schema: JsonSchema | None = None
    """JSON schema that the answer must follow; the runtime constrains the model to it."""
    think: bool | None = None
    """Think first or not; None leaves it to the model."""
    max_tokens: int | None = None
    """Most tokens of thinking and answer together; None: all that the window leaves."""
    max_thinking: int | None = None
    """Most tokens of thinking; then it is stopped and the answer ends with ``thinking``."""
    temperature: float = 0.0
    seed: int | None = 0
    seconds: float = 300.0
    """Longest time for the whole answer."""
    first_seconds: float = 120.0
    """Longest wait for the first token; loading the model is part of it."""
    cancel: threading.Event = field(default_factory=threading.Event)
    """Once set, the answer ends with ``Cancelled`` within one token."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a model can do, as its server or file says."""

    context_tokens: int
    """Window for messages, thinking and answer together, in tokens."""
    thinks: bool = False
    """Its thinking can be asked for, or turned off."""
    schema: bool = True
    """It can be constrained to a JSON schema."""
    images: bool = False
    """It takes pictures."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How an answer ended and what it cost."""

    finish: Finish
    tokens_in: int
    """Tokens of the messages, as the model counts them."""
    tokens_out: int
    """Tokens of thinking and answer together."""
    seconds: float
    """From the call to the last token."""
    load_seconds: float = 0.0
    """Of these, how long the model was being loaded."""
    lessened: str = ""
    """What was given up so that the memory sufficed, as in "answered …"; empty for nothing."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a streamed answer: thinking, or text of the answer, or at last the ending."""

    thinking: str = ""
    text: str = ""
    retracts: bool = False
    """All text so far was thinking after all: its closing tag had no opening one."""
    ending: Ending | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, with its thinking apart."""

    text: str
    thinking: str
    ending: Ending


class ChatModel(Protocol):
    """A model that answers messages.

    All calls block, may be made from several threads at once, and raise a ``ModelFault``:
    ``ModelUnavailable``, ``ModelMissing``, ``ModelUnable``, ``ModelTimeout``, ``ContextOverflow``,
    ``BadAnswer`` or ``Cancelled``.
    """

    @property
    def name(self) -> str:
        """The string that opens it, such as ``ollama:deepseek-r1:14b``."""
        ...

    def facts(self, options: Options | None = None) -> Facts:
        """What the model can do; asked once of its server or file, within the options' limits."""
        ...

    def count(self, text: str) -> int:
        """Tokens of a text: by the model's own tokenizer, else a high estimate."""
        ...

    def stream(
        self, messages: Sequence[Message], options: Options | None = None
    ) -> Generator[Piece, None, None]:
        """Answer piece by piece; the last piece is the ending. Closing the generator cancels."""
        ...

    def answer(self, messages: Sequence[Message], options: Options | None = None) -> Answer:
        """Answer in whole; an answer without text is a ``BadAnswer``."""
        ...
