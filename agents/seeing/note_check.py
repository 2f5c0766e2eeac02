"""Notes that a model read in a score, held bar by bar against those that a file has as symbols."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from agents.seeing.forms import Note
from audio.agreement import SAME_QUARTERS
from audio.pitch_names import midi_of_note
from audio.written_music import Staff, WrittenMusic, WrittenNote

_LIKELY = 0.6
"""Share of the notes that must be in the bars of their own numbers, or another place is sought."""
_CLEARLY, _ENOUGH_NOTES = 0.8, 6
"""Another place must hold so great a share of so many notes: a page that begins later on."""


@dataclass(frozen=True)
class BarCheck:
    """A bar as it was read and as it is known."""

    bar: int
    """As the piece counts."""
    read: tuple[Note, ...]
    known: tuple[WrittenNote, ...]
    right: bool
    """Both are the same, note by note; chords are then in one order."""


@dataclass(frozen=True)
class NoteCheck:
    """A reading held against the symbols."""

    staff: str
    """Which staff or track was read."""
    pitches: tuple[int, ...]
    """MIDI numbers of all its notes, in order."""
    bars: tuple[BarCheck, ...]
    lengths: bool
    """Whether the lengths of the known notes are those that are written."""

    @property
    def share(self) -> float:
        """Share of the bars that were read right."""
        return sum(one.right for one in self.bars) / len(self.bars)

    @property
    def wrong(self) -> tuple[BarCheck, ...]:
        """The bars that were not."""
        return tuple(one for one in self.bars if not one.right)


def check_notes(read: Sequence[Note], music: WrittenMusic) -> NoteCheck | None:
    """Hold a reading against a piece; None where one of them has no notes.

    The reading may be of any staff, with all its notes or the upper one of each chord, and its bars
    may count from the beginning of a later page.
    """
    in_bars = sorted(read, key=lambda one: one.bar)
    held = {bar: tuple(notes) for bar, notes in groupby(in_bars, key=lambda one: one.bar)}
    if not held or not music.staves:
        return None
    staff, shift = _place_of(held, music)
    bars = tuple(
        _checked(bar + shift, notes, staff.bars.get(bar + shift, []), music.lengths)
        for bar, notes in held.items()
    )
    pitches = tuple(one.midi for bar in sorted(staff.bars) for one in staff.bars[bar])
    return NoteCheck(staff.name, pitches, bars, music.lengths)


def _place_of(held: dict[int, tuple[Note, ...]], music: WrittenMusic) -> tuple[Staff, int]:
    """The staff and the bars that a reading is of, and how far these are from its own numbers."""
    counts = {bar: Counter(_midi(one) for one in notes) for bar, notes in held.items()}
    total = sum(map(len, held.values()))
    known = [
        {bar: Counter(one.midi for one in notes) for bar, notes in staff.bars.items()}
        for staff in music.staves
    ]

    def share(index: int, shift: int) -> float:
        found = known[index]
        common = ((pitches & found.get(bar + shift, Counter())) for bar, pitches in counts.items())
        return sum(one.total() for one in common) / total

    staves = range(len(known))
    here = max(staves, key=lambda index: (share(index, 0), -index))
    if share(here, 0) >= _LIKELY or total < _ENOUGH_NOTES:
        return music.staves[here], 0
    last = max((bar for staff in known for bar in staff), default=0)
    shifts = range(1 - min(held), last - min(held) + 1)
    index, shift = max(
        ((index, shift) for shift in shifts for index in staves),
        key=lambda place: (share(*place), -abs(place[1]), -place[0]),
        default=(here, 0),
    )
    return (
        (music.staves[index], shift) if share(index, shift) >= _CLEARLY else (music.staves[here], 0)
    )


def _checked(
    bar: int, read: tuple[Note, ...], held: Sequence[WrittenNote], lengths: bool
) -> BarCheck:
    ways = list(_ways(held))
    for way in ways:
        ordered = _in_order(read, way, lengths)
        if ordered is not None:
            return BarCheck(bar, ordered, _flat(way), right=True)
    nearest = min(ways, key=lambda way: abs(len(_flat(way)) - len(read)))
    return BarCheck(bar, read, _flat(nearest), right=False)


def _ways(held: Sequence[WrittenNote]) -> Iterator[list[list[WrittenNote]]]:
    """How the notes of a bar may be told: with tied ones or without, whole chords or their tops."""
    for kept in (list(held), [one for one in held if not one.goes_on]):
        chords = [list(group) for _, group in groupby(kept, key=lambda one: one.onset)]
        yield chords
        yield [[max(chord, key=lambda one: one.midi)] for chord in chords]


def _in_order(
    read: Sequence[Note], chords: Sequence[Sequence[WrittenNote]], lengths: bool
) -> tuple[Note, ...] | None:
    """A reading with its chords in the order of the known ones; None where it is not of them."""
    known = _flat(chords)
    if len(read) != len(known):
        return None
    told: list[Note] = []
    for chord in chords:
        told += sorted(read[len(told) : len(told) + len(chord)], key=_midi)
    same = all(
        _midi(one) == other.midi and (not lengths or _same_length(one, other))
        for one, other in zip(told, known, strict=True)
    )
    return tuple(told) if same else None


def _flat(chords: Sequence[Sequence[WrittenNote]]) -> tuple[WrittenNote, ...]:
    return tuple(one for chord in chords for one in chord)


def _same_length(one: Note, known: WrittenNote) -> bool:
    """Whether the lengths agree; of tied notes one or all may have been told."""
    tied = known.goes_on or known.lasts_on
    return tied or abs(one.quarters - known.quarters) <= SAME_QUARTERS


def _midi(note: Note) -> int:
    return midi_of_note(note.pitch)
