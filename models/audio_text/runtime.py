"""What all listening runtimes share: checks before asking, cutting, the whole answer."""

from abc import ABC, abstractmethod
from collections.abc import Generator
from contextlib import closing
from dataclasses import replace

from grym_synth.errors import BadAnswer, ContextOverflow, ModelUnable
from models.audio_base import AudioFacts, Heard, Samples
from models.audio_text.sounds import Channels, checked
from models.base import Options, Piece
from models.runtime import gathered
from models.tokens import EstimatedTokens
from models.watch import Watch

ANSWER_TOKENS = 200
"""Longest answer where the options name none."""

_ESTIMATE = EstimatedTokens()


class AudioRuntime(ABC):
    """A listening model of one runtime, which says only what it can do and how to ask it."""

    def __init__(self, name: str) -> None:
        self._name = name

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
            facts = self.facts()
            self._refuse_long(question, facts)
            sound = sound[:, : round(facts.hears_seconds * sample_rate_hz)]
            chosen = replace(chosen, max_tokens=chosen.max_tokens or ANSWER_TOKENS)
            with closing(self._pieces(sound, sample_rate_hz, question, chosen, watch)) as pieces:
                yield from pieces

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
        heard = min(seconds, self.facts().hears_seconds)
        return Heard(answer.text, answer.ending, heard, seconds - heard)

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
