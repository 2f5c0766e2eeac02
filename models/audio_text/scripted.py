"""A listening model that replays a script, for tests, evals and demos."""

from collections.abc import Generator
from pathlib import Path

from models.audio_base import AudioFacts
from models.audio_text.runtime import AudioRuntime
from models.audio_text.sounds import Channels
from models.base import ChatModel, Message, Options, Piece
from models.scripted import ScriptedChat
from models.watch import Watch

QUESTION_TOKENS = 1000


class ScriptedEar(AudioRuntime):
    """Answers with the lines of a script; what it hears changes nothing."""

    def __init__(self, chat: ChatModel, hears_seconds: float = 30.0) -> None:
        """Take who knows the lines.

        Args:
            chat: a scripted chat model, which is asked the bare question.
            hears_seconds: what it is said to hear at once.
        """
        super().__init__(chat.name)
        self._chat, self._hears = chat, hears_seconds

    @classmethod
    def read(cls, path: Path) -> "ScriptedEar":
        """Open a script's file."""
        return cls(ScriptedChat.read(path))

    def facts(self) -> AudioFacts:
        """What it is said to do."""
        return AudioFacts(self._hears, QUESTION_TOKENS)

    def _pieces(
        self, sound: Channels, rate_hz: int, question: str, options: Options, watch: Watch
    ) -> Generator[Piece, None, None]:
        yield from self._chat.stream([Message("user", question)], options)
