"""What a model heard, as findings: descriptions with their times, and claims about the file."""

from collections.abc import Iterator, Sequence

from pydantic import JsonValue

from agents.hearing.hearsay import Claimed, agreed, chord_labels, unit_of
from agents.hearing.windows import Window
from audio.assets import AssetRef
from memory.context import Finding, Subject

DESCRIPTION = "heard.description"
"""The aspect of what a model says of a stretch."""
DESCRIBED = 0.4
"""How sure a description is: no listening model does much better on music."""
CLAIMED = 0.3
"""How sure its claims about what is measured are: GAMA is near chance."""


def described(asset: AssetRef, window: Window, text: str, question: str, source: str) -> Finding:
    """The description of a stretch, with the question that it answers."""
    return Finding.make(
        Subject(kind="asset", id=asset.id, start=window.start, end=window.end),
        DESCRIPTION,
        text,
        unit="",
        evidence="heard",
        source=source,
        method=f"asked where {window.why}: {question}",
        confidence=DESCRIBED,
    )


def claimed(
    asset: AssetRef,
    claims: Sequence[tuple[Window, Claimed]],
    measured: Sequence[Finding],
    source: str,
) -> Iterator[Finding]:
    """The claims as findings about the whole file, to be held against what was measured of it."""
    chords = next((one.value for one in measured if one.aspect == "chords"), None)
    for one in agreed(claim for _, claim in claims):
        if one.aspect == "chords" and chord_labels(one.value) <= chord_labels(chords):
            continue  # it names some of the chords that are there
        places = ", ".join(
            f"{clock(window.start)}–{clock(window.end)}"
            for window, claim in claims
            if (claim.aspect, claim.value) == (one.aspect, one.value)
        )
        yield Finding.make(
            Subject(kind="asset", id=asset.id),
            one.aspect,
            one.value,
            unit=unit_of(one.aspect),
            evidence="heard",
            source=source,
            method=f"said of {places}: {one.sentence}",
            confidence=CLAIMED,
        )


def seconds_of(asset: AssetRef, measured: Sequence[Finding]) -> float:
    """A file's length: as measured, else as its header says."""
    values: list[JsonValue] = [one.value for one in measured if one.aspect == "duration.seconds"]
    held = next((one for one in values if isinstance(one, int | float)), asset.seconds)
    return float(held or 0.0)


def clock(seconds: float) -> str:
    """A time as ``1:04.5``."""
    minutes, rest = divmod(round(seconds, 1), 60)
    return f"{int(minutes)}:{rest:04.1f}"
