"""What every model that listens can do, whichever runtime is behind it."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from models.base import Ending, Options, Piece
from models.ctc import Word

Samples = NDArray[np.float32]
"""A sound: float32, (frames,) or (channels, frames), -1..1."""


@dataclass(frozen=True, slots=True)
class AudioFacts:
    """What a listening model can do, known before it is loaded."""

    hears_seconds: float
    """Longest sound that it hears at once; what is longer is cut off at its end."""
    question_tokens: int
    """Longest question, in tokens as ``count`` counts them."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a model said about a sound."""

    text: str
    ending: Ending
    """How the answer ended and what it cost."""
    heard_seconds: float
    """How much of the sound it got to hear, from the start."""
    cut_seconds: float
    """What was cut off at the end."""


class VoiceSpan(NamedTuple):
    """A stretch with a voice."""

    start: float
    """In seconds."""
    end: float
    """In seconds."""
    confidence: float
    """How sure it is, 0..1."""


class AudioModel(Protocol):
    """A model that answers a question about a sound.

    All calls block and may be made from several threads at once. A sound that can't be heard (too
    short, silent, not numbers, an impossible rate) is a ``SoundUnusable``; all else that fails is a
    ``ModelFault``: ``WeightsUnusable``, ``NotEnoughMemory``, ``ModelUnavailable``,
    ``ModelMissing``, ``ModelUnable``, ``ModelTimeout``, ``ContextOverflow``, ``BadAnswer`` or
    ``Cancelled``.
    """

    @property
    def name(self) -> str:
        """The string that opens it, such as ``gama:FOLDER``."""
        ...

    def facts(self) -> AudioFacts:
        """What the model can do; no weights are loaded for it."""
        ...

    def count(self, text: str) -> int:
        """Tokens of a text: by the model's own tokenizer where it is at hand, else high."""
        ...

    def stream(
        self,
        samples: Samples,
        sample_rate_hz: int,
        question: str,
        options: Options | None = None,
    ) -> Generator[Piece, None, None]:
        """Answer piece by piece; the last piece is the ending. Closing the generator cancels.

        Args:
            samples: float32, (frames,) or (channels, frames), -1..1.
            sample_rate_hz: of the samples.
            question: one or two short sentences; special tokens in it are plain text.
            options: limits, and how the answer is wanted; a schema can't be.
        """
        ...

    def listen(
        self,
        samples: Samples,
        sample_rate_hz: int,
        question: str,
        options: Options | None = None,
    ) -> Heard:
        """Answer in whole; an answer without text is a ``BadAnswer``."""
        ...


class Transcribes(Protocol):
    """A model that reads words from a voice."""

    @property
    def name(self) -> str:
        """The string that opens it."""
        ...

    def words(
        self,
        samples: Samples,
        sample_rate_hz: int,
        voices: Sequence[VoiceSpan] | None = None,
        options: Options | None = None,
    ) -> tuple[Word, ...]:
        """The words of a sound, in order."""
        ...
