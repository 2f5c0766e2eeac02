"""An OpenAI-compatible server whose models are scripted."""

import base64
import json
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass

from pydantic import JsonValue

from grym_synth.errors import ModelFault
from models.base import ChatModel, Message, Options, Piece, Role
from tests.model_servers.serving import CRASHED, Exchange, Json, ModelServer, tagged


@dataclass
class Offered:
    """One model that the server has."""

    brain: ChatModel
    """Who really answers."""
    max_model_len: int | None = 16_384
    """Its window, as vLLM tells it; None: the server tells none."""
    inline_thinking: bool = False
    """Thinking comes in the text, closed by a tag that was opened in the prompt."""
    root: str = ""
    """The checkpoint that it runs, as vLLM tells it."""


class OpenAITestServer(ModelServer):
    """Speaks the OpenAI chat protocol with the words of vLLM."""

    def __init__(self, key: str = "", **models: Offered) -> None:
        super().__init__()
        self.key, self.models = key, dict(models)

    def answer(self, exchange: Exchange, body: Json) -> None:
        if self.key and exchange.headers.get("Authorization") != f"Bearer {self.key}":
            exchange.send_json(self.error("invalid API key"), 401)
        elif exchange.path == "/v1/models":
            exchange.send_json(
                {"object": "list", "data": [self._entry(one) for one in self.models]}
            )
        elif exchange.path != "/v1/chat/completions":
            exchange.send_json({"detail": "Not Found"}, 404)
        elif (model := self.models.get(str(body.get("model")))) is None:
            exchange.send_json(self.error(f"The model `{body.get('model')}` does not exist."), 404)
        elif not self.fault_first(exchange):
            self._chat(exchange, body, model)

    def error(self, said: str) -> Json:
        return {"error": {"message": said, "type": "error", "code": None}}

    def _entry(self, name: str) -> Json:
        entry: Json = {"id": name, "object": "model", "owned_by": "vllm"}
        if self.models[name].max_model_len is not None:
            entry["max_model_len"] = self.models[name].max_model_len
        if self.models[name].root:
            entry["root"] = self.models[name].root
        return entry

    def _chat(self, exchange: Exchange, body: Json, model: Offered) -> None:
        frames = _events(body, model)
        try:
            first = next(frames)
        except ModelFault:
            exchange.send_json(self.error(CRASHED), 500)
            return
        error = _event(self.error("CUDA error: out of memory"))
        exchange.send_frames(_joined(first, frames), "text/event-stream", error)


def _events(body: Json, model: Offered) -> Generator[bytes, None, None]:
    told = _messages(body, model.brain.facts().images)
    with closing(model.brain.stream(told, _options(body))) as pieces:
        for piece in tagged(pieces, opening="") if model.inline_thinking else pieces:
            if piece.ending is not None:
                yield _event(_choice({}, piece.ending.finish))
                usage: Json = {
                    "prompt_tokens": piece.ending.tokens_in,
                    "completion_tokens": piece.ending.tokens_out,
                }
                yield _event({"object": "chat.completion.chunk", "choices": [], "usage": usage})
            else:
                yield _event(_choice(_delta(piece), None))
    yield b"data: [DONE]\n\n"


def _delta(piece: Piece) -> Json:
    return {"reasoning_content": piece.thinking} if piece.thinking else {"content": piece.text}


def _choice(delta: Json, finish: str | None) -> Json:
    choice: JsonValue = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"object": "chat.completion.chunk", "choices": [choice]}


def _event(body: Json) -> bytes:
    return f"data: {json.dumps(body)}\n\n".encode()


def _joined(first: bytes, rest: Generator[bytes, None, None]) -> Iterator[bytes]:
    with closing(rest):
        yield first
        yield from rest


def _messages(body: Json, sees: bool) -> list[Message]:
    given = body["messages"]
    assert isinstance(given, list)
    messages: list[Message] = []
    for one in given:
        assert isinstance(one, dict)
        roles: dict[str, Role] = {"system": "system", "assistant": "assistant"}
        role, content = roles.get(str(one["role"]), "user"), one["content"]
        messages.append(Message(role, _text(content), _pictures(content) if sees else ()))
    return messages


def _text(content: JsonValue) -> str:
    """A message's text, without its pictures and sounds."""
    if not isinstance(content, list):
        return str(content)
    return "".join(str(one.get("text", "")) for one in content if isinstance(one, dict))


def _pictures(content: JsonValue) -> tuple[bytes, ...]:
    """The pictures of a message, which come as data within it."""
    urls: list[str] = []
    for part in content if isinstance(content, list) else []:
        if isinstance(part, dict) and isinstance(part.get("image_url"), dict):
            held = part["image_url"]
            assert isinstance(held, dict)
            urls.append(str(held["url"]))
    return tuple(base64.b64decode(url.partition(";base64,")[2]) for url in urls)


def _options(body: Json) -> Options:
    asked = body.get("response_format")
    form = asked.get("json_schema") if isinstance(asked, dict) else None
    schema = form.get("schema") if isinstance(form, dict) else None
    kwargs = body.get("chat_template_kwargs")
    think = kwargs.get("enable_thinking") if isinstance(kwargs, dict) else None
    most = body.get("max_tokens")
    return Options(
        schema=schema if isinstance(schema, dict) else None,
        think=think if isinstance(think, bool) else None,
        max_tokens=most if isinstance(most, int) else None,
        seconds=600.0,
        first_seconds=600.0,
    )
