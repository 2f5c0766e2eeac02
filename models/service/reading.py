"""From what a client sends to what a model takes."""

import base64
import binascii
import io
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import soundfile

from grym_synth.errors import BadInput
from models.audio_base import Samples
from models.base import JsonSchema, Message, Options
from models.service.forms import ChatMessage, ChatRequest, PicturePart, SoundPart, TextPart

_ANY_OBJECT: JsonSchema = {"type": "object"}

_LONGEST_SOUND_SECONDS = 3600.0


@dataclass(frozen=True)
class Sounding:
    """A sound with the question about it."""

    samples: Samples
    rate_hz: int
    question: str


def messages_of(request: ChatRequest) -> list[Message]:
    """The conversation, with pictures; a sound in it is not taken.

    Raises:
        BadInput: a part can't be used.
    """
    return [_message(one) for one in request.messages]


def sound_of(request: ChatRequest) -> Sounding:
    """The one sound of a request, and all its words as the question.

    Raises:
        BadInput: there is no sound, more than one, or one that can't be decoded.
    """
    parts = [part for one in request.messages for part in _parts(one)]
    sounds = [one for one in parts if isinstance(one, SoundPart)]
    if len(sounds) != 1:
        raise _refused(f"it holds {len(sounds)} sounds", "Send one input_audio part")
    if any(isinstance(one, PicturePart) for one in parts):
        raise _refused("this model takes no pictures", "Send a sound and text")
    words = " ".join(one.text for one in parts if isinstance(one, TextPart))
    content = _decoded(sounds[0].input_audio.data)
    try:
        with soundfile.SoundFile(io.BytesIO(content)) as file:
            if file.frames > _LONGEST_SOUND_SECONDS * file.samplerate:
                raise _refused("its sound is longer than an hour", "Send an excerpt")
            samples = file.read(dtype="float32", always_2d=True)
            rate = int(file.samplerate)
    except (soundfile.SoundFileError, ValueError) as fault:
        raise _refused("its sound can't be decoded", "Send WAV, FLAC, MP3 or OGG") from fault
    return Sounding(np.ascontiguousarray(samples.T), rate, words.strip())


def options_of(request: ChatRequest, seconds: float, cancel: threading.Event) -> Options:
    """How the answer is wanted.

    Args:
        request: what the client sent.
        seconds: longest time for the whole answer.
        cancel: is set when the client has gone.
    """
    form, schema = request.response_format, None
    if form is not None and form.type == "json_schema" and form.json_schema is not None:
        schema = form.json_schema.schema_
    elif form is not None and form.type == "json_object":
        schema = _ANY_OBJECT
    return Options(
        schema=schema,
        think=request.chat_template_kwargs.enable_thinking,
        max_tokens=request.max_completion_tokens or request.max_tokens,
        temperature=request.temperature,
        seed=request.seed,
        seconds=seconds,
        first_seconds=seconds,
        cancel=cancel,
    )


def _message(one: ChatMessage) -> Message:
    parts = _parts(one)
    if any(isinstance(part, SoundPart) for part in parts):
        raise _refused("this model takes no sounds", "Ask a model that listens")
    words = "\n".join(part.text for part in parts if isinstance(part, TextPart))
    pictures = tuple(_picture(part) for part in parts if isinstance(part, PicturePart))
    role = "system" if one.role == "developer" else one.role
    return Message(role, words, pictures)


def _parts(one: ChatMessage) -> Sequence[TextPart | PicturePart | SoundPart]:
    if isinstance(one.content, str):
        return [TextPart(type="text", text=one.content)]
    return one.content


def _picture(part: PicturePart) -> bytes:
    head, comma, encoded = part.image_url.url.partition(",")
    if not (comma and head.startswith("data:image/") and head.endswith(";base64")):
        raise _refused("a picture is no data: address", "Send data:image/png;base64,…")
    return _decoded(encoded)


def _decoded(encoded: str) -> bytes:
    try:
        return base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError) as fault:
        raise _refused("its base64 is broken", "Encode it again") from fault


def _refused(happened: str, do: str) -> BadInput:
    return BadInput("reading the request", happened, do)
