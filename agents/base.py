"""What all specialists share: one call from a slice to a report."""

from typing import Protocol, TypeVar

from pydantic import BaseModel

from memory.context import Report, SliceReport

S_contra = TypeVar("S_contra", contravariant=True)


class Specialist(Protocol[S_contra]):
    """An agent that does one task from its slice; it never sees more than that."""

    def work(self, slice_: S_contra) -> Report:
        """Do the task and report; a failure is a report too, never an exception."""
        ...


def estimate_tokens(*words: BaseModel | str) -> int:
    """Tokens of context entries, estimated as one per three characters of their JSON.

    English prose has about four characters a token and JSON with numbers about three, so this
    estimate errs on the high side.
    """
    texts = (word if isinstance(word, str) else word.model_dump_json() for word in words)
    return sum(-(-len(text) // 3) for text in texts)


def size_of(agent: str, kept: list[BaseModel], dropped: int) -> SliceReport:
    """Report how much context an adapter handed over and how many entries it left out."""
    return SliceReport(agent=agent, tokens=estimate_tokens(*kept), kept=len(kept), dropped=dropped)
