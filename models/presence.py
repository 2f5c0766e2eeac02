"""Which models a local Ollama has, asked of it and never assumed."""

import json
import urllib.request
from http.client import HTTPException
from urllib.parse import urlsplit

_MOST_BYTES = 1 << 20
"""Of an answer, no more is read: a list of models is far shorter."""


def ollama_models(url: str, seconds: float = 0.5) -> tuple[str, ...] | None:
    """Names of the models that an Ollama server has; None when none answers there.

    Args:
        url: address of the server, such as ``http://127.0.0.1:11434``; no proxy is asked.
        seconds: how long to wait for it.
    """
    try:
        if urlsplit(url).scheme not in ("http", "https"):
            return None
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(f"{url.rstrip('/')}/api/tags", timeout=seconds) as answer:
            listing = json.loads(answer.read(_MOST_BYTES))
        return tuple(str(model["name"]) for model in listing["models"])
    except (OSError, HTTPException, ValueError, LookupError, TypeError, RecursionError):
        return None
