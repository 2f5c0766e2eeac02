"""What a model points at in a plot with axes, in the units of these axes and in musical words.

A waveform, a loudness curve, a chromagram, a self-similarity: what is pointed at becomes seconds
and bars, LUFS, notes or channels with the bound of the picture's resolution. Clipping and drop-outs
are held against the instruments, where the sound is there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue

from agents.base import source_of
from agents.seeing.forms import Spot, Spots
from agents.seeing.guarding import orders_in, plain
from agents.seeing.view import Sights, View
from audio.aspects import ASPECTS
from audio.axes import Axes
from audio.musical_time import MusicalTime, Span
from audio.regions import read_regions
from audio.sight.coordinates import Bounded, Box, BoxPlace, Shown, in_words, place_of_box
from memory.context import Finding, Subject

PLACES = "seen.places"
_BORNE_OUT, _UNCHECKED, _REFUTED = 0.8, 0.4, 0.1
_SLACK_SECONDS = 0.25
"""What lies so close is the same: models point in coarse steps."""
_Fault = Literal["clipping", "dropout"]
_ASPECT_OF: Mapping[_Fault, str] = {"clipping": "clipping.spans", "dropout": "dropouts"}


@dataclass(frozen=True)
class _Placed:
    spot: Spot
    place: BoxPlace


def spot_findings(spots: Spots, view: View, shown: Shown, sights: Sights, who: str) -> None:
    """Keep what was pointed at with its places, and hold the faults among it against instruments.

    Args:
        spots: what the model answered.
        view: the plot, with axes.
        shown: how the model saw it.
        sights: takes what comes of it.
        who: the model, for the user.
    """
    axes = view.axes
    if axes is None:
        return
    sights.report_orders(orders_in(one.what for one in spots.spots), view.subject, who)
    placed = [
        _Placed(one, place)
        for one in spots.spots
        if not orders_in((one.what,))
        and (place := place_of_box(axes, shown, Box(one.x1, one.y1, one.x2, one.y2))) is not None
    ]
    if not placed:
        return
    places: list[JsonValue] = [_entry(one, axes, view.time) for one in placed]
    sights.add(view.subject, PLACES, places, f"pointed at in {view.name}")
    if axes.x.quantity == "time":
        _check_faults([one for one in placed if one.spot.kind in _ASPECT_OF], view, sights, who)


def _entry(one: _Placed, axes: Axes, time: MusicalTime | None) -> JsonValue:
    """A place as numbers in the units of the axes, and in words."""
    place = one.place
    words = [_range(axes, "x", place.start, place.end, time)]
    words.append(_range(axes, "y", place.low, place.high, time))
    return {
        "what": plain(one.spot.what), "kind": one.spot.kind,
        "start": round(place.start.value, 4), "end": round(place.end.value, 4),
        "low": round(place.low.value, 4), "high": round(place.high.value, 4),
        "says": "; ".join(words),
    }  # fmt: skip


def _range(
    axes: Axes, side: Literal["x", "y"], low: Bounded, high: Bounded, time: MusicalTime | None
) -> str:
    axis = axes.x if side == "x" else axes.y
    first, last = in_words(axis, low, time), in_words(axis, high, time)
    return first if first == last else f"{first} to {last}"


def _check_faults(placed: Sequence[_Placed], view: View, sights: Sights, who: str) -> None:
    if not placed:
        return
    known = _known(view)
    refuted: list[str] = []
    for one in placed:
        kind: _Fault = "clipping" if one.spot.kind == "clipping" else "dropout"
        start, end = one.place.start, one.place.end
        stretch = view.subject.model_copy(
            update={"start": round(start.value, 3), "end": round(end.value, 3)}
        )
        aspect, told = _ASPECT_OF[kind], f"from {start.value:.2f} to {end.value:.2f} s"
        value: JsonValue = [[round(start.value, 3), round(end.value, 3)]]
        bound = f"± {max(start.error, end.error):.2g} s, the picture's resolution"
        if known is None:
            method = f"{told} ({bound}); no instrument can check it"
            sights.add(stretch, aspect, value, method, _UNCHECKED)
            continue
        there = [span for span in known[kind] if _meets(span, start, end)]
        says = "the instruments find it there" if there else "the instruments don't find it there"
        confidence = _BORNE_OUT if there else _REFUTED
        sights.add(stretch, aspect, value, f"{told} ({bound}); {says}", confidence)
        sights.findings.append(_measured(stretch, aspect, there))
        if not there:
            refuted.append(f"{kind} {told}")
    if refuted:
        sights.notices.append(
            f"{who} pointed at what the instruments don't find in {view.name}: "
            f"{'; '.join(refuted)}."
        )


def _known(view: View) -> dict[_Fault, list[Span]] | None:
    """What instruments find in the sound behind a plot; None where it is not there."""
    if view.music is None or not view.music.is_sound:
        return None
    regions = read_regions(view.music.path).regions
    return {
        kind: [Span(one.start, one.end) for one in regions if one.kind == kind]
        for kind in _ASPECT_OF
    }


def _meets(span: Span, start: Bounded, end: Bounded) -> bool:
    slack = _SLACK_SECONDS + max(start.error, end.error)
    return span.start <= end.value + slack and span.end >= start.value - slack


def _measured(stretch: Subject, aspect: str, there: Sequence[Span]) -> Finding:
    """What instruments find at a place, at the place where they find it."""
    spans: list[JsonValue] = [[round(one.start, 4), round(one.end, 4)] for one in there]
    if there:
        ends = {"start": round(there[0].start, 4), "end": round(there[-1].end, 4)}
        stretch = stretch.model_copy(update=ends)
    return Finding.make(
        stretch, aspect, spans, unit=ASPECTS[aspect].unit, evidence="measured",
        source=source_of("qwen_vl", "regions"), method=f"{len(there)} there, by the samples",
        confidence=0.9,
    )  # fmt: skip
