"""Bass: the style's pattern on the roots, or a walking line through the chords."""

from audio.composing.harmony import Sounding, chord_at
from audio.composing.meters import Meter
from audio.composing.patterns import Stroke, strokes
from audio.composing.scales import Scale
from audio.composing.streams import Stream
from audio.songs.harmony import Chord
from audio.songs.instruments import Instrument
from audio.songs.song import Note

_ABOVE_LOWEST = 10
"""Roots lie around this many semitones above an instrument's lowest pitch."""
_HIGHEST_CENTRE = 48
_CALM = 0.45
"""Below this energy only roots on strong beats are played."""


def bass_line(
    stream: Stream,
    scale: Scale,
    meter: Meter,
    chords: tuple[Sounding, ...],
    bars: int,
    patterns: tuple[str, ...],
    player: Instrument,
    energy: float,
) -> tuple[Note, ...]:
    """Play a section's bass: one pattern for most bars, another before a phrase ends."""
    main, other = stream.one(patterns), stream.one(patterns)
    line = _Line(scale, chords, player)
    notes: list[Note] = []
    for bar in range(bars):
        pattern = other if bar % 4 == 3 and "w" not in main else main
        events = strokes(pattern, meter)
        if energy < _CALM:
            events = _calm(meter)
        for place, event in enumerate(events):
            following = events[place + 1].start if place + 1 < len(events) else meter.ticks
            start = bar * meter.ticks + event.start
            if pitch := line.pitch(event, start, bar * meter.ticks + following, stream):
                notes.append(Note(start=start, length=event.length, pitch=pitch))
    return tuple(notes)


def _calm(meter: Meter) -> tuple[Stroke, ...]:
    ends = [*meter.strong_ticks[1:], meter.ticks]
    return tuple(
        Stroke(at, end - at, "R", True) for at, end in zip(meter.strong_ticks, ends, strict=True)
    )


class _Line:
    """A bass line as it goes on: it knows its last two notes."""

    def __init__(self, scale: Scale, chords: tuple[Sounding, ...], player: Instrument) -> None:
        self._scale, self._chords, self._player = scale, chords, player
        self._centre = min(_HIGHEST_CENTRE, player.low + _ABOVE_LOWEST)
        self._before = self._last = self._centre

    def pitch(self, event: Stroke, start: int, following: int, stream: Stream) -> int | None:
        """The pitch of one event; None where no chord sounds."""
        chord = chord_at(self._chords, start)
        if chord is None:
            return None
        after = chord_at(self._chords, following) or chord
        changed = any(one.start == start for one in self._chords)
        root = self._near(chord.bass, self._centre)
        if event.letter == "R" or (event.letter == "w" and changed):
            pitch = root if event.letter == "R" else self._near(chord.bass, self._last)
        elif event.letter == "8":
            pitch = root + 12 if root + 12 <= self._player.high else root
        elif event.letter in "35":
            pitch = self._above(root, self._tone(chord, event.letter))
        elif event.letter == "a":
            pitch = self._leading(after)
        else:
            pitch = self._walked(chord, after, stream)
        self._before, self._last = self._last, pitch
        return pitch

    def _tone(self, chord: Chord, letter: str) -> int:
        wanted = (3, 4, 2, 5) if letter == "3" else (7, 6, 8)
        steps = [step % 12 for step in chord.quality.intervals]
        return (chord.root + next((one for one in wanted if one in steps), 0)) % 12

    def _above(self, root: int, pitch_class: int) -> int:
        up = root + (pitch_class - root) % 12
        return up if up <= self._player.high else up - 12

    def _near(self, pitch_class: int, middle: int) -> int:
        """The pitch of a class that lies nearest to a middle, in range and not too high."""
        low, high = self._player.low, min(self._player.high, self._centre + 14)
        fitting = [one for one in range(low, high + 1) if one % 12 == pitch_class]
        return min(fitting, key=lambda one: (abs(one - middle), one))

    def _leading(self, after: Chord) -> int:
        """A step of the scale next to the root of the chord that comes."""
        root = self._near(after.bass, self._last)
        steps = [one for one in (root - 1, root - 2, root + 1, root + 2) if self._fits(one)]
        return min(steps, key=lambda one: abs(one - self._last), default=root)

    def _fits(self, pitch: int) -> bool:
        return pitch % 12 in self._scale.classes and self._player.can_play(pitch)

    def _walked(self, chord: Chord, after: Chord, stream: Stream) -> int:
        """The next note of a walking line: a chord tone or a step, towards the chord that comes."""
        if after.name != chord.name:
            return self._leading(after)
        reach = range(self._last - 5, self._last + 6)
        tones = [
            one
            for one in reach
            if one != self._last
            and self._player.low <= one <= min(self._player.high, self._centre + 14)
            and (
                one % 12 in chord.pitch_classes or (abs(one - self._last) <= 2 and self._fits(one))
            )
        ]
        costs = {
            one: 0.5 * stream.unit()
            + 0.1 * abs(abs(one - self._last) - 3)
            + 0.7 * (one == self._before)
            + 0.05 * abs(one - self._centre - 3)
            + 0.25 * (one % 12 not in chord.pitch_classes)
            for one in tones
        }
        return min(costs, key=costs.__getitem__, default=self._near(chord.bass, self._last))
