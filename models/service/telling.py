"""Answers and faults in the words of OpenAI's protocol."""

import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

from grym_synth.errors import (
    BadInput,
    Cancelled,
    ContextOverflow,
    GrymError,
    ModelMissing,
    ModelTimeout,
    ModelUnable,
    ModelUnavailable,
    NotEnoughMemory,
)
from models.base import Ending, Piece

Json = dict[str, JsonValue]

_STATUSES: Mapping[type[GrymError], int] = {
    ContextOverflow: 400,
    BadInput: 400,
    ModelUnable: 400,
    ModelMissing: 404,
    ModelTimeout: 504,
    NotEnoughMemory: 503,
    ModelUnavailable: 503,
    Cancelled: 499,
}
_CODES: Mapping[type[GrymError], str] = {ContextOverflow: "context_length_exceeded"}

_FINISH = {"stop": "stop", "length": "length", "thinking": "length"}


def status_of(fault: GrymError) -> int:
    """The HTTP status of a fault; 500 for what nobody outside can put right."""
    return next((code for kind, code in _STATUSES.items() if isinstance(fault, kind)), 500)


def error(message: str, status: int, code: str | None = None) -> Json:
    """A fault as OpenAI's clients read it."""
    kind = "invalid_request_error" if status < 500 else "server_error"
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def fault_of(fault: GrymError) -> Json:
    """A fault of ours as OpenAI's clients read it."""
    code = next((code for kind, code in _CODES.items() if isinstance(fault, kind)), None)
    return error(str(fault), status_of(fault), code)


def event(body: Json | str) -> bytes:
    """One event of a stream."""
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    return f"data: {text}\n\n".encode()


@dataclass
class Telling:
    """One answer as it is told."""

    model: str
    with_usage: bool
    id: str = field(default_factory=lambda: f"chatcmpl-{uuid.uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))
    _text: str = ""
    _thinking: str = ""
    _ending: Ending | None = None

    def chunk(self, piece: Piece) -> list[Json]:
        """The events of one piece."""
        self.take(piece)
        if piece.ending is not None:
            last = self._choice({}, _FINISH[piece.ending.finish])
            usage = self._base("chat.completion.chunk", []) | self._usage()
            return [last, usage] if self.with_usage else [last]
        delta: Json = {}
        if piece.thinking:
            delta["reasoning_content"] = piece.thinking
        if piece.text:
            delta["content"] = piece.text
        return [self._choice(delta, None)] if delta else []

    def first(self) -> Json:
        """The event before the first piece."""
        return self._choice({"role": "assistant", "content": ""}, None)

    def whole(self) -> Json:
        """The answer in one."""
        message: Json = {"role": "assistant", "content": self._text}
        if self._thinking:
            message["reasoning_content"] = self._thinking
        reason = _FINISH[self._ending.finish] if self._ending is not None else "stop"
        choice: Json = {"index": 0, "message": message, "finish_reason": reason}
        return self._base("chat.completion", [choice]) | self._usage()

    @property
    def ending(self) -> Ending | None:
        """How it ended, and what it cost."""
        return self._ending

    def take(self, piece: Piece) -> None:
        """Add a piece to the whole answer."""
        if piece.retracts:
            self._thinking, self._text = self._text + self._thinking, ""
        self._thinking += piece.thinking
        self._text += piece.text
        self._ending = piece.ending or self._ending

    def _choice(self, delta: Json, reason: str | None) -> Json:
        choice: Json = {"index": 0, "delta": delta, "finish_reason": reason}
        return self._base("chat.completion.chunk", [choice])

    def _base(self, kind: str, choices: list[JsonValue]) -> Json:
        return {
            "id": self.id,
            "object": kind,
            "created": self.created,
            "model": self.model,
            "choices": choices,
        }

    def _usage(self) -> Json:
        read = self._ending.tokens_in if self._ending is not None else 0
        wrote = self._ending.tokens_out if self._ending is not None else 0
        return {
            "usage": {
                "prompt_tokens": read,
                "completion_tokens": wrote,
                "total_tokens": read + wrote,
            }
        }
