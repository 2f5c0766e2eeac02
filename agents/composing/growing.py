"""A song that grows from a sketch: its notes placed in the form, its chords taken or found."""

from typing import NamedTuple

from agents.composing.order import ComposeOrder
from agents.composing.planning import plan_of
from audio.composing.form import is_sung
from audio.composing.harmonising import harmonised, named_chords
from audio.composing.plan import GivenNote, Material, PiecePlan, PlannedSection, Role
from audio.composing.sketching import Sketch, given, motifs_of, octave_for, transposition
from audio.songs.song import Note

_ABOVE_CHORDS = 60
"""A melody on the instrument that plays the chords, too, is best above this pitch."""


class Grown(NamedTuple):
    """A plan with a sketch in it, and what became of the sketch."""

    plan: PiecePlan
    kept: int
    """How many of the sketch's notes are in the song as they were, moved together."""
    of: int
    shift: int
    """Semitones by which the sketch was moved into the key; octaves aside."""
    missing: str
    """Why some of its notes are not there; empty where all are."""


def grown(order: ComposeOrder, sketch: Sketch) -> Grown:
    """Plan a song from a sketch; what the order doesn't tell is as in the sketch.

    Raises:
        BadInput: the order can't be planned.
    """
    plan = plan_of(_completed(order, sketch))
    sketch = sketch.barred(plan.meter_words)
    shift = transposition(sketch, plan.scale_words) if order.key else 0
    moved = {
        role: tuple(note.model_copy(update={"pitch": note.pitch + shift}) for note in notes)
        if role != "drums"
        else notes
        for role, notes in sketch.parts.items()
    }
    fitting, missing = _fitting(plan, moved)
    chords = _chords(plan, sketch, moved)
    materials, placed = _placed(plan, sketch, fitting, chords)
    kept = sum(placed.values())
    if kept < sketch.notes and not missing:
        missing = "the form has no room for them"
    return Grown(
        plan.model_copy(update={"materials": {**plan.materials, **materials}}),
        kept,
        sketch.notes,
        shift,
        missing if kept < sketch.notes else "",
    )


def _completed(order: ComposeOrder, sketch: Sketch) -> ComposeOrder:
    """The order with the sketch's key, tempo and meter where it tells none."""
    return order.model_copy(
        update={
            "key": order.key or sketch.scale.name,
            "tempo": order.tempo or (sketch.tempo if order.pace is None else None),
            "meter": order.meter or sketch.meter.name,
        }
    )


def _fitting(
    plan: PiecePlan, parts: dict[Role, tuple[Note, ...]]
) -> tuple[dict[Role, tuple[GivenNote, ...]], str]:
    """The notes that the song's instruments can play, each part in its best octave."""
    made: dict[Role, tuple[GivenNote, ...]] = {}
    missing: list[str] = []
    for role, notes in parts.items():
        part = next((one for one in plan.parts if one.role == role and one.index == 0), None)
        if part is None:
            missing.append(f"no instrument plays its {role}")
            continue
        low, high = part.player.low, part.player.high
        shared = role == "melody" and any(
            one.track == part.track and one.role == "harmony" for one in plan.parts
        )
        lowest = max(low, _ABOVE_CHORDS) if shared else low
        octave = 0 if role == "drums" else octave_for(notes, lowest, high)
        made[role] = given(notes, octave, low, high)
        if len(made[role]) < len(notes):
            missing.append(f"some lie outside the range of {part.instrument}")
    return made, "; ".join(missing)


def _chords(
    plan: PiecePlan, sketch: Sketch, parts: dict[Role, tuple[Note, ...]]
) -> tuple[str, ...]:
    """The chords of the sketch's bars: named where it has some, else found for its melody."""
    pitched = [note for role, notes in parts.items() if role != "drums" for note in notes]
    if sketch.chordal:
        return named_chords(pitched, plan.meter_words, sketch.bars)
    return harmonised(pitched, plan.scale_words, plan.meter_words, sketch.bars)


def _placed(
    plan: PiecePlan,
    sketch: Sketch,
    parts: dict[Role, tuple[GivenNote, ...]],
    chords: tuple[str, ...],
) -> tuple[dict[str, Material], dict[Role, int]]:
    """Lay the sketch over the first sections with a melody; between, the song goes on by itself.

    Kinds of section that it does not reach take its motifs.
    """
    motifs = motifs_of(sketch, plan.scale_words)
    materials: dict[str, Material] = {}
    placed: dict[Role, int] = dict.fromkeys(parts, 0)
    bar = 0
    for section in plan.sections:
        if section.kind in materials:
            continue
        if bar >= sketch.bars or not _main(plan, section):
            own = plan.material(section.kind)
            materials[section.kind] = own.model_copy(update={"motifs": motifs})
            continue
        laid = _laid(section.bars, min(section.bars, sketch.bars - bar))
        taken = {
            role: _window(notes, plan.meter_words.ticks, bar, laid) for role, notes in parts.items()
        }
        room = laid.bars * plan.meter_words.ticks
        for role, notes in taken.items():
            placed[role] += sum(one.start < room for one in notes)
        found = tuple(chords[bar + one % laid.period % laid.bars] for one in range(section.bars))
        materials[section.kind] = Material(
            chords=plan.material(section.kind).chords or found,
            motifs=motifs,
            notes=taken,
            covered=laid.covered,
        )
        bar += section.bars
    kinds = [one.kind for one in plan.sections]
    return {kind: materials[kind] for kind in dict.fromkeys(kinds)}, placed


def _main(plan: PiecePlan, section: PlannedSection) -> bool:
    """Whether a section is one for melodies; where there is none, all of them are."""
    return is_sung(section) or not any(map(is_sung, plan.sections))


class _Laid(NamedTuple):
    """How a piece of a sketch lies in a section."""

    bars: int
    """How many bars the piece has."""
    period: int
    """After how many bars it comes again."""
    covered: tuple[int, ...]
    """The bars of the section that it fills."""


def _laid(section_bars: int, bars: int) -> _Laid:
    """A piece of a sketch stands where phrases of four bars begin, as often as it fits whole."""
    period = -(-bars // 4) * 4
    starts = [at for at in range(0, section_bars, period) if at == 0 or at + bars <= section_bars]
    return _Laid(bars, period, tuple(at + bar for at in starts for bar in range(bars)))


def _window(
    notes: tuple[GivenNote, ...], ticks: int, bar: int, laid: _Laid
) -> tuple[GivenNote, ...]:
    """The notes of a piece of the sketch, from a bar on, in ticks from the section's start."""
    start = bar * ticks
    inside = [one for one in notes if start <= one.start < start + laid.bars * ticks]
    return tuple(
        one.model_copy(update={"start": one.start - start + turn * ticks})
        for turn in laid.covered
        if turn % laid.period == 0
        for one in inside
    )
