"""What is wrong between left and right of one recording: an inverted channel, a level too low."""

import re

import numpy as np

from audio.mastering.faults import Fault
from audio.mastering.stem import Stem

LEAST_INVERTED = -0.3
"""Correlation below which the channels contradict each other."""
_OFTEN = 0.8
"""Share of the sounding time, and of the bands, in which they do."""
_FEWEST_BANDS = 6
"""In fewer third-octave bands a late double of a tone looks inverted too."""
_MIRRORED = -0.985
"""Correlation below which one channel is nothing but the other, inverted."""
_SAME_INVERTED = -0.3
"""Likeness of the sides, all frequencies counting the same, from which on down the same sound is in
both of them, inverted; of a late double it is above 0."""
LEAST_LEAN_DB = 3.0
HARD_PANNED_DB = 12.0
"""A stem that leans further is meant to sit at the side."""
_ALIKE = 0.6
"""Correlation from which on a lean may be that of a panned source in a room."""
_SHARED_LEAN = 0.3
"""Share of the lean that the room or the noise about a source has where a channel's level is wrong.
About panned sources it is within 0.15 of 0."""
_UNLIKE = 0.3
"""Correlation below which the channels hold different sounds, not one source in its room."""
_BEYOND = 1.5
"""A room that leans this much further than the whole is none: it says nothing."""
_WHOLE = re.compile(r"(?<![a-z])(drums?|drum ?kit|kit|overheads?|oh|mix|master)(?![a-z])", re.I)
"""Names of what holds many sources: nobody pans all of them."""
_LOW = re.compile(r"(?<![a-z])(kick|bass ?drum|bd|bass|sub)(?![a-z])", re.I)
"""Names of what usually lies in the middle."""


def inverted_side(stem: Stem) -> Fault | None:
    """One channel that contradicts the other."""
    value = stem.heard.number("stereo.correlation")
    windows = stem.heard.windows
    heard = windows.heard(40.0)
    if value is None or value > LEAST_INVERTED or not heard.any():
        return None
    share = float(np.mean(windows.correlation()[heard] < LEAST_INVERTED / 2))
    if share < _OFTEN:
        return None
    bands, inverted = stem.heard.lean.signs()
    sides = stem.heard.shape.sides
    same = sides is not None and sides.share <= _SAME_INVERTED
    certain = same or value <= _MIRRORED or (bands >= _FEWEST_BANDS and inverted >= _OFTEN)
    says = f"one channel of {stem.name} is inverted: left and right cancel in mono"
    if not certain:
        says = f"left and right of {stem.name} cancel in mono"
    method = f"correlation of left and right, below {LEAST_INVERTED / 2:g} in {share:.0%} of it"
    if sides is not None:
        method += f"; phases of {sides.bins} frequencies, alike by {sides.share:+.2f}"
    return stem.fault(
        "polarity", says, value, "", LEAST_INVERTED, method, certain=certain, numbers=(1.0,)
    )


def leaning(stem: Stem, alone: bool) -> Fault | None:
    """A channel that is louder than the other, where that isn't where a source is panned."""
    lean = stem.lean_db()
    if abs(lean) < LEAST_LEAN_DB or (abs(lean) > HARD_PANNED_DB and not alone):
        return None
    side = "right" if lean > 0 else "left"
    says = f"{stem.name} leans to the {side} by {abs(lean):.1f} dB"
    certain, method = _is_level(stem, lean, alone)
    if certain is None:
        return None
    if not certain:
        says += ", which may be where it is panned"
    return stem.fault(
        "imbalance", says, lean, "dB", LEAST_LEAN_DB, method, certain=certain, numbers=(lean,)
    )


def _is_level(stem: Stem, lean: float, alone: bool) -> tuple[bool | None, str]:
    """Whether a lean is one of the channels' level, and how that is told; None: it is none."""
    method, alike = "RMS of right over left", abs(stem.likeness())
    room = stem.heard.lean.room_lean_db(lean) if alike > _UNLIKE else None
    share = None if room is None else room / lean
    if share is not None and share < _BEYOND:
        told = f"{method}; the room or noise about it leans by {share * lean:+.1f} dB"
        return (True if share >= _SHARED_LEAN else None), told
    if alone:
        return True, method
    if _WHOLE.search(stem.name):
        return True, f"{method}; its name says that it holds many sources"
    if stem.is_one_source():  # panned: told against the other stems
        low = _LOW.search(stem.name) is not None
        return (False, f"{method}; such parts usually lie in the middle") if low else (None, method)
    broad = stem.heard.lean.signs()[0] >= _FEWEST_BANDS
    return alike < _ALIKE and broad, method
