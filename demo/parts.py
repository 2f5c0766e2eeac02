"""What each instrument of the demo song plays, section by section."""

from collections.abc import Callable
from typing import NamedTuple

from demo.score import BEATS_PER_BAR, FORM, VOICINGS, Hit, Note, Voicing, melody

CHORD_RHYTHM = {
    "verse": ((0.0, 1.25), (1.5, 0.5), (2.5, 1.25)),
    "chorus": ((0.0, 1.5), (1.5, 1.5), (3.0, 1.0)),
}
"""Beat in the bar and length of the electric piano's chords."""

BASS_RHYTHM = {
    "verse": ((0.0, 1.25, 0), (1.5, 0.5, 0), (2.5, 0.5, 7), (3.0, 0.75, 0)),
    "chorus": (*((n / 2, 0.45, 0) for n in range(7)), (3.5, 0.45, 12)),
}
"""Beat in the bar, length, and semitones above the bass note of the chord."""

KICK = {"verse": (0.0, 2.0, 2.5), "chorus": (0.0, 1.5, 2.0, 3.5)}
"""Beats of the bar with a kick; the snare is on 2 and 4."""


class Bar(NamedTuple):
    """Where a bar stands in the song."""

    section: str
    start: float
    """In beats."""
    number: int
    """0 for the first bar of its section."""
    last: bool
    """Whether the song ends with it."""
    chord: Voicing


def every_bar() -> list[Bar]:
    """All bars of the song, in order."""
    found: list[Bar] = []
    for section in FORM:
        for number, chord in enumerate(section.chords):
            last = section is FORM[-1] and number == len(section.chords) - 1
            start = float(len(found) * BEATS_PER_BAR)
            found.append(Bar(section.name, start, number, last, VOICINGS[chord]))
    return found


def piano(bar: Bar) -> list[Note]:
    """Broken chords outside, chords in verse and chorus, one held chord at the end."""
    low, middle, high = bar.chord.hands
    if bar.last:
        return [Note(bar.start, 4, pitch, 0.8) for pitch in (low - 12, low, middle, high, low + 12)]
    if bar.section in CHORD_RHYTHM:
        force = 0.85 if bar.section == "chorus" else 0.65
        return [
            Note(bar.start + beat, beats, pitch, force if beat == 0 else 0.8 * force)
            for beat, beats in CHORD_RHYTHM[bar.section]
            for pitch in bar.chord.hands
        ]
    figure = (low, high, middle + 12, high, low + 12, high, middle + 12, high)
    return [
        Note(bar.start + n / 2, 1.5, pitch, 0.85 if n % 4 == 0 else 0.65)
        for n, pitch in enumerate(figure)
    ]


def pad(bar: Bar) -> list[Note]:
    """Held chords, an octave added in the chorus; none in the verse."""
    if bar.section == "verse":
        return []
    top = (bar.chord.hands[0] + 12,) if bar.section == "chorus" else ()
    velocity = 0.9 if bar.section == "chorus" else 0.5
    return [Note(bar.start, 4, pitch, velocity) for pitch in (*bar.chord.hands, *top)]


def bass(bar: Bar) -> list[Note]:
    """Root and fifth in the verse, driving eighths in the chorus, the last note."""
    if bar.last:
        return [Note(bar.start, 4, bar.chord.bass, 0.8)]
    return [
        Note(bar.start + beat, beats, bar.chord.bass + above, 0.9 if beat == 0 else 0.75)
        for beat, beats, above in BASS_RHYTHM.get(bar.section, ())
    ]


def drums(bar: Bar) -> list[Hit]:
    """Hats in the second half of the intro, the kit in verse and chorus, a last crash."""
    if bar.last:
        return [Hit(bar.start, "kick", 0.78), Hit(bar.start, "crash", 0.5)]
    force = 0.95 if bar.section == "chorus" else 0.8
    hits = [Hit(bar.start + beat, "kick", force) for beat in KICK.get(bar.section, ())]
    if hits:
        hits += [Hit(bar.start + beat, "snare", force) for beat in (1.0, 3.0)]
        fill = bar.number == 3
        hits += [Hit(bar.start + 3.5 + n / 4, "snare", 0.45 + n / 5) for n in range(2 * fill)]
    if bar.section == "chorus" and bar.number == 0:
        hits.append(Hit(bar.start, "crash", 0.9))
    steps = {"intro": 8 if bar.number >= 2 else 0, "verse": 8, "chorus": 16, "outro": 0}
    return hits + hats(bar.start, steps[bar.section])


def hats(start: float, steps: int) -> list[Hit]:
    """A bar of closed hats, accented on the beat; an open one before the next bar."""
    accents = {0.0: 0.8, 0.5: 0.6}
    closed = [
        Hit(start + n * 4 / steps, "hat", accents.get(n * 4 / steps % 1, 0.35))
        for n in range(steps)
        if n * 4 / steps != 3.5
    ]
    return [*closed, Hit(start + 3.5, "open hat", 0.5)] if steps else []


def play(part: Callable[[Bar], list[Note]]) -> list[Note]:
    """All notes of a part."""
    return [note for bar in every_bar() for note in part(bar)]


def guitar() -> list[Note]:
    """The melody of verse and outro."""
    return [*melody("verse"), *melody("outro")]


def lead() -> list[Note]:
    """The melody of the chorus."""
    return melody("chorus")
