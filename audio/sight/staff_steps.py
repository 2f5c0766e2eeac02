"""Steps on a staff in words, and as notes."""

from audio.pitch_names import midi_of_note
from audio.sight.staves import LINES

_LETTERS = "CDEFGAB"


def step_in_words(step: float) -> str:
    """The nearest line or space, such as ``line 2`` or ``3 steps above the staff``."""
    nearest = round(step)
    if 0 <= nearest <= 2 * (LINES - 1):
        name, number = ("space", (nearest + 1) // 2) if nearest % 2 else ("line", nearest // 2 + 1)
        return f"{name} {number}"
    away = -nearest if nearest < 0 else nearest - 2 * (LINES - 1)
    return f"{away} step{'s' if away > 1 else ''} {'below' if nearest < 0 else 'above'} the staff"


def degree_of(pitch: str) -> int:
    """A note's place in the row of white keys, whatever its accidental: that of C4 is 28."""
    natural = midi_of_note(pitch[0] + pitch[1:].lstrip("#b"))
    return 7 * (natural // 12 - 1) + _LETTERS.index(pitch[0])


def note_at(degree: int) -> str:
    """The white key of a degree, such as ``C4`` for 28."""
    return f"{_LETTERS[degree % 7]}{degree // 7}"
