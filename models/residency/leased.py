"""Models that are loaded for as long as they answer, and give way to others in between."""

from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager

from models.audio_base import AudioFacts, AudioModel, Heard, Samples, Transcribes, VoiceSpan
from models.base import Answer, ChatModel, Facts, Message, Options, Piece
from models.before import BeforeChat
from models.ctc import Word
from models.residency.manager import Loadable, Residency
from models.vision.base import VisionModel
from models.vision.eyes import Eyes


class _Lease:
    """A model's place in memory."""

    def __init__(self, weights: Loadable, residency: Residency) -> None:
        self._weights, self._residency = weights, residency

    def held(self, options: Options | None) -> AbstractContextManager[float]:
        """Have the place, waited for no longer than the model's answer may take."""
        chosen = options or Options()
        return self._residency.lease(self._weights, seconds=chosen.seconds, cancel=chosen.cancel)


class LeasedChat(BeforeChat):
    """A chat model of this machine."""

    def __init__(self, model: ChatModel, weights: Loadable, residency: Residency) -> None:
        """Stand before a model."""
        super().__init__(model)
        self._lease = _Lease(weights, residency)

    def stream(
        self, messages: Sequence[Message], options: Options | None = None
    ) -> Generator[Piece, None, None]:
        """Answer piece by piece; the last piece is the ending."""
        with self._lease.held(options):
            yield from self._model.stream(messages, options)

    def answer(self, messages: Sequence[Message], options: Options | None = None) -> Answer:
        """Answer in whole."""
        with self._lease.held(options):
            return self._model.answer(messages, options)


class LeasedFile(LeasedChat):
    """A chat model in a file, which tells what it can do once it is loaded."""

    def __init__(self, model: ChatModel, weights: Loadable, residency: Residency) -> None:
        """Stand before a model."""
        super().__init__(model, weights, residency)
        self._facts: Facts | None = None

    def facts(self, options: Options | None = None) -> Facts:
        """What the model can do; it is loaded for that, the first time."""
        if self._facts is None:
            with self._lease.held(options):
                self._facts = self._model.facts(options)
        return self._facts


class LeasedEyes(LeasedChat):
    """A model that sees, of this machine."""

    def __init__(self, model: VisionModel, weights: Loadable, residency: Residency) -> None:
        """Stand before a model."""
        super().__init__(model, weights, residency)
        self._seeing = model

    def eyes(self, options: Options | None = None) -> Eyes:
        """How it sees pictures; it is not loaded for that."""
        return self._seeing.eyes(options)

    def look(
        self, pictures: Sequence[bytes], question: str, options: Options | None = None
    ) -> Answer:
        """Answer a question about pictures."""
        with self._lease.held(options):
            return self._seeing.look(pictures, question, options)

    def look_each(
        self, asked: Sequence[Sequence[Message]], options: Options | None = None
    ) -> list[Answer]:
        """Answer several conversations, together where the runtime can."""
        with self._lease.held(options):
            return self._seeing.look_each(asked, options)


class LeasedEar:
    """A model that listens, of this machine."""

    def __init__(self, model: AudioModel, weights: Loadable, residency: Residency) -> None:
        """Stand before a model."""
        self._model, self._lease = model, _Lease(weights, residency)

    @property
    def name(self) -> str:
        """The string that opens the model."""
        return self._model.name

    def facts(self) -> AudioFacts:
        """What the model can do; it is not loaded for that."""
        return self._model.facts()

    def count(self, text: str) -> int:
        """Tokens of a text."""
        return self._model.count(text)

    def stream(
        self,
        samples: Samples,
        sample_rate_hz: int,
        question: str,
        options: Options | None = None,
    ) -> Generator[Piece, None, None]:
        """Answer piece by piece; the last piece is the ending."""
        with self._lease.held(options):
            yield from self._model.stream(samples, sample_rate_hz, question, options)

    def listen(
        self,
        samples: Samples,
        sample_rate_hz: int,
        question: str,
        options: Options | None = None,
    ) -> Heard:
        """Answer in whole."""
        with self._lease.held(options):
            return self._model.listen(samples, sample_rate_hz, question, options)


class LeasedTranscriber:
    """A model that reads words from voices, of this machine."""

    def __init__(self, model: Transcribes, weights: Loadable, residency: Residency) -> None:
        """Stand before a model."""
        self._model, self._lease = model, _Lease(weights, residency)

    @property
    def name(self) -> str:
        """The string that opens the model."""
        return self._model.name

    def words(
        self,
        samples: Samples,
        sample_rate_hz: int,
        voices: Sequence[VoiceSpan] | None = None,
        options: Options | None = None,
    ) -> tuple[Word, ...]:
        """The words of a sound, in order."""
        with self._lease.held(options):
            return self._model.words(samples, sample_rate_hz, voices, options)
