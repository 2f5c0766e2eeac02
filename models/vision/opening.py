"""Open a model that sees by the string that names it."""

from functools import partial
from pathlib import Path

from grym_synth.errors import BadInput
from grym_synth.settings import Settings
from models.chat import open_chat_model
from models.packages import need_packages
from models.scripted import ScriptedChat
from models.vision.base import VisionModel
from models.vision.pictures import PictureLimits
from models.vision.served import ServedVision
from models.vision.served_eyes import OpenAIVisionChat, ollama_eyes, scripted_eyes
from models.wire import is_http

FORMS = "transformers:FOLDER, ollama:NAME, openai:URL#NAME or scripted:FILE"
"""The strings that name a model that sees."""


def open_vision_model(spec: str, settings: Settings) -> VisionModel:
    """Open a model that sees; it is asked nothing, and nothing is loaded, before its first use.

    Args:
        spec: its runtime and its name, in one of the ``FORMS``.
        settings: where Ollama is, the key for OpenAI-compatible servers, the window, the precision
            of a ``transformers:`` model, and what pictures may be.

    Raises:
        BadInput: the string has none of the forms.
        ModelUnavailable: the packages that run it are not installed.
    """
    runtime, _, target = spec.partition(":")
    url, _, name = target.partition("#")
    limits = PictureLimits(settings.limits.image_bytes, settings.limits.image_pixels)
    match runtime:
        case "transformers" if target:
            need_packages(f"opening {spec}", "torch", "transformers", "llguidance")
            from models.vision.hugging_face import TransformersVision

            fit = settings.qwen_vl_precision
            return TransformersVision(target, limits, settings.context_tokens, fit)
        case "ollama" if target:
            ask_eyes = partial(ollama_eyes, settings.ollama_url, target)
            return ServedVision(open_chat_model(spec, settings), ask_eyes, limits)
        case "openai" if is_http(url) and name:
            key = settings.openai_api_key.get_secret_value()
            chat = OpenAIVisionChat(spec, url, name, key, settings.context_tokens)
            return ServedVision(chat, chat.eyes, limits)
        case "scripted" if target:
            script = ScriptedChat.read(Path(target))
            return ServedVision(script, partial(scripted_eyes, script), limits)
    raise BadInput(f"opening the model {spec!r}", "it has no known form", f"Write {FORMS}")
