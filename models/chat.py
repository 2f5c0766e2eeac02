"""Open a chat model by the string that names it."""

from pathlib import Path

from grym_synth.errors import BadInput
from grym_synth.settings import Settings
from models.base import ChatModel
from models.wire import is_http

FORMS = "ollama:NAME, openai:URL#NAME, llamacpp:FILE.gguf or scripted:FILE"
"""The strings that name a chat model."""


def open_chat_model(spec: str, settings: Settings) -> ChatModel:
    """Open a chat model; it is asked nothing before its first use.

    Args:
        spec: its runtime and its name, in one of the ``FORMS``.
        settings: where Ollama is, the key for OpenAI-compatible servers, the window.

    Raises:
        BadInput: the string has none of the forms.
    """
    runtime, _, target = spec.partition(":")
    url, _, name = target.partition("#")
    match runtime:
        case "ollama" if target:
            from models.ollama import OllamaChat

            address, keep = settings.ollama_url, settings.keep_alive_seconds
            return OllamaChat(target, address, settings.context_tokens, keep)
        case "openai" if is_http(url) and name:
            from models.openai import OpenAIChat

            key = settings.openai_api_key.get_secret_value()
            return OpenAIChat(spec, url, name, key, settings.context_tokens)
        case "llamacpp" if target:
            from models.llamacpp import LlamaCppChat

            return LlamaCppChat(Path(target), settings.context_tokens)
        case "scripted" if target:
            from models.scripted import ScriptedChat

            return ScriptedChat.read(Path(target))
    raise BadInput(f"opening the model {spec!r}", "it has no known form", f"Write {FORMS}")
