"""The wish to see a part of a sound: "the spectrogram from 10 to 20 s", "what is that at 1:05?"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from pydantic import JsonValue

from agents.planning.drafts import Draft
from agents.planning.languages import Understood
from agents.planning.quantities import Quantity
from agents.seeing.operations import LOOK
from audio.assets import AssetRef
from memory.context import Operation

_ZOOMS = re.compile(
    r"\b(?:zoom\w*|enlarge\w*|close-?up|magnif\w*|vergrößer\w*|ampl[ií]a\w*|agrandi\w*)\b",
    re.IGNORECASE,
)
_SEES = re.compile(
    r"\b(?:look(?:ing)? (?:at|closely)|(?:you|to) see|see in|seen in|what(?:'s| is) (?:that|this|"
    r"the) (?:line|spot|gap|thing|stripe|band|dot)|siehst du|sieht man|schau\w*|qué ves|"
    r"que vois-tu|vois-tu)\b",
    re.IGNORECASE,
)
_FIRST = re.compile(r"\b(?:first|ersten?|primeros?|premières?)\s*$", re.IGNORECASE)
_AROUND_SECONDS = 2.0
"""So much is shown on both sides of a single moment."""


def zoomed(
    drafts: Sequence[Draft], understood: Understood, audio: tuple[AssetRef, ...]
) -> list[Draft]:
    """The drafts with a part of the sound to be seen, where the request names one.

    Args:
        drafts: what was planned.
        understood: the request.
        audio: the sound files that it is about.
    """
    crop, words = _crop_of(understood.quantities, understood.text.words), understood.text.words
    if not crop or not audio or any(one.agent == "coder" for one in drafts):
        return list(drafts)
    looks = bool(_SEES.search(words))
    found = [_with_crop(one, crop, looks) for one in drafts]
    if found != list(drafts) or not (looks or _ZOOMS.search(words)):
        return found
    if any(one.agent == "gama" and not _measures_everything(one) for one in drafts):
        return found
    operation = Operation(name=LOOK if looks else "spectrogram", parameters=crop)
    return [
        Draft(
            "qwen_vl",
            f"Look at {', '.join(one.name for one in audio)}{in_words(crop)}",
            "the request wants to see a part of it",
            audio,
            (operation,),
        )
    ]


def in_words(crop: dict[str, JsonValue]) -> str:
    """A stretch and a band in words, such as `` from 10 to 20 s, 1000 to 4000 Hz``."""
    parts = []
    for low, high, unit in (("start", "end", "s"), ("low_hz", "high_hz", "Hz")):
        if low in crop and high in crop:
            parts.append(f"from {crop[low]:g} to {crop[high]:g} {unit}")
        elif low in crop or high in crop:
            edge, one = ("above" if unit == "Hz" else "after", low) if low in crop else (
                ("below" if unit == "Hz" else "before"), high
            )  # fmt: skip
            parts.append(f"{edge} {crop[one]:g} {unit}")
    return f" {', '.join(parts)}" if parts else ""


def _with_crop(draft: Draft, crop: dict[str, JsonValue], looks: bool) -> Draft:
    """A draft that draws a spectrogram, of the part alone; it is looked at where that is asked."""
    if not any(one.name == "spectrogram" for one in draft.operations):
        return draft
    steps = tuple(
        one
        if one.name != "spectrogram"
        else Operation(name=LOOK, parameters=crop)
        if looks
        else one.model_copy(update={"parameters": {**one.parameters, **crop}})
        for one in draft.operations
    )
    return replace(draft, objective=f"{draft.objective}{in_words(crop)}", operations=steps)


def _measures_everything(draft: Draft) -> bool:
    return all(one.parameters.get("aspects") == [] for one in draft.operations)


def _crop_of(quantities: Sequence[Quantity], words: str) -> dict[str, JsonValue]:
    """The stretch and the band that a request names; empty where it names none."""
    times = [one for one in quantities if one.unit == "seconds" and one.value >= 0]
    hertz = [one for one in quantities if one.unit == "hz" and one.value > 0]
    crop: dict[str, JsonValue] = {}
    if len(times) == 1 and _FIRST.search(words[: times[0].start]):
        crop = {"start": 0.0, "end": times[0].value}
    else:
        around = [max(0.0, times[0].value - _AROUND_SECONDS), times[0].value + _AROUND_SECONDS] if (
            times
        ) else []  # fmt: skip
        crop.update(_range(times, ("start", "end"), around))
    octave = [hertz[0].value / 2, hertz[0].value * 2] if hertz else []
    crop.update(_range(hertz, ("low_hz", "high_hz"), octave))
    return crop


def _range(
    found: Sequence[Quantity], names: tuple[str, str], around: Sequence[float]
) -> dict[str, JsonValue]:
    """Two numbers as a range, one as its edge or as what lies around it; more say nothing."""
    low, high = names
    if len(found) == 2 and found[0].value != found[1].value:
        ends = sorted(one.value for one in found)
        return {low: ends[0], high: ends[1]}
    if len(found) != 1:
        return {}
    (one,) = found
    if one.op == ">=":
        return {low: one.value}
    if one.op == "<=":
        return {high: one.value}
    return {low: around[0], high: around[1]}
