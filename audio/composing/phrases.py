"""Phrases: motifs in an order that asks and answers, bar by bar, before they have pitches."""

from typing import NamedTuple

from audio.composing.harmony import phrase_lengths
from audio.composing.meters import Meter
from audio.composing.motifs import Idea, idea_of, invented
from audio.composing.plan import Motif
from audio.composing.streams import Stream
from audio.composing.styles import MelodyHabits
from audio.songs.timeline import PPQ

_SCHEMES = {
    ("a", "a+", "f", "c"): 1.0,
    ("a", "b", "a", "c"): 1.0,
    ("a", "a-", "b", "c"): 0.8,
    ("a", "b", "a+", "c"): 1.0,
    ("a", "i", "a", "c"): 0.5,
    ("a", "h", "a+", "c"): 0.6,
    ("A1", "A2", "b", "c"): 0.5,
    ("a", "r", "b", "c"): 0.5,
}
"""What the bars of a phrase do: a and b are its motifs, + and - sequences, i inverted, r backwards,
f fragmented, h only its head, A1 and A2 augmented, c a cadence."""


class Wanted(NamedTuple):
    """A note that is wanted, before it has a pitch."""

    start: int
    """In ticks from the start of the section."""
    length: int
    """In ticks."""
    step: int
    """Scale steps above the middle of the melody's register."""
    goal: str
    """``close`` or ``open`` for the last note of a phrase, else empty."""
    phrase: int
    """The phrase that it belongs to, from 0."""


def phrased(
    stream: Stream, meter: Meter, habits: MelodyHabits, bars: int, given: tuple[Motif, ...]
) -> tuple[Wanted, ...]:
    """Plan the melody of a section: question, answer, contrast, and the answer again.

    Args:
        stream: decides.
        meter: the meter.
        habits: how the style's melodies go.
        bars: how many the section has.
        given: motifs to be taken, the first ones instead of invented ones.
    """
    ideas = [idea for one in given if (idea := idea_of(one, meter))]
    while len(ideas) < 3:
        ideas.append(invented(stream, meter, habits))
    schemes = [stream.pick(_SCHEMES), stream.pick(_SCHEMES)]
    lift = stream.pick({1: 0.4, 2: 0.4, 3: 0.2})
    ends = {closed: _cadence(stream, meter, closed) for closed in (False, True)}
    lengths = phrase_lengths(bars)
    wanted: list[Wanted] = []
    first_bar = 0
    for number, length in enumerate(lengths):
        contrast = number % 4 == 2
        closed = number % 2 == 1 or number == len(lengths) - 1
        pair = (ideas[2].shifted(lift), ideas[0]) if contrast else (ideas[0], ideas[1])
        made = _bars(schemes[contrast], pair, ends[closed], meter, length)
        start = first_bar * meter.ticks
        wanted += _timed(stream, habits, made, meter, start, ("open", "close")[closed], number)
        first_bar += length
    return tuple(wanted)


def _cadence(stream: Stream, meter: Meter, closed: bool) -> Idea:
    """The last bar of a phrase: up to three notes that lead to a long one."""
    ways: list[tuple[int, ...]] = [(0,)]
    if len(meter.beats) > 1:
        ways.append((0, meter.beats[1].start))
    if len(meter.beats) > 2 and meter.half < meter.ticks:
        ways += [(0, meter.beats[1].start, meter.half), (0, meter.half)]
    onsets = tuple(sorted(set(stream.one(ways))))
    down = stream.one(((2, 1, 0), (-2, -1, 0), (1, 2, 0))) if closed else (0, 1, 1)
    return Idea(onsets, down[-len(onsets) :])


def _bars(
    scheme: tuple[str, ...], pair: tuple[Idea, Idea], end: Idea, meter: Meter, length: int
) -> list[Idea]:
    """The bars of one phrase."""
    first, second = pair
    slow = first.augmented(meter)
    ways = {
        "a": first,
        "b": second,
        "a+": first.shifted(1),
        "a-": first.shifted(-1),
        "i": first.inverted(),
        "f": first.fragment(meter),
        "h": first.head(meter),
        "r": first.backwards(),
        "A1": slow[0],
        "A2": slow[1],
    }
    if length == 1:
        return [first]
    return [ways[scheme[bar % 3]] for bar in range(length - 1)] + [end]


def _timed(
    stream: Stream,
    habits: MelodyHabits,
    bars: list[Idea],
    meter: Meter,
    start: int,
    goal: str,
    phrase: int,
) -> list[Wanted]:
    """Give the notes of a phrase their lengths: each lasts to the next one, or leaves a rest."""
    onsets = [
        (start + bar * meter.ticks + at, step)
        for bar, idea in enumerate(bars)
        for at, step in zip(idea.onsets, idea.contour, strict=True)
    ]
    end = start + len(bars) * meter.ticks
    longest = meter.ticks if habits.density < 1 else 2 * PPQ
    wanted = []
    for place, (at, step) in enumerate(onsets):
        last = place == len(onsets) - 1
        until = end if last else onsets[place + 1][0]
        length = min(until - at, meter.ticks if last else longest)
        if last and length > PPQ and at + length == end:
            length -= PPQ // 2 if length <= 2 * PPQ else PPQ  # room to breathe
        elif not last and length >= PPQ // 2 and stream.chance(habits.rests):
            length = length // 2 // 60 * 60 or length
        wanted.append(Wanted(at, length, step, goal if last else "", phrase))
    return wanted
