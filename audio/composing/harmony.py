"""Harmony of a piece: chords for each section, from the grammar or as they are given."""

from typing import NamedTuple

from audio.composing.grammar import Grammar, Step
from audio.composing.meters import Meter
from audio.composing.plan import PiecePlan, PlannedSection
from audio.composing.scales import Scale
from audio.composing.streams import Stream
from audio.songs.harmony import NO_CHORD, QUALITIES, Chord, chord_of
from audio.songs.sections import role_of

BarChords = tuple[str, ...]
"""The names of the chords of one bar; they share it evenly, on its beats."""

_LENDERS = {"intro": ("verse", "A"), "outro": ("chorus", "A", "drop"), "solo": ("verse", "A"),
            "interlude": ("verse", "A"), "breakdown": ("chorus", "drop", "A")}  # fmt: skip
"""Kinds of section whose chords a section of another kind takes over, the first that there is."""

_BY_INTERVALS = {one.intervals: one.suffix for one in reversed(QUALITIES)}


class Sounding(NamedTuple):
    """A chord and when it holds."""

    start: int
    """In ticks from the start of its section."""
    length: int
    """In ticks."""
    chord: Chord

    @property
    def end(self) -> int:
        """The tick at which it ends."""
        return self.start + self.length


def phrase_lengths(bars: int) -> tuple[int, ...]:
    """How bars fall into phrases: fours, then two or three by themselves; one more joins a four."""
    fours, rest = divmod(bars, 4)
    if rest == 0:
        return (4,) * fours
    if rest == 1 and fours:
        return (*(4,) * (fours - 1), 5)
    return (*(4,) * fours, rest)


def section_chords(plan: PiecePlan, section: PlannedSection) -> tuple[Sounding, ...]:
    """The chords of a section, without gaps from its start to its end.

    A section of a kind that borrows (an intro, an outro, a solo) has the chords of the section that
    it leads to or comes from. The last bar of a piece is its tonic, unless chords are given.
    """
    given = section.chords or plan.material(section.kind).chords
    bars = tuple(tuple(one.split()) for one in given) or _invented(plan, _lender(plan, section))
    meter = plan.meter_words
    wanted = [bars[bar % len(bars)] for bar in range(section.bars)]
    if not given and section == plan.sections[-1]:
        wanted[-1] = (name_of(plan.scale_words, Step(0), sevenths=False),)
    return _joined(
        [span for bar, names in enumerate(wanted) for span in _spread(names, bar, meter)]
    )


def _lender(plan: PiecePlan, section: PlannedSection) -> str:
    kinds = {one.kind for one in plan.sections}
    lenders = _LENDERS.get(role_of(section.kind) or section.kind, ())
    return next((kind for kind in lenders if kind in kinds), section.kind)


def _invented(plan: PiecePlan, kind: str) -> tuple[BarChords, ...]:
    """The chords of a kind of section, bar by bar, by the grammar."""
    if plan.material(kind).chords:
        return tuple(tuple(one.split()) for one in plan.material(kind).chords)
    bars = max((one.bars for one in plan.sections if one.kind == kind), default=4)
    habits, scale = plan.habits.chords, plan.scale_words
    revision = plan.revisions.get(f"{kind}/chords", 0)
    stream = plan.stream(kind, "chords", revision)
    grammar = Grammar(scale.mode, stream, habits.applied, habits.borrowed)
    rhythm = _slots(stream, plan, bars)
    steps = _steps(plan, grammar, stream, rhythm, bars)
    sevenths = stream.chance(habits.sevenths)
    steps = _tamed(scale, steps, plan.chromatic)
    return tuple(tuple(name_of(scale, step, sevenths) for step in bar) for bar in steps)


def _steps(
    plan: PiecePlan, grammar: Grammar, stream: Stream, rhythm: list[int], bars: int
) -> list[list[Step]]:
    habits = plan.habits.chords
    fixed = habits.plan.replace(" ", "")
    if fixed and bars % len(fixed) == 0:
        return [[Step(int(digit))] for digit in fixed] * (bars // len(fixed))
    lengths = phrase_lengths(bars)
    if stream.chance(habits.loop) and lengths[0] == 4:
        room = sum(max(0, one) for one in rhythm[:4]) or 1
        return (_dealt(grammar.loop(room), rhythm[:4]) * (bars // 4 + 1))[:bars]
    phrases: list[list[Step]] = []
    first: list[list[Step]] = []
    for number, length in enumerate(lengths):
        span = rhythm[:length]
        room = sum(span) or 1
        closed = number % 2 == 1 or number == len(lengths) - 1
        dealt = _dealt(grammar.phrase(room, closed), span)
        if number % 2 and length == len(first):  # an answer begins as its question did
            dealt = first[: length // 2] + dealt[length // 2 :]
        first = first if number % 2 else dealt
        phrases += dealt
    return phrases


def _slots(stream: Stream, plan: PiecePlan, bars: int) -> list[int]:
    """How many new chords each bar of a phrase begins; 0 holds the one before on."""
    rate = stream.pick(plan.habits.chords.slots)
    meter = plan.meter_words
    if rate == "0.5":
        pattern = [1, 0, 1, 0]
    elif rate == "2" and meter.half < meter.ticks:
        pattern = stream.one(([1, 1, 1, 2], [1, 2, 1, 2], [2, 1, 2, 1], [1, 1, 2, 2]))
    else:
        pattern = [1, 1, 1, 1]
    return (pattern * (bars // 4 + 2))[: max(bars, 5)]


def _dealt(steps: list[Step], rhythm: list[int]) -> list[list[Step]]:
    """Deal chords out to bars."""
    bars: list[list[Step]] = []
    left = list(steps)
    for count in rhythm:
        taken, left = left[:count], left[count:]
        bars.append(taken or [bars[-1][-1] if bars else steps[0]])
    return bars


def _tamed(scale: Scale, bars: list[list[Step]], most: float) -> list[list[Step]]:
    """Make chords plain, the last ones first, until few of their notes lie outside the scale."""
    made = [list(bar) for bar in bars]
    for bar in reversed(made):
        for place in reversed(range(len(bar))):
            if _outside(scale, made) <= most:
                return made
            bar[place] = _plain(scale, bar[place])
    return made


def _plain(scale: Scale, step: Step) -> Step:
    """The chord of the scale that takes a coloured one's place: one that prepares as it did."""
    degree = (step.degree + 4) % 7 if step.kind == "applied" else step.degree
    fifth = (scale.degree(degree + 4) - scale.degree(degree)) % 12
    return Step(degree) if fifth == 7 else Step(3)


def _outside(scale: Scale, bars: list[list[Step]]) -> float:
    """Share of the chords' notes that lie outside the scale; a bar's chords share its weight."""
    total = outside = 0.0
    for bar in bars:
        for step in bar:
            classes = chord_of(name_of(scale, step, sevenths=False)).pitch_classes
            total += len(classes) / len(bar)
            outside += sum(one not in scale.classes for one in classes) / len(bar)
    return outside / total if total else 0.0


def name_of(scale: Scale, step: Step, sevenths: bool) -> str:
    """The name of a chord, with its seventh or as a triad."""
    root = scale.degree(step.degree)
    if step.kind == "applied":
        return scale.spelled((root + 7) % 12) + "7"
    if step.kind == "dominant":
        return scale.spelled(root) + ("7" if sevenths else "")
    if step.kind == "borrowed":
        return scale.spelled(root) + ("" if scale.minor else "m") + "6" * sevenths
    thirds = [(scale.degree(step.degree + 2 * place) - root) % 12 for place in range(4)]
    home = step.degree == 0 and scale.mode == "minor"  # with a seventh it sounds like its relative
    suffix = _BY_INTERVALS.get(tuple(thirds)) if sevenths and not home else None
    return scale.spelled(root) + (
        suffix if suffix is not None else _BY_INTERVALS[tuple(thirds[:3])]
    )


def _spread(names: BarChords, bar: int, meter: Meter) -> list[Sounding]:
    """The chords of a bar on its beats: two change at its middle, more on the beats."""
    start, beats = bar * meter.ticks, meter.beats
    count = len(names)
    if count == 2 and meter.half < meter.ticks:
        places = [0, meter.half]
    elif count <= len(beats):
        places = [beats[place * len(beats) // count].start for place in range(count)]
    else:
        places = [place * meter.ticks // count for place in range(count)]
    ends = [*places[1:], meter.ticks]
    return [
        Sounding(start + at, end - at, chord_of(name))
        for name, at, end in zip(names, places, ends, strict=True)
        if name != NO_CHORD
    ]


def _joined(spans: list[Sounding]) -> tuple[Sounding, ...]:
    """One chord where the same one follows itself."""
    joined: list[Sounding] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last and last.end == span.start and last.chord.name == span.chord.name:
            joined[-1] = Sounding(last.start, last.length + span.length, last.chord)
        else:
            joined.append(span)
    return tuple(joined)


def chord_at(chords: tuple[Sounding, ...], tick: int) -> Chord | None:
    """The chord that holds at a tick; None where none does."""
    return next((one.chord for one in chords if one.start <= tick < one.end), None)
