"""vLLM as its clients see it: what it takes of pictures and sounds, and how it refuses the rest."""

import base64
import io
from dataclasses import dataclass

import soundfile
from PIL import Image
from pydantic import JsonValue

from models.base import ChatModel
from tests.model_servers.openai import Offered, OpenAITestServer
from tests.model_servers.serving import Exchange, Json


@dataclass(frozen=True)
class Limits:
    """``--limit-mm-per-prompt``: how many of each a request may hold; 0 for a kind that is off."""

    image: int = 0
    audio: int = 0


class VllmTestServer(OpenAITestServer):
    """One model as ``vllm serve --served-model-name`` offers it, behind ``--api-key``."""

    def __init__(self, key: str, name: str, brain: ChatModel, limits: Limits, root: str) -> None:
        super().__init__(key, **{name: Offered(brain, root=root)})
        self._limits = limits
        self.pictures: list[tuple[int, int]] = []
        """Width and height of each picture that came."""
        self.sounds: list[tuple[int, float]] = []
        """Rate in hertz and seconds of each sound that came."""

    def answer(self, exchange: Exchange, body: Json) -> None:
        fault = self._unfit(body) if exchange.path == "/v1/chat/completions" else ""
        if fault and exchange.headers.get("Authorization") == f"Bearer {self.key}":
            exchange.send_json(self.error(fault), 400)
        else:
            super().answer(exchange, body)

    def _unfit(self, body: Json) -> str:
        parts = _parts(body)
        for kind, most in (("image", self._limits.image), ("audio", self._limits.audio)):
            given = [part for part in parts if part["type"] in (f"{kind}_url", f"input_{kind}")]
            if given and not most:
                return f"The model does not support {kind} input."
            if len(given) > most:
                return f"At most {most} {kind}(s) may be provided in one prompt."
        try:
            self._take(parts)
        except (ValueError, KeyError, OSError, soundfile.SoundFileError) as fault:
            return f"Failed to load media: {fault}"
        return ""

    def _take(self, parts: list[Json]) -> None:
        for part in parts:
            if part["type"] == "image_url":
                held = part["image_url"]
                assert isinstance(held, dict)
                head, _, encoded = str(held["url"]).partition(",")
                if not head.startswith("data:image/"):
                    raise ValueError("The URL must be a data URL")
                picture = Image.open(io.BytesIO(base64.b64decode(encoded, validate=True)))
                self.pictures.append(picture.size)
            elif part["type"] == "input_audio":
                held = part["input_audio"]
                assert isinstance(held, dict)
                if held["format"] not in ("wav", "mp3"):
                    raise ValueError(f"unknown format {held['format']}")
                wav = io.BytesIO(base64.b64decode(str(held["data"]), validate=True))
                samples, rate = soundfile.read(wav)
                self.sounds.append((rate, len(samples) / rate))


def _parts(body: Json) -> list[Json]:
    messages = body.get("messages")
    found: list[JsonValue] = []
    for one in messages if isinstance(messages, list) else []:
        content = one.get("content") if isinstance(one, dict) else None
        found += content if isinstance(content, list) else []
    return [part for part in found if isinstance(part, dict) and part.get("type") != "text"]
