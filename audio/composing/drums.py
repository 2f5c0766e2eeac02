"""Drums: the style's grooves, with fills before new sections, lively but in time."""

from audio.composing.meters import Meter
from audio.composing.patterns import strokes
from audio.composing.streams import Stream
from audio.songs.song import Note

SOUNDS = {
    "kick": 36, "snare": 38, "rim": 37, "clap": 39, "hat": 42, "pedalhat": 44, "openhat": 46,
    "ride": 51, "tom": 45, "shaker": 70, "tambourine": 54, "conga": 63, "cowbell": 56,
}  # fmt: skip
"""The General MIDI pitch of each sound that grooves name."""

_CRASH = 49
_TOMS = (50, 48, 47, 45, 43)
_LOUD = {"X": 112, "x": 92, "o": 58}
_QUIET_SOUNDS = ("hat", "ride", "shaker", "rim", "pedalhat", "tambourine")
_CALM, _FULL = 0.45, 0.6
_HIT = 60
"""Length of a hit, in ticks, where the next cell does not come earlier."""
_WAVER = 6


def groove(
    stream: Stream,
    meter: Meter,
    bars: int,
    grooves: tuple[dict[str, str], ...],
    energy: float,
    opens: bool,
) -> tuple[Note, ...]:
    """Play a section's drums.

    Args:
        stream: decides.
        meter: the meter.
        bars: how many bars.
        grooves: patterns by sound, of which one is chosen.
        energy: 0..1; calm sections have only the quiet sounds.
        opens: whether a cymbal marks its start.
    """
    chosen = stream.one(grooves)
    sounds = [name for name in chosen if energy >= _CALM or name in _QUIET_SOUNDS] or list(chosen)
    notes: list[Note] = []
    for bar in range(bars):
        fills = energy >= _FULL and (bar == bars - 1 or (bar % 8 == 7))
        cut = meter.beats[-1].start if fills else meter.ticks
        for name in sounds:
            for stroke in strokes(chosen[name], meter):
                if stroke.start < cut:
                    start = bar * meter.ticks + stroke.start
                    notes.append(_hit(stream, start, SOUNDS[name], _LOUD[stroke.letter]))
        if fills:
            notes += _fill(stream, meter, bar)
    if opens and energy >= _FULL:
        notes.append(_hit(stream, 0, _CRASH, 104))
    return tuple(notes)


def final_hit(stream: Stream, start: int) -> tuple[Note, ...]:
    """The last stroke of a piece."""
    return (_hit(stream, start, SOUNDS["kick"], 108), _hit(stream, start, _CRASH, 104))


def _fill(stream: Stream, meter: Meter, bar: int) -> list[Note]:
    """The last beat of a bar: snare and toms downwards."""
    beat = meter.beats[-1]
    kinds = [(0, 2), (0, 1, 2, 3), (0, 2, 3), (1, 2, 3)]
    cells = (0, 1, 2) if beat.triple else stream.one(kinds)
    first = stream.whole(0, 2)
    notes = []
    for place, cell in enumerate(cells):
        sound = 38 if place == 0 else _TOMS[min(first + place, len(_TOMS) - 1)]
        notes.append(_hit(stream, bar * meter.ticks + beat.cell(cell), sound, 88 + 6 * place))
    return notes


def _hit(stream: Stream, start: int, pitch: int, velocity: int) -> Note:
    loud = velocity + stream.whole(-_WAVER, _WAVER)
    return Note(start=start, length=_HIT, pitch=pitch, velocity=max(1, min(127, loud)))
