"""From the mix to what is limited: tonal balance, low frequencies in mono, glue.

Each is left out where it doesn't make better what it is for.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from scipy import signal

from agents.mastering.facts import Balanced, Mixed, Toned
from agents.mastering.glue import SEGMENT_SECONDS, levels_db, reduction_db
from agents.mastering.limiting import least_reduction_db
from agents.mastering.metering import read_meters
from agents.mastering.order import MasterOrder
from agents.mastering.rendering import rendered
from agents.mastering.sounds import keep_sound, open_sound
from agents.mastering.steps import Compress, Equalise, MonoBelow, Step
from agents.recipes.sound import Sound
from audio.assets import AssetRef, AssetStore
from audio.mastering.tone import CENTRES_HZ, Balance, balance_of, towards, towards_usual

_EQUALISED = "equalised.wav"
_NEAR_DB = 0.5
"""A distance so small needs no correction."""
_TAPS_SECONDS = 0.085
_WIDE_LOW_DB = -15.0
"""Low frequencies whose sides are further below their middle are mono enough."""
_GLUE_FROM_DB = 3.0
"""Peaks that lose less need no glue before the limiter."""
_GLUE_SPARES_DB = 0.5
_GLUE_MOST_DB = 4.0


def tone_mix(
    mixed: Mixed, reference: Path | None, order: MasterOrder, scratch: AssetStore
) -> Toned:
    """Decide which steps a mix gets, and carry them out.

    Args:
        mixed: the mix.
        reference: a recording whose tonal balance is approached; None for the usual slope.
        order: what is allowed.
        scratch: where the mix lies and the result goes.
    """
    mix = scratch.path(mixed.ref)
    with TemporaryDirectory() as folder:
        work = Path(folder)
        toned = _plan(mix, reference, order, work, mixed.ref)
        if not toned.steps:
            return toned
        path = work / "toned.wav"
        keep_sound(path, rendered(open_sound(mix), toned.steps))
        return toned.model_copy(update={"ref": scratch.add(path, "audio", "toned-float.wav")})


def _plan(
    mix: Path, reference: Path | None, order: MasterOrder, work: Path, ref: AssetRef
) -> Toned:
    steps: list[Step] = []
    notes: list[str] = []
    bypassed: list[str] = []
    balance, sound = None, open_sound(mix)
    if order.tone:
        step, balance, says = _equaliser(mix, reference, work)
        (notes if step else bypassed).append(says)
        if step is not None:
            steps.append(step)
            sound = open_sound(work / _EQUALISED)
    if order.mono_below_hz and sound.channels == 2:
        low, says = _low_mono(sound, order.mono_below_hz)
        (notes if low else bypassed).append(says)
        if low is not None:
            steps.append(low)
            sound = keep_sound(work / "mono.wav", rendered(sound, (low,)))
    if order.glue:
        glue, says = _glue(sound, order)
        (notes if glue else bypassed).append(says)
        steps += [glue] if glue else []
    return Toned(
        ref=ref,
        steps=tuple(steps),
        balance=balance,
        notes=tuple(notes),
        bypassed=tuple(bypassed),
    )


def _equaliser(
    mix: Path, reference: Path | None, work: Path
) -> tuple[Equalise | None, Balanced | None, str]:
    own, against = balance_of(mix), "the usual slope of music (-5 dB an octave, 3 dB either way)"
    other = balance_of(reference) if reference is not None else None
    if reference is not None:
        against = "the reference"
    if own is None or (reference is not None and other is None):
        return None, None, "tonal balance: too few bands hold sound to judge it"
    correction = towards(own, other) if other is not None else towards_usual(own)
    here = Balanced(
        against=against, before_db=round(correction.before_db, 2),
        after_db=round(correction.before_db, 2),
    )  # fmt: skip
    if correction.before_db < _NEAR_DB:
        return None, here, f"tonal balance: {correction.before_db:.2f} dB from {against}, near it"
    step = Equalise(
        hertz=tuple(round(float(hertz), 1) for hertz in CENTRES_HZ),
        gains_db=tuple(round(float(gain), 2) for gain in correction.gains_db),
        taps=_odd(_TAPS_SECONDS * open_sound(mix).rate),
    )
    after = _distance_after(step, mix, other, work)
    there = here.model_copy(update={"after_db": round(after, 2)})
    if after >= correction.before_db:
        says = f"tonal balance: the correction leads no nearer to {against} ({after:.2f} dB)"
        return None, here, says
    loudest = max(step.gains_db, key=abs)
    says = (
        f"tonal balance: {correction.before_db:.2f} dB from {against} before, {after:.2f} dB after "
        f"(corrected by up to {loudest:+.1f} dB)"
    )
    return step, there, says


def _distance_after(step: Equalise, mix: Path, other: Balance | None, work: Path) -> float:
    """The distance as it is measured once the correction is made."""
    keep_sound(work / _EQUALISED, rendered(open_sound(mix), (step,)))
    own = balance_of(work / _EQUALISED)
    if own is None:
        return float("inf")
    return (towards(own, other) if other is not None else towards_usual(own)).before_db


def _low_mono(sound: Sound, hertz: float) -> tuple[MonoBelow | None, str]:
    """Sides are taken away below a frequency, where there are any to speak of."""
    sections = signal.butter(4, hertz, fs=sound.rate, output="sos")
    state, powers = np.zeros((len(sections), 2, 2)), np.zeros(2)
    for block in sound.blocks():
        both = np.stack((block[:, 0] + block[:, 1], block[:, 0] - block[:, 1]), axis=1)
        low, state = signal.sosfilt(sections, both, axis=0, zi=state)
        powers += np.square(low).sum(axis=0)
    wide = 10 * float(np.log10(max(powers[1], 1e-12) / max(powers[0], 1e-12)))
    if powers[1] < 1e-6 or wide < _WIDE_LOW_DB:
        return None, f"mono below {hertz:g} Hz: the sides lie {-wide:.0f} dB below the middle there"
    step = MonoBelow(hertz=hertz, taps=_odd(_TAPS_SECONDS * sound.rate))
    return step, f"mono below {hertz:g} Hz, where the sides lay {wide:+.0f} dB to the middle"


def _glue(sound: Sound, order: MasterOrder) -> tuple[Compress | None, str]:
    """Compress gently where that spares the limiter of the loudest target."""
    before = read_meters(sound)
    loudest = max(order.targets, key=lambda one: one.lufs - one.true_peak_dbtp)
    if before.lufs is None:
        return None, "glue: the loudness can't be told"
    plain = least_reduction_db(before, loudest)
    if plain < _GLUE_FROM_DB:
        return None, f"glue: the limiter takes {plain:.1f} dB off the highest peak, which is little"
    step = _gentle(sound)
    spared = plain - least_reduction_db(read_meters(rendered(sound, (step,))), loudest)
    if spared < _GLUE_SPARES_DB:
        return None, f"glue: it would spare the limiter {spared:.1f} dB only"
    return step, f"glue: spares the limiter {spared:.1f} dB of {plain:.1f} dB"


def _gentle(sound: Sound) -> Compress:
    """A compressor of 2 to 1 above the usual level, that takes no more than a few dB off."""
    segment = max(round(SEGMENT_SECONDS * sound.rate), 1)
    step = Compress(
        threshold_db=0.0, ratio=2.0, knee_db=6.0, window_seconds=0.03, smooth_seconds=0.08
    )
    levels = levels_db(sound, segment, step.window_seconds)
    heard = levels[levels > levels.max() - 30]
    threshold = float(np.median(heard))
    deepest = float(reduction_db(levels, step.model_copy(update={"threshold_db": threshold})).min())
    ratio = 2.0 if deepest >= -_GLUE_MOST_DB else 1 / (1 - 0.5 * _GLUE_MOST_DB / -deepest)
    return step.model_copy(update={"threshold_db": round(threshold, 2), "ratio": round(ratio, 3)})


def _odd(taps: float) -> int:
    return 2 * round(taps / 2) + 1
