"""A line in a spectrogram."""

from dataclasses import dataclass

FLAT_ROWS = 3.0
"""A line that moves by no more, or by no more than its own width, stays where it is."""


@dataclass(frozen=True)
class Line:
    """A line from one end to the other, in columns and rows; middles of pixels have .5."""

    start: float
    end: float
    row: float
    """At the start."""
    end_row: float
    strength: float
    """How far it stands out, in dB."""
    level: float
    """What it reaches, in dB."""
    thickness: float
    """In rows."""

    @property
    def length(self) -> float:
        """In columns."""
        return self.end - self.start

    @property
    def moves(self) -> bool:
        """Whether it is a sweep."""
        return abs(self.end_row - self.row) > max(FLAT_ROWS, 0.6 * self.thickness)
