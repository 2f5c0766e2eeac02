"""Listening models behind an OpenAI-compatible server: vLLM, llama-server, a service of our own."""

import base64
from collections.abc import Generator, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from models.audio_base import AudioFacts
from models.audio_text.runtime import AudioRuntime
from models.audio_text.sounds import Channels, at_rate, mixed, wav_bytes
from models.base import Message, Options, Piece
from models.openai import OpenAIChat
from models.watch import Watch

RATE_HZ = 16_000
"""What these models hear at; sent so, a sound is small."""
HEARS_SECONDS = 30.0
"""No server tells it; Qwen2-Audio drops what is beyond without a word."""
QUESTION_TOKENS = 1000
_TOKENS_PER_SECOND = 25
"""Places that a second of sound takes in Qwen2-Audio, Audio Flamingo and Gemma 4."""


@dataclass(frozen=True, slots=True)
class _SoundMessage(Message):
    """A message with a sound before its text."""

    wav: bytes = b""
    seconds: float = 0.0


class OpenAIEar(AudioRuntime):
    """A model that a server offers, asked with ``input_audio`` parts."""

    def __init__(self, name: str, url: str, model: str, key: str, context_tokens: int) -> None:
        """Name a model; nothing is asked yet. The arguments are those of ``OpenAIChat``."""
        super().__init__(name)
        self._chat = _SoundChat(name, url, model, key, context_tokens)

    def facts(self) -> AudioFacts:
        """What it can be counted on to do."""
        return AudioFacts(HEARS_SECONDS, QUESTION_TOKENS)

    def _pieces(
        self, sound: Channels, rate_hz: int, question: str, options: Options, watch: Watch
    ) -> Generator[Piece, None, None]:
        mono = at_rate(mixed(sound), rate_hz, RATE_HZ)
        seconds = len(mono) / RATE_HZ
        message = _SoundMessage("user", question, (), wav_bytes(mono, RATE_HZ), seconds)
        yield from self._chat.stream([message], options)


class _SoundChat(OpenAIChat):
    """The chat runtime, whose messages may hold sounds."""

    def _conversation(self, messages: Sequence[Message], watch: Watch) -> int:
        heard = sum(one.seconds for one in messages if isinstance(one, _SoundMessage))
        texts = sum(self.count(one.text) for one in messages)
        return texts + round(heard * _TOKENS_PER_SECOND)

    def _body(
        self, messages: Sequence[Message], options: Options, thinks: bool
    ) -> dict[str, JsonValue]:
        body = super()._body(messages, options, thinks)
        body["messages"] = [_with_sound(one) for one in messages]
        return body


def _with_sound(one: Message) -> JsonValue:
    assert isinstance(one, _SoundMessage)
    sound: JsonValue = {"data": base64.b64encode(one.wav).decode(), "format": "wav"}
    content: list[JsonValue] = [
        {"type": "input_audio", "input_audio": sound},
        {"type": "text", "text": one.text},
    ]
    return {"role": one.role, "content": content}
