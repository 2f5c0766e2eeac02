"""Findings as data sets write them, and numbers as this scorer reads them.

The reading of numbers is this module's own, so that what the product lets through is not held
against the very rule that let it through.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence

from pydantic import JsonValue

from agents.wording import aspect_text
from audio.assets import AssetRef
from memory.context import Evidence, Finding, ProjectContext, Subject, Word

_CLOCK = re.compile(r"(?<![\d:])(\d+):(\d\d)(?::(\d\d))?(?![\d:])")
_NUMBER = re.compile(r"(?<![\w.])[-−]?\d+(?:[.,]\d+)?")
_SCALES = (1.0, 100.0, 0.001, 1000.0, 1 / 60)
"""A share as per cent, hertz as kilohertz and back, seconds as minutes."""


class Fact(Word):
    """One finding, as short as it can be written."""

    aspect: str
    value: JsonValue
    unit: str = ""
    evidence: Evidence = "measured"
    confidence: float = 1.0
    source: str = ""
    """By default the agent whose evidence it is."""
    start: float | None = None
    end: float | None = None
    file: str = "song.wav"
    at: str = ""
    turn: int = 0
    absent: bool = False
    """It was looked for, and is not there."""

    @property
    def finding(self) -> Finding:
        """It as the product keeps it."""
        subject = Subject(kind="asset", id=asset_of(self.file).id, start=self.start, end=self.end)
        made = Finding.make(
            subject, self.aspect, self.value, unit=self.unit, evidence=self.evidence,
            source=self.source or _SOURCES[self.evidence], method="", confidence=self.confidence,
            absent=self.absent,
        )  # fmt: skip
        return made.model_copy(update={"at": self.at, "turn": self.turn})


_SOURCES: dict[Evidence, str] = {
    "measured": "gama/meter@1",
    "executed": "coder/script@1",
    "heard": "gama/model@1",
    "seen": "qwen_vl/model@1",
    "inferred": "supervisor/model@1",
    "user": "user/request@1",
}


def findings_of(facts: Iterable[Fact]) -> list[Finding]:
    """Findings with ids of their own, even where two say the same."""
    made = [one.finding for one in facts]
    return [one.model_copy(update={"id": f"{one.id}-{at}"}) for at, one in enumerate(made, 1)]


def asset_of(name: str) -> AssetRef:
    """A made-up sound file of a name; nothing is known of it but that."""
    return AssetRef(
        id=name.encode().hex().ljust(64, "0")[:64], kind="audio", name=name, suffix="wav",
        size_bytes=1000,
    )  # fmt: skip


def context_of(facts: Sequence[Fact], request: str) -> ProjectContext:
    """A new project with the files that some facts are about, attached to a request."""
    assets = tuple(asset_of(name) for name in dict.fromkeys(one.file for one in facts))
    return ProjectContext(
        project="default", thread="main", turn=1, request=request, assets=assets,
        attached=tuple(one.id for one in assets),
    )  # fmt: skip


def untraceable(text: str, facts: Iterable[Fact]) -> list[str]:
    """The numbers of a text that no fact has, rounded as the text writes them.

    Args:
        text: what was written.
        facts: what it may rest on.
    """
    held = list(facts)
    spelt = " ".join(json.dumps(one.model_dump(mode="json"), ensure_ascii=False) for one in held)
    names_of_aspects = " ".join(aspect_text(one.aspect) for one in held)
    lengths = {float(len(one.value)) for one in held if isinstance(one.value, list)}
    values = {0.0, *lengths, *_values(spelt), *_values(names_of_aspects)}
    names = {number for one in held for number in _NUMBER.findall(one.file)}
    return [said for said, value, places in _said(text) if not _is_held(value, places, values)
            and said not in names]  # fmt: skip


def _said(text: str) -> Iterator[tuple[str, float, int]]:
    """Each number of a text: as written, its value, and its places behind the point."""
    for hour, minute, second in _CLOCK.findall(text):
        parts = [int(one) for one in (hour, minute, second) if one]
        yield ":".join(filter(None, (hour, minute, second))), _seconds(parts), 0
    for said in _NUMBER.findall(re.sub(r"(?<=\d)-(?=\d)", " ", _CLOCK.sub(" ", text))):
        plain = said.replace(",", ".").replace("−", "-")
        yield said, float(plain), len(plain.partition(".")[2])


def _seconds(parts: Sequence[int]) -> float:
    whole = 0
    for one in parts:
        whole = 60 * whole + one
    return float(whole)


def _values(text: str) -> Iterator[float]:
    for said in re.findall(r"(?:(?<![\w.])-)?\d+(?:\.\d+)?(?:e-?\d+)?", text):
        value = float(said)
        yield from (value * scale for scale in _SCALES)


def _is_held(value: float, places: int, values: Iterable[float]) -> bool:
    slack = 0.5000001 * 10.0**-places
    return any(
        abs(abs(one) - abs(value)) <= slack or math.floor(abs(one)) == abs(value) for one in values
    )
