"""Note heads that a model points at, as bars and lines of the page, held against the names it gave.

The staves are found in the picture itself. On one staff each name lies at one place, so heads that
were pointed at elsewhere than their names say were misread or misplaced.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image
from pydantic import JsonValue

from agents.seeing.forms import Note
from agents.seeing.spots import PLACES
from agents.seeing.view import Sights, View
from audio.assets import AssetRef
from audio.sight.coordinates import Shown
from audio.sight.staff_steps import degree_of, note_at, step_in_words
from audio.sight.systems import StaffPlace, find_systems, place_on
from memory.context import Subject

_LEAST_HEADS = 4
"""Fewer tell no clef."""
_CLEAR = 0.6
"""Share of the heads of a staff that must agree on its clef."""
_FINE = 0.75
"""Steps: coarser pointing can't tell a line from the next space."""
_MOST_TOLD = 3


@dataclass(frozen=True)
class _Head:
    note: Note
    place: StaffPlace
    error: float
    """Steps within which the place lies, as far as the picture's resolution goes."""

    @property
    def lowest(self) -> float:
        """The degree that its staff's lowest line has if the name is right."""
        return degree_of(self.note.pitch) - self.place.step


def head_findings(
    notes: Sequence[Note], view: View, shown: Shown, picture: AssetRef, sights: Sights, who: str
) -> None:
    """Keep where the notes stand on the page, and tell of names that lie elsewhere.

    Args:
        notes: what the model read, with places where it gave any.
        view: the page.
        shown: how the model saw it.
        picture: the page, which the places are on.
        sights: takes what comes of it.
        who: the model, for the user.
    """
    heads = _heads(notes, view, shown)
    if not heads:
        return
    places: list[JsonValue] = [_entry(one) for one in heads]
    method = f"note heads pointed at in {view.name}: bars and staves of the page"
    sights.add(Subject(kind="asset", id=picture.id), PLACES, places, method)
    wrong = _misplaced(heads)
    if wrong:
        told = "; ".join(wrong[:_MOST_TOLD])
        more = f"; and {len(wrong) - _MOST_TOLD} more" if len(wrong) > _MOST_TOLD else ""
        sights.notices.append(
            f"In {view.name}, {who} named notes otherwise than where it pointed: {told}{more}."
        )


def _heads(notes: Sequence[Note], view: View, shown: Shown) -> list[_Head]:
    pointed = [(one, one.x, one.y) for one in notes if one.x is not None and one.y is not None]
    if not pointed:
        return []
    with Image.open(BytesIO(view.content)) as picture:
        systems = find_systems(picture.convert("RGB"))
    heads = []
    for note, x, y in pointed:
        at = shown.pixel_of(x, y)
        place = place_on(systems, at.x, at.y)
        if place is not None:
            error = 2 * max(1.0, shown.step.y) / place.space
            heads.append(_Head(note, place, error))
    return heads


def _entry(one: _Head) -> JsonValue:
    place, step = one.place, round(one.place.step, 2)
    says = f"bar {place.bar} of the page, staff {place.staff}, {step_in_words(step)}"
    return {
        "what": one.note.pitch, "kind": "note", "start": place.bar, "end": place.bar,
        "low": step, "high": step, "says": f"{says} (± {one.error:.2g} steps)",
    }  # fmt: skip


def _misplaced(heads: Sequence[_Head]) -> list[str]:
    """Heads whose names lie elsewhere on their staff, by the clef that most of it agrees on."""
    by_staff: dict[int, list[_Head]] = defaultdict(list)
    for one in heads:
        if one.error <= _FINE:
            by_staff[one.place.staff].append(one)
    found = []
    for held in by_staff.values():
        (lowest, count), *_ = Counter(round(one.lowest) for one in held).most_common(1)
        if len(held) < _LEAST_HEADS or count < _CLEAR * len(held):
            continue
        for one in held:
            if abs(one.lowest - lowest) > 0.5 + one.error:
                there = note_at(lowest + round(one.place.step))
                found.append(
                    f"{one.note.pitch} in bar {one.place.bar} at {step_in_words(one.place.step)}, "
                    f"where {there} lies"
                )
    return found
