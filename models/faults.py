"""What went wrong with a model server, in the project's own errors."""

import re

import httpx

from grym_synth.errors import (
    BadAnswer,
    ContextOverflow,
    MemoryUsedUp,
    ModelAway,
    ModelFault,
    ModelMissing,
    ModelUnable,
    ModelUnavailable,
)

_SAID = 300
"""Characters of a server's own words that an error repeats."""

_TOO_LONG = re.compile(r"context (length|size|window)|maximum context|exceeds? .*context", re.I)
_NO_MEMORY = re.compile(
    r"out of memory|(can(?:'t|not)|failed to) allocate|more system memory", re.I
)
"""Words of Ollama, llama.cpp, vLLM and CUDA."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


class Refused(Exception):
    """A server answered a request with an error: its HTTP status (-1 in mid-answer) and words."""

    def __init__(self, status: int, said: str) -> None:
        self.status, self.said = status, _CONTROL.sub(" ", said).strip()[:_SAID]
        super().__init__(f"{status}: {self.said}")


def lacks_memory(said: str) -> bool:
    """Whether words tell that memory was used up."""
    return _NO_MEMORY.search(said) is not None


def server_fault(fault: Exception, name: str, url: str, begun: bool = False) -> ModelFault:
    """Tell what a failed call means.

    Args:
        fault: what was raised: by httpx, by reading the answer, or ``Refused``.
        name: the model that was asked.
        url: the server's address.
        begun: part of an answer had come by then.
    """
    tried = f"asking {name} at {url}"
    if isinstance(fault, Refused):
        return _refusal(fault, tried)
    if isinstance(fault, httpx.ConnectError | httpx.ConnectTimeout):
        return ModelAway(tried, "nothing answers there", "Start the server")
    if begun:
        return BadAnswer(tried, "the answer broke off before its end", "Ask again")
    if isinstance(fault, httpx.HTTPError):
        happened = f"the connection broke ({type(fault).__name__})"
        return ModelAway(tried, happened, "See whether the server is still running")
    happened = f"what answers does not keep to the protocol ({type(fault).__name__})"
    return BadAnswer(tried, happened, "Check the address")


def _refusal(fault: Refused, tried: str) -> ModelFault:
    said = fault.said or f"HTTP {fault.status}"
    match fault.status:
        case 404:
            return ModelMissing(tried, said, "Get the model or name another")
        case 401 | 403:
            return ModelUnavailable(tried, said, "Set the key that the server wants")
        case 400 | 413 | 422 if _TOO_LONG.search(said):
            return ContextOverflow(tried, said, "Shorten the messages or choose a larger window")
        case 400 | 413 | 422:
            return ModelUnable(tried, said, "Ask for something that the model can do")
        case 300 | 301 | 302 | 303 | 307 | 308:
            return ModelUnavailable(tried, said, "Name the address that it points to")
        case _ if lacks_memory(said):
            return MemoryUsedUp(tried, said, "Free some, or take a smaller model")
        case _:
            return ModelAway(tried, said, "Try again later; see the server's log")
