"""From a plan to a song: every part of every section by itself, then together."""

from audio.composing.accompaniment import comped, counter_line, held_out, voicings
from audio.composing.bass import bass_line
from audio.composing.drums import final_hit, groove
from audio.composing.form import plays
from audio.composing.harmony import Sounding, section_chords
from audio.composing.melody import Register, register_of, sung
from audio.composing.patterns import swung
from audio.composing.phrases import phrased
from audio.composing.plan import GivenNote, Part, PiecePlan, PlannedSection, Role
from audio.composing.varying import varied
from audio.composing.voicing import Voicing
from audio.songs.sections import role_of
from audio.songs.song import ChordSpan, MeterMark, Note, Song, SongSection, TempoMark, Track

_MELODY_CENTRE = 71
_BESIDE_CHORDS = 74
"""A melody on the instrument that plays its chords, too, lies this high."""
_EASY_SHARE = 0.56
"""Where in its range an instrument sings easily."""
_LEVEL: dict[Role, float] = {
    "melody": 1.08, "counter": 0.86, "harmony": 0.88, "pad": 0.78, "bass": 1.0, "drums": 1.0,
}  # fmt: skip


def compose(plan: PiecePlan) -> Song:
    """Compose a piece.

    Each part of a section follows from the plan, the section's kind and its own stream of chance:
    what is composed anew for one part leaves all others as they are.
    """
    chords = [section_chords(plan, section) for section in plan.sections]
    bar_ticks = plan.meter_words.ticks
    tracks: dict[str, list[Note]] = {part.track: [] for part in plan.parts}
    spans: list[ChordSpan] = []
    bar = 0
    sections = []
    for section, sounding in zip(plan.sections, chords, strict=True):
        start = bar * bar_ticks
        for part in plan.parts:
            tracks[part.track] += _moved(part_notes(plan, section, part, sounding), start)
        spans += _spans(sounding, start)
        sections.append(
            SongSection(
                name=section.name,
                role=role_of(section.kind),
                first_bar=bar + 1,
                bars=section.bars,
            )
        )
        bar += section.bars
    return Song(
        title=plan.title,
        key=_key(plan),
        bars=plan.bars,
        tempos=(TempoMark(bpm=plan.tempo),),
        meters=(MeterMark(beats=plan.meter_words.upper, unit=plan.meter_words.lower),),
        sections=tuple(sections),
        chords=tuple(spans),
        tracks=tuple(_track(part, tracks[part.track]) for part in _first_parts(plan)),
    )


def part_notes(
    plan: PiecePlan, section: PlannedSection, part: Part, chords: tuple[Sounding, ...]
) -> tuple[Note, ...]:
    """What a part plays in a section, from the section's start; nothing where it rests."""
    given = plan.material(section.kind).notes.get(part.role, ()) if part.index == 0 else ()
    if not (given or plays(plan, section, part)):
        return ()
    ticks = plan.meter_words.ticks
    end = section.bars * ticks
    kept = _kept(given, end)
    covered = plan.material(section.kind).covered
    if given and all(bar in covered for bar in range(section.bars)):
        return kept
    notes = _written(plan, section, part, chords)
    if section == plan.sections[-1] and section.bars > 1:
        notes = _ended(plan, section, part, chords, notes)
    if plan.habits.swing and plan.meter_words.lower == 4:
        notes = _swung(notes, end)
    own = _played(plan, section, part, notes)
    return (*kept, *_outside(own, covered, ticks)) if given else own


def _kept(given: tuple[GivenNote, ...], end: int) -> tuple[Note, ...]:
    """Given notes as they are, as far as they lie before a tick."""
    return tuple(
        Note(
            start=one.start,
            length=min(one.length, end - one.start),
            pitch=one.pitch,
            velocity=one.velocity,
        )
        for one in given
        if one.start < end
    )


def _outside(notes: tuple[Note, ...], covered: tuple[int, ...], ticks: int) -> list[Note]:
    """Notes that begin outside some bars, each ended where the next of these bars begins."""
    made = []
    for note in notes:
        if note.start // ticks in covered:
            continue
        until = min((bar * ticks for bar in covered if bar * ticks > note.start), default=note.end)
        made.append(note.model_copy(update={"length": min(note.end, until) - note.start}))
    return made


def _written(
    plan: PiecePlan, section: PlannedSection, part: Part, chords: tuple[Sounding, ...]
) -> tuple[Note, ...]:
    habits, meter, scale = plan.habits, plan.meter_words, plan.scale_words
    stream = plan.part_stream(section.kind, part)
    match part.role:
        case "drums":
            opens = section != plan.sections[0]
            return groove(stream, meter, section.bars, habits.drums, section.energy, opens)
        case "bass":
            patterns, player = habits.bass, part.player
            return bass_line(
                stream, scale, meter, chords, section.bars, patterns, player, section.energy
            )
        case "harmony":
            return comped(
                stream, meter, chords, section.bars, habits.comp, part.player, section.energy,
                habits.parallels,
            )  # fmt: skip
        case "pad":
            return held_out(chords, meter, part.player, habits.parallels)
        case "counter":
            count = sum(one.role == "counter" for one in plan.parts)
            return counter_line(stream, meter, chords, part.player, part.index, count)
        case _:
            return _melody(plan, section, part, chords)


def _melody(
    plan: PiecePlan, section: PlannedSection, part: Part, chords: tuple[Sounding, ...]
) -> tuple[Note, ...]:
    """A melody: planned once for a kind of section, varied where the section comes back."""
    meter = plan.meter_words
    stream = plan.part_stream(section.kind, part)
    motifs = plan.material(section.kind).motifs
    wanted = phrased(stream, meter, plan.habits.melody, section.bars, motifs)
    if section.occurrence > 1:
        change = plan.part_stream(section.kind, part, section.occurrence)
        wanted = varied(change, meter, wanted)
    return sung(stream, plan.scale_words, meter, wanted, chords, _register(plan, part))


def _register(plan: PiecePlan, part: Part) -> Register:
    both = any(one.track == part.track and one.role == "harmony" for one in plan.parts)
    low, high = part.player.low, part.player.high
    easy = low + round(_EASY_SHARE * (high - low))
    return register_of(low, high, _BESIDE_CHORDS if both else min(_MELODY_CENTRE, easy))


def _ended(
    plan: PiecePlan,
    section: PlannedSection,
    part: Part,
    chords: tuple[Sounding, ...],
    notes: tuple[Note, ...],
) -> tuple[Note, ...]:
    """The last bar of a piece: everyone comes to rest on the tonic."""
    ticks = plan.meter_words.ticks
    last = (section.bars - 1) * ticks
    before = tuple(
        one.model_copy(update={"length": min(one.length, last - one.start)})
        for one in notes
        if one.start < last
    )
    if part.role == "melody":
        return notes
    if part.role == "drums":
        stream = plan.part_stream(section.kind, part, "end")
        return (*before, *final_hit(stream, last)) if notes else ()
    closing = tuple(one for one in chords if one.end > last)
    if not closing:
        return before
    if part.role == "bass":
        pitches: Voicing = _final_bass(part, closing[-1])
    else:
        voices = 1 if part.role == "counter" else 3
        voiced = voicings(chords, part.player, voices, plan.habits.parallels)
        pitches = voiced[-1]
    held = tuple(Note(start=last, length=ticks, pitch=pitch) for pitch in pitches)
    return (*before, *held)


def _final_bass(part: Part, chord: Sounding) -> Voicing:
    low = part.player.low
    return (next(one for one in range(low, low + 12) if one % 12 == chord.chord.bass),)


def _swung(notes: tuple[Note, ...], end: int) -> tuple[Note, ...]:
    made = []
    for note in notes:
        start = swung(note.start)
        until = min(end, max(swung(note.end), start + 20))
        made.append(note.model_copy(update={"start": start, "length": until - start}))
    return tuple(made)


def _played(
    plan: PiecePlan, section: PlannedSection, part: Part, notes: tuple[Note, ...]
) -> tuple[Note, ...]:
    """Give notes their loudness: by the section's energy, the beat, and a little chance."""
    stream = plan.part_stream(section.kind, part, section.occurrence, "touch")
    meter = plan.meter_words
    made = []
    for note in notes:
        if part.role == "drums":
            velocity = note.velocity * (0.82 + 0.2 * section.energy)
        else:
            accent = 1.06 if note.start % meter.ticks in meter.strong_ticks else 0.97
            force = _LEVEL[part.role] * accent * (0.8 + 0.25 * section.energy)
            velocity = part.player.velocity * force + stream.whole(-4, 4)
        made.append(note.model_copy(update={"velocity": max(1, min(127, round(velocity)))}))
    return tuple(made)


def _moved(notes: tuple[Note, ...], ticks: int) -> list[Note]:
    return [one.model_copy(update={"start": one.start + ticks}) for one in notes]


def _spans(chords: tuple[Sounding, ...], start: int) -> list[ChordSpan]:
    return [
        ChordSpan(start=start + one.start, length=one.length, name=one.chord.name) for one in chords
    ]


def _first_parts(plan: PiecePlan) -> list[Part]:
    """One part of each track, in order."""
    return list({part.track: part for part in reversed(plan.parts)}.values())[::-1]


def _track(part: Part, notes: list[Note]) -> Track:
    player = part.player
    return Track(
        name=part.track,
        instrument=player.name,
        program=player.program,
        is_drums=player.is_drums,
        notes=tuple(notes),
    )


def _key(plan: PiecePlan) -> str:
    """The key that files can hold: the scale itself, or the key of its signature."""
    scale = plan.scale_words
    return scale.name if scale.mode in ("major", "minor") else scale.signature.name
