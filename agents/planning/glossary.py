"""A producer's words as filters: what "boomy", "brighter" or "less mud" means in hertz and dB.

The frequency regions are the usual ones of mixing textbooks (Izhaki, *Mixing Audio*; Owsinski,
*The Mixing Engineer's Handbook*); the amounts are moderate, to be heard without changing character.
"""

from memory.context import Operation


def _peak(frequency_hz: float, gain_db: float, q: float) -> Operation:
    return Operation(
        name="peak_eq", parameters={"frequency_hz": frequency_hz, "gain_db": gain_db, "q": q}
    )


def _shelf(side: str, frequency_hz: float, gain_db: float) -> Operation:
    return Operation(
        name=f"{side}_shelf", parameters={"frequency_hz": frequency_hz, "gain_db": gain_db}
    )


CURES: dict[str, tuple[Operation, str]] = {
    "boomy": (_shelf("low", 120.0, -3.0), "boomy: -3 dB below 120 Hz"),
    "muddy": (_peak(300.0, -3.0, 1.0), "muddy: -3 dB around 300 Hz"),
    "boxy": (_peak(450.0, -3.0, 1.2), "boxy: -3 dB around 450 Hz"),
    "honky": (_peak(900.0, -3.0, 1.4), "honky: -3 dB around 900 Hz"),
    "harsh": (_peak(3200.0, -3.0, 1.2), "harsh: -3 dB around 3.2 kHz"),
    "sibilant": (_peak(7000.0, -4.0, 2.0), "sibilant: -4 dB around 7 kHz"),
    "bright": (_shelf("high", 8000.0, -3.0), "too bright: -3 dB above 8 kHz"),
    "dull": (_shelf("high", 8000.0, 3.0), "dull: +3 dB above 8 kHz"),
    "thin": (_shelf("low", 180.0, 3.0), "thin: +3 dB below 180 Hz"),
    "narrow": (Operation(name="mid_side", parameters={"width": 1.3}), "narrow: width 1.3"),
    "wide": (Operation(name="mid_side", parameters={"width": 0.7}), "too wide: width 0.7"),
}
"""What is done about a complaint, and how the reason says it."""

EFFECTS: dict[str, tuple[Operation, str]] = {
    "brighter": (_shelf("high", 8000.0, 3.0), "brighter: +3 dB above 8 kHz"),
    "darker": (_shelf("high", 8000.0, -3.0), "darker: -3 dB above 8 kHz"),
    "warmer": (_shelf("low", 200.0, 2.0), "warmer: +2 dB below 200 Hz"),
    "more_bass": (_shelf("low", 110.0, 3.0), "more bass: +3 dB below 110 Hz"),
    "less_bass": (_shelf("low", 110.0, -3.0), "less bass: -3 dB below 110 Hz"),
    "less_mud": (_peak(300.0, -3.0, 1.0), "clearer: -3 dB around 300 Hz"),
}
"""What a wished change means, and how the reason says it."""

BANDS: dict[str, tuple[str, float]] = {
    "low": ("low_shelf", 120.0),
    "low_mid": ("peak_eq", 250.0),
    "mid": ("peak_eq", 1000.0),
    "high_mid": ("peak_eq", 2800.0),
    "high": ("high_shelf", 6000.0),
}
"""The filter for more or less of a region, and its usual frequency in hertz."""

INTERVALS: dict[str, float] = {
    "third": 4, "fourth": 5, "fifth": 7, "sixth": 9, "octave": 12, "terz": 4, "quarte": 5,
    "quinte": 7, "quint": 7, "sexte": 9, "oktave": 12, "tercera": 4, "cuarta": 5, "quinta": 7,
    "octava": 12, "tierce": 4, "semitone": 1, "halbton": 1, "semitono": 1, "tone": 2, "ganzton": 2,
    "tono": 2,
}  # fmt: skip
"""Semitones of the intervals that are named without a number (major or perfect ones)."""
