"""On the beat or between: which of two phases of a pulse is the beat.

The bass plays on the beat more than between, the harmony changes there, above all where a bar
begins, on one beat in four, and the snare is struck there. The off-beats of a waltz or a polka may
be the louder ones, so that the other bands say little. Music mostly begins on a beat: of 24
annotated recordings whose two phases differ clearly 21 do, whence that weight.
"""

import numpy as np

from audio.accents import strength_at
from audio.backbeat import Backbeat
from audio.blocks import Floats
from audio.harmonic_change import harmonic_change
from audio.onsets import Doubles, OnsetStrength

_HIGH_WEIGHT = 0.3
_HARMONY_WEIGHT = 1.5
"""Log ratios of harmonic change are smaller than those of bass onsets."""
_SNARE_WEIGHT, _FAINT_RISE = 0.4, 0.1
_BEGINNING_WEIGHT = 2.0
"""Log odds that the first note lies on a beat."""
_BAR_BEATS = 4


def settle_phase(
    beats: Doubles,
    strength: OnsetStrength,
    backbeat: Backbeat,
    chroma: Floats,
    beginning: float | None,
) -> Doubles:
    """Move beats by half an interval where they lie between the beats.

    Args:
        beats: times in seconds, ascending, at least two.
        strength: how strongly notes begin.
        backbeat: how surely there is a snare.
        chroma: pitch class magnitudes, (frames, 12), 10 frames per second.
        beginning: when the music begins, in seconds; None where the file may be cut from it.
    """
    halves = beats[:-1] + np.diff(beats) / 2
    by_bass = _log_ratio(beats, halves, strength.bass())
    by_high = _log_ratio(beats, halves, strength.high())
    by_snare = backbeat.presence * _log_ratio(beats, halves, strength.bursts, _FAINT_RISE)
    evidence = by_bass + _HIGH_WEIGHT * by_high + _SNARE_WEIGHT * by_snare
    evidence += _HARMONY_WEIGHT * _by_harmony(beats, halves, chroma)
    if beginning is not None:
        evidence += _BEGINNING_WEIGHT * _on_beat(beginning, beats)
    if evidence >= 0:
        return beats
    first = beats[0] - (halves[0] - beats[0])
    return np.concatenate(([first], halves)) if first >= 0 else halves


def _by_harmony(beats: Doubles, halves: Doubles, chroma: Floats) -> float:
    """How much more the harmony changes on the beats than between, on all and where bars begin."""
    on, between = harmonic_change(beats, chroma), harmonic_change(halves, chroma)
    return _ratio(on, between) + _ratio(_at_bars(on), _at_bars(between))


def _at_bars(change: Doubles) -> Doubles:
    """Those beats, one in four, on which the harmony changes most."""
    return max((change[first::_BAR_BEATS] for first in range(min(_BAR_BEATS, len(change)))),
               key=lambda one: float(one.mean()))  # fmt: skip


def _on_beat(seconds: float, beats: Doubles) -> float:
    """1 on a beat of the grid that the beats begin, -1 half-way between two."""
    near = int(np.argmin(np.abs(beats - seconds)))
    interval = float(np.diff(beats)[max(0, min(near, len(beats) - 2))])
    return float(np.cos(2 * np.pi * (seconds - beats[near]) / interval))


def _log_ratio(beats: Doubles, halves: Doubles, strength: Floats, least: float = 1e-6) -> float:
    return _ratio(strength_at(beats, strength), strength_at(halves, strength), least)


def _ratio(on: Doubles, between: Doubles, least: float = 1e-6) -> float:
    return float(np.log((on.mean() + least) / (between.mean() + least)))
