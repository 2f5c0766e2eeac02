"""What can be told of a recording, and what must stay untold: speech and noise have no chords.

Instruments for music answer whatever they are given. Two things show that they heard music: a pulse
that recurs clearly, and notes that are held. In music that is played with any pulse, beats are told
with a confidence above 0.7, and held notes fill half of the time or more; noise and speech stay
below 0.6, and below 0.4.
"""

from agents.unpacking.analysis import Analysis

_PULSE = ("tempo", "tempo_octave", "tempo_alternatives", "beats", "downbeats", "meter")
_TONES = ("key", "relative_key", "chords")
_CLEAR_PULSE, _FAINT_PULSE = 0.65, 0.3
_HELD = 0.45
_FEWEST_BEATS = 8
_SURE_KEY = 0.4


def believed(analysis: Analysis, held: float) -> Analysis:
    """The analysis without what was not really heard; each such fact says why.

    Args:
        analysis: as it was measured.
        held: how many held notes sound on average.
    """
    beats = analysis.facts["beats"]
    clarity = beats.confidence if beats.value is not None else 0.0
    enough = len(analysis.times("beats")) >= _FEWEST_BEATS
    musical = held >= _HELD
    pulse = clarity >= _CLEAR_PULSE and (enough or musical)
    if not pulse and not (musical and clarity >= _FAINT_PULSE) and beats.value is not None:
        reason = (
            f"no clear pulse: what recurs is as faint ({clarity:.2f} of 1) as in speech or noise"
            if enough
            else f"{len(analysis.times('beats'))} beats without held notes are too few for a pulse"
        )
        analysis = analysis.without(_PULSE, reason)
    sure = pulse and enough and analysis.facts["key"].confidence >= _SURE_KEY
    if not musical and not sure:
        reason = f"hardly any note is held ({held:.2f} at once on average), as in speech or noise"
        untold = [name for name in _TONES if analysis.facts[name].value is not None]
        analysis = analysis.without(untold, reason)
    return analysis


def is_heard(analysis: Analysis, held: float) -> bool:
    """Whether pitched notes were heard at all."""
    return held >= _HELD or bool(analysis.text("key"))
