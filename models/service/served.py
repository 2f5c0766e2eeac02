"""One model as the service offers it: what it takes, and how many it answers at once."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Protocol

from models.audio_base import AudioModel
from models.base import ChatModel, Options, Piece
from models.service.forms import ChatRequest
from models.service.reading import messages_of, sound_of


class Answers(Protocol):
    """What a kind of model makes of a request."""

    def pieces(self, request: ChatRequest, options: Options) -> Generator[Piece, None, None]:
        """The answer, piece by piece; a request that it can't take is a ``BadInput`` at once."""
        ...

    def context_tokens(self) -> int | None:
        """Its window, where it tells one; nothing is loaded for that."""
        ...


@dataclass(frozen=True)
class Talks:
    """A model of text, and of pictures where it sees."""

    model: ChatModel

    def pieces(self, request: ChatRequest, options: Options) -> Generator[Piece, None, None]:
        """Answer a conversation."""
        return self.model.stream(messages_of(request), options)

    def context_tokens(self) -> int | None:
        """Its window."""
        return self.model.facts().context_tokens


@dataclass(frozen=True)
class Listens:
    """A model of sounds."""

    model: AudioModel

    def pieces(self, request: ChatRequest, options: Options) -> Generator[Piece, None, None]:
        """Answer a question about a sound."""
        asked = sound_of(request)
        return self.model.stream(asked.samples, asked.rate_hz, asked.question, options)

    def context_tokens(self) -> int | None:
        """None: a sound has no number of tokens that a client could count."""
        return None


@dataclass(frozen=True)
class Served:
    """A model of the service."""

    name: str
    """What clients call it."""
    answers: Answers
    at_once: int = 1
    """How many requests it works on together; others wait."""
    most_waiting: int = 32
    """How many may wait; more are refused with 429."""
