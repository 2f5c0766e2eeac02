"""What all listening runtimes share: checks before asking, cutting, the whole answer."""

import math
from abc import ABC, abstractmethod
from collections.abc import Generator
from dataclasses import replace

from grym_synth.errors import BadAnswer, ContextOverflow, ModelUnable
from models.audio_base import AudioFacts, Heard, Samples
from models.audio_text.sounds import Channels, checked
from models.base import Options, Piece
from models.lessening import asked_twice
from models.runtime import gathered
from models.tokens import EstimatedTokens
from models.watch import Watch

ANSWER_TOKENS = 200
"""Longest answer where the options name none."""

_LEAST_SECONDS = 1.0
"""Less is not worth asking about."""

_ESTIMATE = EstimatedTokens()


class AudioRuntime(ABC):
    """A listening model of one runtime, which says only what it can do and how to ask it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._most_seconds = math.inf
        """Longer sounds are cut, since memory ran out under one."""

    @property
    def name(self) -> str:
        """The string that opens it."""
        return self._name

    @abstractmethod
    def facts(self) -> AudioFacts:
        """What the model can do."""

    def count(self, text: str) -> int:
        """Tokens of a text, on the high side."""
        return _ESTIMATE.count(text)

    def stream(
        self,
        samples: Samples,
        sample_rate_hz: int,
        question: str,
        options: Options | None = None,
    ) -> Generator[Piece, None, None]:
        """Answer piece by piece; the last piece is the ending."""
        chosen = options or Options()
        with Watch(self.name, chosen) as watch:
            watch.check()
            self._refuse_unable(chosen)
            sound = checked(samples, sample_rate_hz)
            self._refuse_long(question, self.facts())
            chosen = replace(chosen, max_tokens=chosen.max_tokens or ANSWER_TOKENS)

            def ask() -> Generator[Piece, None, None]:
                part = sound[:, : round(self._given_seconds() * sample_rate_hz)]
                return self._pieces(part, sample_rate_hz, question, chosen, watch)

            seconds = min(sound.shape[1] / sample_rate_hz, self._given_seconds())
            yield from asked_twice(ask, lambda: self._lessen(seconds))

    def listen(
        self,
        samples: Samples,
        sample_rate_hz: int,
        question: str,
        options: Options | None = None,
    ) -> Heard:
        """Answer in whole.

        Raises:
            BadAnswer: it said nothing.
        """
        answer = gathered(self.stream(samples, sample_rate_hz, question, options))
        if not answer.text:
            raise BadAnswer(
                f"asking {self.name}",
                f"it gave no answer ({answer.ending.finish})",
                "Give it more tokens, or another excerpt",
            )
        seconds = samples.shape[-1] / sample_rate_hz
        heard = min(seconds, self._given_seconds())
        return Heard(answer.text, answer.ending, heard, seconds - heard)

    def _given_seconds(self) -> float:
        """Longest sound that it is given, in seconds."""
        return min(self.facts().hears_seconds, self._most_seconds)

    def _lessen(self, seconds: float) -> str:
        """Have the next answer take less memory; how it is given then, or nothing if it can't.

        Args:
            seconds: how long a sound was too much.
        """
        half = seconds / 2
        if half < _LEAST_SECONDS:
            return ""
        self._most_seconds = half
        return f"about the first {half:.1f} s"

    @abstractmethod
    def _pieces(
        self, sound: Channels, rate_hz: int, question: str, options: Options, watch: Watch
    ) -> Generator[Piece, None, None]:
        """Ask about a sound that was checked and cut; ``options.max_tokens`` is a number."""

    def _refuse_unable(self, options: Options) -> None:
        if options.schema is not None or options.think:
            raise ModelUnable(
                f"asking {self.name}",
                "a model that listens can't be held to a schema or made to think",
                "Ask in words",
            )

    def _refuse_long(self, question: str, facts: AudioFacts) -> None:
        tokens = self.count(question)
        if not question.strip() or tokens > facts.question_tokens:
            raise ContextOverflow(
                f"asking {self.name}",
                f"the question has {tokens} tokens; 1 to {facts.question_tokens} can be",
                "Ask one short question",
            )
