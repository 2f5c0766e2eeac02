"""From an order to a plan: what is left open, the style decides, the same for the same order."""

import hashlib
from collections.abc import Sequence

from agents.composing.order import ComposeOrder, SectionOrder
from audio.composing.casting import cast
from audio.composing.form import sections_of
from audio.composing.meters import Meter, meter_of
from audio.composing.numerals import named
from audio.composing.plan import Material, PiecePlan, PlannedSection, Role
from audio.composing.scales import Scale, scale_of
from audio.composing.streams import Stream
from audio.composing.styles import Style, styles
from audio.key import KEYS
from audio.songs.harmony import chord_of, is_chord
from audio.songs.instruments import Instrument, instrument_of
from audio.songs.sections import role_of
from audio.songs.timeline import PPQ
from grym_synth.errors import BadInput

_TONICS = {
    "C": 1.0, "D": 1.0, "E": 1.0, "F": 1.0, "G": 1.0, "A": 1.0, "Bb": 0.6, "Eb": 0.5, "B": 0.4,
}  # fmt: skip
_USUAL_STYLE = "pop"
_USUAL_BARS = {"intro": 4, "outro": 4, "pre-chorus": 4, "interlude": 4, "breakdown": 4}
_OTHER_BARS = 8
_CHROMATIC_SHARE = 0.5
"""Of what may lie outside the key, what the chords may use; melody and bass need some, too."""


def plan_of(order: ComposeOrder) -> PiecePlan:
    """Decide everything that an order leaves open.

    Raises:
        BadInput: nobody is left to play, or the form has too few bars.
    """
    identity = _identity(order)
    stream = Stream(identity, order.seed, "plan")
    style_id = order.style or _USUAL_STYLE
    style = styles()[style_id]
    meter = meter_of(order.meter or style.meter)
    scale = _scale(order, style, stream)
    tempo = _tempo(order, style, stream)
    sections = _sections(order, style, meter, scale, tempo)
    return PiecePlan(
        title=order.title or _title(style_id, scale),
        identity=identity,
        seed=order.seed,
        scale=scale.name,
        tempo=tempo,
        meter=meter.name,
        style=style_id,
        sections=sections,
        parts=cast(_band(order, style)),
        materials=_materials(order, scale, sections),
        chromatic=round(_CHROMATIC_SHARE * (1 - order.least_in_key), 4),
    )


def _identity(order: ComposeOrder) -> str:
    """A mark of what is ordered, so that other orders of the same seed give other songs."""
    told = order.model_dump_json(exclude={"seed", "base", "changes"})
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _scale(order: ComposeOrder, style: Style, stream: Stream) -> Scale:
    tonic, mode = stream.pick(_TONICS), stream.pick(style.mode)
    if order.key is None and (told := _key_of_chords(order)) is not None:
        return told
    return scale_of(order.key or f"{tonic} {mode}")


def _key_of_chords(order: ComposeOrder) -> Scale | None:
    """The major or minor key that the order's chords fit best; None where it names none."""
    bars = [*order.chords, *(bar for one in order.form for bar in one.chords)]
    names = [name for bar in bars for name in bar.split() if is_chord(name)]
    if not names:
        return None
    chords = [chord_of(name) for name in names]

    def fit(scale: Scale) -> float:
        tones = [one for chord in chords for one in chord.pitch_classes]
        inside = sum(one in scale.classes for one in tones) / len(tones)
        homes = [chord.root == scale.tonic and chord.is_minor == scale.minor for chord in chords]
        return inside + 0.1 * homes[0] + 0.05 * homes[-1] + 0.02 * any(homes)

    return max((scale_of(name) for name in KEYS), key=fit)


def _tempo(order: ComposeOrder, style: Style, stream: Stream) -> float:
    """Told, else at the told pace, else near what is usual."""
    if order.tempo is not None:
        return order.tempo
    low, usual, high = style.tempo
    if order.pace is not None:
        return float(round(low + order.pace * (high - low)))
    return float(round(usual + (high - low) * stream.between(-0.08, 0.08)))


def _title(style: str, scale: Scale) -> str:
    return f"{styles()[style].names[0].capitalize()} in {scale.name}"


def _band(order: ComposeOrder, style: Style) -> list[tuple[Instrument, Role | None]]:
    chosen: list[tuple[Instrument, Role | None]] = [
        (instrument_of(one.name), one.role) for one in order.instruments
    ]
    band = chosen or [(instrument_of(name), None) for name in style.band]
    left = [one for one in band if one[0].name not in order.without]
    if any(instrument_of(name).is_drums for name in order.without):
        left = [one for one in left if not one[0].is_drums]
    if not left:
        raise BadInput("choosing the band", "no instrument is left to play", "Leave one in")
    return left


def _sections(
    order: ComposeOrder, style: Style, meter: Meter, scale: Scale, tempo: float
) -> tuple[PlannedSection, ...]:
    wanted = order.bars
    told = bool(order.form) and all(one.bars for one in order.form)
    if wanted is None and order.seconds is not None and not told:
        wanted = max(4, 4 * round(order.seconds * tempo * PPQ / 60 / meter.ticks / 4))
    if order.form:
        form = _with_bars(order.form, wanted)
    else:
        form = _fitted([SectionOrder(kind=kind, bars=bars) for kind, bars in style.form], wanted)
    planned = sections_of([(one.kind, one.name, one.bars or _OTHER_BARS) for one in form])
    return tuple(
        section.model_copy(update={"chords": _named(one.chords, scale, section.bars)})
        for section, one in zip(planned, form, strict=True)
    )


def _with_bars(form: Sequence[SectionOrder], wanted: int | None) -> list[SectionOrder]:
    """Give sections without bars the usual number, or their share of what is left."""
    open_ones = [one for one in form if one.bars is None]
    usual = {one.kind: _USUAL_BARS.get(role_of(one.kind), _OTHER_BARS) for one in open_ones}
    if wanted is None or not open_ones:
        return [_sized(one, one.bars or usual[one.kind]) for one in form]
    left = wanted - sum(one.bars or 0 for one in form)
    if left < len(open_ones):
        raise BadInput(
            "dividing the bars among the sections",
            f"the bars don't add up: {left} are left for {len(open_ones)} sections",
            "Give the piece more bars, or its sections fewer",
        )
    shares = _shares([usual[one.kind] for one in open_ones], left)
    sizes = iter(shares)
    return [_sized(one, one.bars or next(sizes)) for one in form]


def _shares(weights: list[int], whole: int) -> list[int]:
    """Divide bars by weights, in fours where that goes, to their exact sum."""
    unit = 4 if whole % 4 == 0 and whole // 4 >= len(weights) else 1
    whole //= unit
    total = sum(weights)
    shares = [max(1, whole * weight // total) for weight in weights]
    while sum(shares) > whole:
        shares[max(range(len(shares)), key=shares.__getitem__)] -= 1
    place = 0
    while sum(shares) < whole:
        shares[place % len(shares)] += 1
        place += 1
    return [unit * one for one in shares]


def _fitted(form: list[SectionOrder], wanted: int | None) -> list[SectionOrder]:
    """The style's form, cut or gone on with until it has the wanted number of bars."""
    if wanted is None or wanted == sum(one.bars or 0 for one in form):
        return form
    if wanted <= 12:
        return [SectionOrder(kind="A", bars=wanted)]
    last = [one for one in form[-1:] if role_of(one.kind) == "outro" and wanted >= 24]
    body = form[: len(form) - len(last)]
    middle = [one for one in body if role_of(one.kind) != "intro"]
    room = wanted - sum(one.bars or 0 for one in last)
    made: list[SectionOrder] = []
    place = 0
    while room > 0:
        one = body[place] if place < len(body) else middle[(place - len(body)) % len(middle)]
        bars = min(room, one.bars or _OTHER_BARS)
        if bars < 4 and made:
            made[-1] = _sized(made[-1], (made[-1].bars or 0) + bars)
        else:
            made.append(_sized(one, bars))
        room, place = room - bars, place + 1
    return made + last


def _sized(one: SectionOrder, bars: int) -> SectionOrder:
    return one.model_copy(update={"bars": bars})


def _materials(
    order: ComposeOrder, scale: Scale, sections: Sequence[PlannedSection]
) -> dict[str, Material]:
    """The order's general chords, for every kind of section."""
    if not order.chords:
        return {}
    bars = max(one.bars for one in sections)
    chords = _named(order.chords, scale, bars)
    return {one.kind: Material(chords=chords) for one in sections}


def _named(chords: tuple[str, ...], scale: Scale, bars: int) -> tuple[str, ...]:
    """Chords by name, one text a bar; more chords than bars share them."""
    by_name = [" ".join(named(one, scale) for one in bar.split()) for bar in chords]
    if len(by_name) <= bars:
        return tuple(by_name)
    each = -(-len(by_name) // bars)
    return tuple(" ".join(by_name[place : place + each]) for place in range(0, len(by_name), each))
