"""A model plans form, harmony and motifs of a song; its plan is checked, and the engine plays it.

A plan with faults goes back once. Where there is none, or it still has some, the song is planned by
instruments, and the boss says why.
"""

from collections.abc import Iterator

from agents.boss.boss import Boss, told
from agents.composing.order import ComposeOrder
from agents.composing.song_forms import PartForm, SectionForm, SongForm
from audio.composing.form import sections_of
from audio.composing.harmony import section_chords
from audio.composing.numerals import is_numeral, named
from audio.composing.plan import Material, Motif, PiecePlan, PlannedSection
from audio.composing.scales import Scale
from audio.songs.harmony import NO_CHORD, chord_of, is_chord
from grym_synth.plain_text import inert
from models.base import Message
from prompts.rendering import render

_DUTY = "song plan"


def consulted(boss: Boss, brief: str, order: ComposeOrder, plan: PiecePlan) -> PiecePlan | None:
    """The plan as a model wants it; None where it has nothing valid to say.

    Args:
        boss: who is asked.
        brief: the user's words.
        order: what they were understood as; what it tells, the model can't change.
        plan: what instruments planned.
    """
    drafted = _drafted(plan).model_dump_json(exclude={"why"})
    facts = _facts(order, plan)
    messages = told("compose", SongForm, brief=brief, facts=facts, draft=drafted)
    form = boss.ask(_DUTY, SongForm, messages)
    if form is None:
        return None
    faults = tuple(_faults(form, order, plan))
    if faults:
        boss.refuse("; ".join(faults))
        said = Message("assistant", inert(form.model_dump_json()))
        again = Message("user", render("plan_again", faults="\n".join(faults)))
        form = boss.ask(f"correct the {_DUTY}", SongForm, [*messages, said, again])
        if form is None:
            return None
        faults = tuple(_faults(form, order, plan))
    if faults:
        boss.refuse("; ".join(faults))
        boss.fail(f"its song plan was refused twice: {'; '.join(faults[:3])}")
        return None
    return _taken(form, order, plan)


def _facts(order: ComposeOrder, plan: PiecePlan) -> str:
    """What is settled, in lines."""
    players = ", ".join(f"{part.instrument} ({part.role})" for part in plan.parts)
    form = "the form is told: keep it" if order.form else "the form is open"
    bars = f"{order.bars or plan.bars} bars in all" if order.form or order.bars else "bars are open"
    return "\n".join(
        (
            f"key: {plan.scale}",
            f"meter: {plan.meter}, so a bar has {plan.meter_words.ticks / 480:g} quarter notes",
            f"tempo: {plan.tempo:g} quarter notes a minute",
            f"style: {plan.style}",
            f"players: {players}",
            f"{form}; {bars}",
        )
    )


def _drafted(plan: PiecePlan) -> SongForm:
    """The instruments' plan in the model's own form."""
    parts: dict[str, PartForm] = {}
    for section in plan.sections:
        if section.kind not in parts:
            parts[section.kind] = PartForm(kind=section.kind, chords=_bars(plan, section)[:64])
    sections = tuple(
        SectionForm(kind=one.kind, bars=one.bars, energy=round(one.energy, 2))
        for one in plan.sections
    )
    return SongForm(title=plan.title, sections=sections[:32], parts=tuple(parts.values()), why="")


def _bars(plan: PiecePlan, section: PlannedSection) -> tuple[str, ...]:
    """The chords of a section, one text a bar."""
    ticks, spans = plan.meter_words.ticks, section_chords(plan, section)
    bars = []
    for bar in range(section.bars):
        start, end = bar * ticks, (bar + 1) * ticks
        names = [one.chord.name for one in spans if one.start < end and one.end > start]
        bars.append(" ".join(names) or NO_CHORD)
    return tuple(bars)


def _faults(form: SongForm, order: ComposeOrder, plan: PiecePlan) -> Iterator[str]:
    """What is wrong with a model's plan, in sentences."""
    ordered = [(one.kind, one.bars) for one in plan.sections]
    wanted = [(one.kind, one.bars) for one in form.sections]
    if order.form and wanted and wanted != ordered:
        yield f"The form is told in the brief: {ordered}."
    total = sum(one.bars for one in form.sections)
    if form.sections and order.bars is not None and total != order.bars:
        yield f"The sections have {total} bars, the brief wants {order.bars}."
    if form.sections and order.bars is None and not plan.bars / 3 <= total <= plan.bars * 3:
        yield f"{total} bars are too far from the {plan.bars} of the draft."
    kinds = {one.kind for one in form.sections} or {one.kind for one in plan.sections}
    for part in form.parts:
        if part.kind not in kinds:
            yield f"No section is a {part.kind}."
        yield from _chord_faults(part, plan)
        yield from _motif_faults(part, plan)


def _chord_faults(part: PartForm, plan: PiecePlan) -> Iterator[str]:
    names = [name for bar in part.chords for name in bar.split()]
    unknown = [one for one in names if one != NO_CHORD and not (is_chord(one) or is_numeral(one))]
    if unknown:
        yield f"The {part.kind} has chords that nobody can read: {', '.join(unknown[:4])}."
    elif names and _outside(names, plan.scale_words) > 3 * plan.chromatic:
        yield f"The chords of the {part.kind} leave {plan.scale} too often."


def _outside(names: list[str], scale: Scale) -> float:
    """Share of chord notes outside a scale."""
    classes = [
        one
        for name in names
        if name != NO_CHORD
        for one in chord_of(named(name, scale)).pitch_classes
    ]
    return sum(one not in scale.classes for one in classes) / len(classes) if classes else 0.0


def _motif_faults(part: PartForm, plan: PiecePlan) -> Iterator[str]:
    quarters = plan.meter_words.ticks / 480
    for number, motif in enumerate(part.motifs, 1):
        where = f"Motif {number} of the {part.kind}"
        if len(motif.onsets) != len(motif.contour):
            yield f"{where} has {len(motif.onsets)} onsets and {len(motif.contour)} steps."
        if list(motif.onsets) != sorted(set(motif.onsets)) or motif.onsets[0] < 0:
            yield f"{where} has onsets that don't rise."
        elif motif.onsets[-1] >= quarters:
            yield f"{where} goes beyond its bar of {quarters:g} quarter notes."
        if max(map(abs, motif.contour)) > 12:
            yield f"{where} leaps more than 12 steps."


def _taken(form: SongForm, order: ComposeOrder, plan: PiecePlan) -> PiecePlan:
    """The plan with what a model decided, where the order left it open."""
    sections = plan.sections
    if form.sections and not order.form:
        planned = sections_of([(one.kind, "", one.bars) for one in form.sections])
        sections = tuple(
            section.model_copy(update={"energy": one.energy})
            for section, one in zip(planned, form.sections, strict=True)
        )
    elif form.sections:
        sections = tuple(
            section.model_copy(update={"energy": one.energy})
            for section, one in zip(sections, form.sections, strict=True)
        )
    materials = dict(plan.materials)
    for part in form.parts:
        materials[part.kind] = _material(plan.material(part.kind), part, plan.scale_words)
    title = plan.title if order.title else form.title.strip() or plan.title
    return plan.model_copy(update={"title": title, "sections": sections, "materials": materials})


def _material(held: Material, part: PartForm, scale: Scale) -> Material:
    """A kind's material: chords and a sketch's notes that are given stay as they are."""
    chords = held.chords or tuple(
        " ".join(named(one, scale) for one in bar.split()) for bar in part.chords if bar.split()
    )
    motifs = held.motifs or tuple(
        Motif(onsets=one.onsets, contour=one.contour) for one in part.motifs
    )
    return held.model_copy(update={"chords": chords, "motifs": motifs})
