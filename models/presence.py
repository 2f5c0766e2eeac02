"""Which models a local Ollama has, asked of it and never assumed."""

import json
import urllib.error
import urllib.request


def ollama_models(url: str, seconds: float = 0.5) -> tuple[str, ...] | None:
    """Names of the models that an Ollama server has; None when it does not answer.

    Args:
        url: address of the server, such as ``http://127.0.0.1:11434``.
        seconds: how long to wait for it.
    """
    try:
        with urllib.request.urlopen(f"{url.rstrip('/')}/api/tags", timeout=seconds) as answer:
            listing = json.load(answer)
        return tuple(str(model["name"]) for model in listing["models"])
    except (urllib.error.URLError, OSError, ValueError, KeyError, TypeError):
        return None
