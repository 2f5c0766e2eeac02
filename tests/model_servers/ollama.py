"""A faithful Ollama server whose models are scripted, or a real small one."""

import base64
import hashlib
import json
import math
import re
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pydantic import JsonValue

from grym_synth.errors import ModelFault
from models.base import ChatModel, Message, Options, Piece, Role
from models.tokens import conversation_tokens
from tests.model_servers.serving import CRASHED, Exchange, Json, ModelServer, tagged

_DEFAULT_CONTEXT = 4096
_DEFAULT_KEEP = 300.0
_CUDA = "an error was encountered while running the model: CUDA error: out of memory"
_RAM = "model requires more system memory (7.1 GiB) than is available (3.2 GiB)"
_DIGEST = "c333b7232bdb521236694ffbb5f5a6b11cc45d98e9142c73123b670fca400b09"
_DURATION = re.compile(r"([0-9.]+)(ns|us|ms|s|m|h)")
_UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass
class Served:
    """One model that the server has."""

    brain: ChatModel
    """Who really answers."""
    capabilities: tuple[str, ...] = ("completion", "thinking")
    context_tokens: int = 131_072
    """What it was made for."""
    fits_context: int = 1_000_000
    """The memory suffices for windows up to this one."""
    load_seconds: float = 0.0
    schema: bool = True
    """Whether ``format`` has an effect."""
    size: int = 8_988_124_069
    architecture: str = "qwen2"
    """Such as ``qwen25vl``, of which a server tells how it reads pictures."""
    patch_pixels: int = 14
    remote_host: str = ""
    """Where it really runs, as models of Ollama's cloud say."""
    loaded: "_Loaded | None" = None
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True)
class _Loaded:
    context: int
    until: float
    """Monotonic time."""


class OllamaTestServer(ModelServer):
    """Speaks Ollama's HTTP protocol."""

    def __init__(self, **models: Served) -> None:
        super().__init__()
        self.models: dict[str, Served] = dict(models)
        self.registry: dict[str, Served] = {}
        """What can be pulled."""

    def answer(self, exchange: Exchange, body: Json) -> None:
        match exchange.path:
            case "/":
                exchange.send_bytes(b"Ollama is running", "text/plain; charset=utf-8")
            case "/api/version":
                exchange.send_json({"version": "0.33.0"})
            case "/api/tags":
                exchange.send_json({"models": [self._tag(name) for name in self.models]})
            case "/api/ps":
                exchange.send_json({"models": self._running()})
            case "/api/pull":
                self._pull(exchange, body)
            case "/api/show" | "/api/chat" | "/api/embed":
                self._with_model(exchange, body)
            case _:
                exchange.send_bytes(b"404 page not found", "text/plain", 404)

    def error(self, said: str) -> Json:
        return {"error": said}

    def _with_model(self, exchange: Exchange, body: Json) -> None:
        name = str(body.get("model", ""))
        model = self.models.get(name) or self.models.get(name.removesuffix(":latest"))
        if not name:
            exchange.send_json(self.error("model is required"), 400)
        elif model is None:
            exchange.send_json(self.error(f"model '{name}' not found"), 404)
        elif exchange.path == "/api/show":
            exchange.send_json(_show(model))
        elif self.fault_first(exchange):
            return
        elif exchange.path == "/api/embed":
            exchange.send_json(_embedded(body, name, model))
        else:
            self._chat(exchange, body, name, model)

    def _chat(self, exchange: Exchange, body: Json, name: str, model: Served) -> None:
        refused = _refused(body, name, model)
        if refused is not None:
            exchange.send_json(self.error(refused), 400)
            return
        options = body.get("options") or {}
        assert isinstance(options, dict)
        if _number(options, "num_ctx", _DEFAULT_CONTEXT) > model.fits_context:
            exchange.send_json(self.error(_RAM), 500)
            return
        frames = _Chat(body, name, model).frames()
        try:
            first = next(frames)
        except ModelFault:
            exchange.send_json(self.error(CRASHED), 500)
            return
        if body.get("stream", True):
            error = _line(self.error(_CUDA))
            exchange.send_frames(_joined(first, frames), "application/x-ndjson", error)
        else:
            exchange.send_json(_whole([first, *frames]))

    def _pull(self, exchange: Exchange, body: Json) -> None:
        """Bring a model that a registry has; nothing comes from the network."""
        name = str(body.get("model", ""))
        if name not in self.registry:
            exchange.send_json(self.error("pull model manifest: file does not exist"), 500)
            return
        model = self.registry[name]
        steps: list[Json] = [{"status": "pulling manifest"}]
        for completed in (0, model.size // 2, model.size):
            step: Json = {"status": f"pulling {_DIGEST[:12]}", "digest": _DIGEST}
            steps.append(step | {"total": model.size, "completed": completed})
        steps += [{"status": "verifying sha256 digest"}, {"status": "success"}]
        self.models[name] = model
        exchange.send_frames(map(_line, steps), "application/x-ndjson", b"")

    def _tag(self, name: str) -> Json:
        model = self.models[name]
        return {
            "name": name,
            "model": name,
            "modified_at": "2026-08-21T10:00:00Z",
            "size": model.size,
            "digest": _DIGEST,
            "details": _details(),
            "capabilities": list(model.capabilities),
        }

    def _running(self) -> list[JsonValue]:
        now = time.monotonic()
        told: list[JsonValue] = []
        for name, model in self.models.items():
            if model.loaded is not None and model.loaded.until > now:
                left = min(model.loaded.until - now, 1e9)
                until = datetime.now(UTC) + timedelta(seconds=left)
                told.append(
                    self._tag(name)
                    | {
                        "expires_at": until.isoformat(),
                        "size_vram": 0,
                        "context_length": model.loaded.context,
                    }
                )
        return told


class _Chat:
    """One call of ``/api/chat``."""

    def __init__(self, body: Json, name: str, model: Served) -> None:
        self._name, self._model, self._began = name, model, time.monotonic()
        options = body.get("options") or {}
        assert isinstance(options, dict)
        self._options = options
        self._context = min(
            int(_number(options, "num_ctx", _DEFAULT_CONTEXT)), model.context_tokens
        )
        self._keep = keep_alive_seconds(body.get("keep_alive"))
        self._messages = _messages(body, model.brain.facts().images)
        think = body.get("think")
        can_think = "thinking" in model.capabilities
        self._think = (bool(think) if think is not None else True) if can_think else None
        form = body.get("format")
        self._schema = form if isinstance(form, dict) and model.schema else None

    def frames(self) -> Generator[Json, None, None]:
        """The chunks of the answer, the last of which is done."""
        if not self._messages:
            yield self._loaded_only()
            return
        loading, begun = self._load(), False
        try:
            with closing(self._model.brain.stream(self._kept(), self._asked())) as pieces:
                told = pieces if "thinking" in self._model.capabilities else tagged(pieces)
                for piece in told:
                    yield self._chunk(piece, loading)
                    begun = True
        except ModelFault:
            if not begun:
                raise
            yield {"error": "an error was encountered while running the model: unexpected EOF"}
        finally:
            self._keep_loaded()

    def _asked(self) -> Options:
        predict = int(_number(self._options, "num_predict", -1))
        return Options(
            schema=self._schema,
            think=self._think,
            max_tokens=predict if predict > 0 else None,
            temperature=_number(self._options, "temperature", 0.8),
            seed=int(_number(self._options, "seed", 0)),
            seconds=600.0,
            first_seconds=600.0,
        )

    def _kept(self) -> list[Message]:
        """The messages that fit: the oldest are dropped without a word, all but system's."""
        kept = list(self._messages)
        while len(kept) > 1 and conversation_tokens(kept, self._model.brain.count) > self._context:
            oldest = next((one for one in kept[:-1] if one.role != "system"), None)
            if oldest is None:
                break
            kept.remove(oldest)
        return kept

    def _load(self) -> float:
        """Seconds that loading took; a model with another window is loaded anew."""
        with self._model.lock:
            loaded, now = self._model.loaded, time.monotonic()
            fresh = loaded is None or loaded.until < now or loaded.context != self._context
            if fresh:
                time.sleep(self._model.load_seconds)
            self._model.loaded = _Loaded(self._context, float("inf"))
            return time.monotonic() - now

    def _keep_loaded(self) -> None:
        until = time.monotonic() + self._keep
        self._model.loaded = _Loaded(self._context, until) if self._keep > 0 else None

    def _loaded_only(self) -> Json:
        reason = "load"
        if self._keep == 0:
            reason = "unload"
        else:
            self._load()
        self._keep_loaded()
        message: Json = {"role": "assistant", "content": ""}
        return self._base() | {"message": message, "done": True, "done_reason": reason}

    def _base(self) -> Json:
        return {"model": self._name, "created_at": datetime.now(UTC).isoformat()}

    def _chunk(self, piece: Piece, loading: float) -> Json:
        message: Json = {"role": "assistant", "content": piece.text}
        if piece.thinking:
            message["thinking"] = piece.thinking
        chunk = self._base() | {"message": message, "done": False}
        if piece.ending is None:
            return chunk
        total = time.monotonic() - self._began
        return chunk | {
            "done": True,
            "done_reason": piece.ending.finish,
            "total_duration": int(total * 1e9),
            "load_duration": int(loading * 1e9),
            "prompt_eval_count": piece.ending.tokens_in,
            "prompt_eval_duration": 1_000_000,
            "eval_count": piece.ending.tokens_out,
            "eval_duration": int((total - loading) * 1e9),
        }


def keep_alive_seconds(value: JsonValue) -> float:
    """What ``keep_alive`` means: seconds, or a Go duration; below 0 for ever."""
    if value is None:
        return _DEFAULT_KEEP
    if isinstance(value, str):
        sign = -1 if value.startswith("-") else 1
        value = sign * sum(float(n) * _UNITS[unit] for n, unit in _DURATION.findall(value))
    assert isinstance(value, int | float)
    return float(value) if value >= 0 else float("inf")


def _refused(body: Json, name: str, model: Served) -> str | None:
    if body.get("tools") and "tools" not in model.capabilities:
        return f"registry.ollama.ai/library/{name} does not support tools"
    if body.get("think") and "thinking" not in model.capabilities:
        return f'"{name}" does not support thinking'
    options = body.get("options")
    if body.get("shift") is False and isinstance(options, dict):
        window = int(_number(options, "num_ctx", _DEFAULT_CONTEXT))
        told = _messages(body, model.brain.facts().images)
        if conversation_tokens(told, model.brain.count) > window:
            return "the prompt is longer than the context length currently available"
    return None


def _messages(body: Json, sees: bool) -> list[Message]:
    given = body.get("messages") or []
    assert isinstance(given, list)
    messages: list[Message] = []
    for one in given:
        assert isinstance(one, dict)
        roles: dict[str, Role] = {"system": "system", "assistant": "assistant"}
        images = one.get("images") or []
        assert isinstance(images, list)
        pictures = tuple(base64.b64decode(str(image)) for image in images if sees)
        role, text = roles.get(str(one["role"]), "user"), str(one.get("content", ""))
        messages.append(Message(role, text, pictures))
    return messages


def _number(options: Json, name: str, default: float) -> float:
    value = options.get(name)
    return value if isinstance(value, int | float) else default


def _show(model: Served) -> Json:
    remote: Json = {"remote_host": model.remote_host} if model.remote_host else {}
    kind = model.architecture
    told: Json = {
        "general.architecture": kind,
        f"{kind}.context_length": model.context_tokens,
    }
    if "vision" in model.capabilities:
        told[f"{kind}.vision.patch_size"] = model.patch_pixels
        told[f"{kind}.vision.spatial_merge_size"] = 2
    return remote | {
        "modelfile": "",
        "template": "{{ .Prompt }}",
        "details": _details(),
        "model_info": told,
        "capabilities": list(model.capabilities),
        "modified_at": "2026-08-21T10:00:00Z",
    }


def _embedded(body: Json, name: str, model: Served) -> Json:
    """Vectors of length 1 that are the same for the same text, and mean nothing."""
    given = body.get("input")
    texts = given if isinstance(given, list) else [given]
    return {
        "model": name,
        "embeddings": [_vector(str(text)) for text in texts],
        "total_duration": 1_000_000,
        "load_duration": 100_000,
        "prompt_eval_count": sum(model.brain.count(str(text)) for text in texts),
    }


def _vector(text: str) -> list[JsonValue]:
    parts = [byte - 127.5 for byte in hashlib.sha256(text.encode()).digest()]
    length = math.hypot(*parts)
    return [part / length for part in parts]


def _details() -> Json:
    return {
        "parent_model": "",
        "format": "gguf",
        "family": "qwen2",
        "families": ["qwen2"],
        "parameter_size": "14.8B",
        "quantization_level": "Q4_K_M",
    }


def _joined(first: Json, rest: Generator[Json, None, None]) -> Iterator[bytes]:
    with closing(rest):
        yield _line(first)
        yield from map(_line, rest)


def _line(chunk: Json) -> bytes:
    return json.dumps(chunk).encode() + b"\n"


def _whole(chunks: list[Json]) -> Json:
    """The answer without streaming: the last chunk with all the words."""
    messages = [one["message"] for one in chunks if isinstance(one.get("message"), dict)]
    told: Json = {"role": "assistant", "content": ""}
    for message in messages:
        assert isinstance(message, dict)
        told["content"] = f"{told['content']}{message['content']}"
        if "thinking" in message:
            told["thinking"] = f"{told.get('thinking', '')}{message['thinking']}"
    return chunks[-1] | ({"message": told} if "error" not in chunks[-1] else {})
