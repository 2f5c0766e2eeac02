"""Form: sections of a piece, how much goes on in each, and who plays in it."""

from collections.abc import Sequence

from audio.composing.plan import Part, PiecePlan, PlannedSection
from audio.songs.sections import role_of

_ENERGY = {
    "intro": 0.4, "verse": 0.6, "pre-chorus": 0.7, "chorus": 0.9, "bridge": 0.62, "solo": 0.85,
    "interlude": 0.5, "breakdown": 0.4, "drop": 1.0, "outro": 0.42, "climax": 1.0, "A": 0.66,
    "B": 0.74, "C": 0.7,
}  # fmt: skip
_OTHER = 0.66
_GROWTH = 0.07
"""How much more each return of a section has."""
_WITHOUT_MELODY = ("intro", "outro", "breakdown", "interlude", "pre-chorus")
_LEAST = {"melody": 0.0, "harmony": 0.0, "pad": 0.45, "bass": 0.38, "drums": 0.38, "counter": 0.64}
"""Energy from which a role plays; the second and third part of a role wait a little longer."""


_SECOND_CHORDS = 0.42
"""The same for further instruments that play chords in a rhythm."""


def sections_of(form: Sequence[tuple[str, str, int]]) -> tuple[PlannedSection, ...]:
    """Plan the sections of a form.

    Args:
        form: kind, name (empty to be found) and bars of each, in order.
    """
    kinds = [kind for kind, _, _ in form]
    seen: dict[str, int] = {}
    names: set[str] = set()
    made = []
    for kind, name, bars in form:
        occurrence = seen[kind] = seen.get(kind, 0) + 1
        usual = kind if len(kind) == 1 else kind.title() if kind.islower() else kind
        called = name or (f"{usual} {occurrence}" if kinds.count(kind) > 1 else usual)
        while called in names:
            called += "'"
        names.add(called)
        energy = _ENERGY.get(role_of(kind) or kind, _OTHER) + _GROWTH * (occurrence - 1)
        made.append(
            PlannedSection(
                name=called, kind=kind, occurrence=occurrence, bars=bars, energy=min(1.0, energy)
            )
        )
    return tuple(made)


def is_sung(section: PlannedSection) -> bool:
    """Whether a section is one that is there for its melody."""
    return (role_of(section.kind) or section.kind) not in _WITHOUT_MELODY


def plays(plan: PiecePlan, section: PlannedSection, part: Part) -> bool:
    """Whether a part plays in a section; each part plays at least where most goes on.

    Where nobody would, the melody is heard; without a melody everyone plays.
    """
    if not any(_would_play(plan, section, one) for one in plan.parts):
        return part.role == "melody" or all(one.role != "melody" for one in plan.parts)
    if any(_would_play(plan, one, part) for one in plan.sections):
        return _would_play(plan, section, part)
    return section.energy == max(one.energy for one in plan.sections)


def _would_play(plan: PiecePlan, section: PlannedSection, part: Part) -> bool:
    if part.role == "melody" and part.index == 0:
        alone = any(one.role == "harmony" and one.track == part.track for one in plan.parts)
        return alone or is_sung(section)  # one player for both leads throughout
    if part.role == "counter" and not any(one.role in ("harmony", "pad") for one in plan.parts):
        return True  # lines alone tell the chords
    least = _SECOND_CHORDS if part.role == "harmony" and part.index else _LEAST[part.role]
    return section.energy >= least + 0.08 * part.index
