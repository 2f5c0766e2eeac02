"""What a slow oscillator moves: tremolo, vibrato, chorus, flanger and phaser."""

import math
from collections.abc import Sequence

import numpy as np

from agents.toolchain.expectations import parameter
from agents.toolchain.measuring.trial import Trial, can_be, judged, main_rate, reached, settings
from agents.toolchain.specification import Specification
from agents.workflows.checks import Check, compared, unchecked
from audio.probing.echoes import echoes_in
from audio.probing.probe import Answer, Probe
from audio.probing.response import gain_db
from audio.probing.signals import impulse, impulses, tone
from audio.probing.swinging import rate_hz
from audio.probing.times import gains_of


def tremolo_trials(specification: Specification) -> list[Trial]:
    """The trials of a tremolo: rate and depth of its gain."""
    rate = main_rate(specification)
    chosen = settings(specification, rate=5.0, depth=0.5)
    hertz, depth = (reached(specification, one, chosen) for one in ("rate", "depth"))
    sound = tone(specification.channels, round(rate * min(4 / hertz, 60.0)), rate, 1000.0, -6.0)

    def judge(answers: Sequence[Answer]) -> list[Check]:
        places, gains = gains_of(sound[0], answers[0].output[0], 0.7)
        even = np.arange(0, sound.shape[1], rate // 1000, dtype=np.float64)
        curve = np.interp(even, places, gains)
        return [
            *_rate_check(curve, rate / (rate // 1000), hertz, chosen),
            compared("depth", f"the gain goes down to {1 - depth:g}", float(curve.min()), "==",
                     1 - depth, f"smallest gain of a 1 kHz tone, {_said(chosen)}", tolerance=0.02),
            compared("top", "the gain goes up to 1", float(curve.max()), "==", 1.0,
                     f"largest gain of a 1 kHz tone, {_said(chosen)}", tolerance=0.02),
        ]  # fmt: skip

    return [judged([Probe(sound, rate, chosen)], judge)]


def delay_sweep_trials(specification: Specification) -> list[Trial]:
    """The trials of vibrato, chorus and flanger: rate and ends of the delay."""
    rate, voices = main_rate(specification), specification.options.get("voices", 1)
    assert isinstance(voices, int)
    chosen = settings(specification, rate=0.5 / voices, depth=3.0, feedback=0.0, mix=1.0)
    hertz, depth = (reached(specification, one, chosen) for one in ("rate", "depth"))
    fixed = specification.options.get("delay_ms", 5.0)
    shortest = (
        reached(specification, "delay", chosen)
        if parameter(specification, "delay")
        else float(str(fixed))
    )
    every = round((shortest + depth + 5.0) / 1000 * rate) + 16
    each = max(every, round(rate / (hertz * voices) / 80))
    count = max(40, round(3.2 * rate / (hertz * voices) / each))
    sound = impulses(specification.channels, count * each, each)

    def judge(answers: Sequence[Answer]) -> list[Check]:
        latest = [
            max((one.samples for one in echoes_in(part, 0.05 / voices)), default=0.0)
            for part in np.split(answers[0].output[0], count)
        ]
        curve = np.array(latest) / rate * 1000
        first = [
            min((one.samples for one in echoes_in(part, 0.05 / voices)), default=0.0)
            for part in np.split(answers[0].output[0], count)
        ]
        how = f"when impulses every {each / rate * 1000:.4g} ms come back, {_said(chosen)}"
        low = float(np.min(first)) / rate * 1000
        return [
            *_rate_check(curve, rate / each, hertz * voices, chosen, "latest return of impulses"),
            compared("delay.shortest", f"the shortest delay is {shortest:g} ms", low, "==",
                     shortest, how, unit="ms", tolerance=0.05 * depth + 0.05),
            compared("delay.longest", f"the longest delay is {shortest + depth:g} ms",
                     float(curve.max()), "==", shortest + depth, how, unit="ms",
                     tolerance=0.05 * depth + 0.05),
        ]  # fmt: skip

    return [judged([Probe(sound, rate, chosen)], judge)]


def phaser_trials(specification: Specification) -> list[Trial]:
    """The trials of a phaser: its notches at both ends of the sweep, and its rate."""
    return [_notch_trial(specification), _phaser_rate(specification)]


def _notch_trial(specification: Specification) -> Trial:
    rate = main_rate(specification)
    chosen = settings(specification, rate=0.001, depth=1.0, frequency=800.0, feedback=0.0, mix=0.5)
    stages = specification.options["stages"]
    assert isinstance(stages, int)
    frames = rate // 4
    probe = Probe(impulse(specification.channels, frames), rate, chosen)

    def judge(answers: Sequence[Answer]) -> list[Check]:
        middle, depth = (reached(specification, one, chosen) for one in ("frequency", "depth"))
        lowest = middle * 2**-depth
        how = f"answer to an impulse at the lowest point of the sweep, {_said(chosen)}"
        what = f"there are {stages // 2} notches, the first at the sweep's lowest place"
        if not can_be(specification, "mix", 0.5):
            return [unchecked("notches", what, how, "the mix can't be set to 50 %")]
        share = [(2 * k + 1) * math.pi / (2 * stages) for k in range(stages // 2)]
        warped = math.tan(math.pi * lowest / rate)
        places = [rate / math.pi * math.atan(warped * math.tan(one)) for one in share]
        answer = answers[0].output[0]
        depths = [
            min(gain_db(answer, rate, near) for near in np.geomspace(one * 0.95, one * 1.05, 21))
            for one in places
        ]
        said = ", ".join(f"{one:.0f}" for one in places)
        return [
            compared("notches", what, max(depths), "<=", -15.0,
                     f"gain within 5 % of {said} Hz, {how}", unit="dB")
        ]  # fmt: skip

    return judged([probe], judge)


def _phaser_rate(specification: Specification) -> Trial:
    rate = main_rate(specification)
    chosen = settings(specification, rate=2.0, depth=1.0, frequency=800.0, feedback=0.0, mix=0.5)
    hertz, middle = (reached(specification, one, chosen) for one in ("rate", "frequency"))
    at = middle * 1.3
    sound = tone(specification.channels, round(rate * min(4 / hertz, 60.0)), rate, at, -6.0)

    def judge(answers: Sequence[Answer]) -> list[Check]:
        output = answers[0].output[0]
        hop = rate // 500
        turns = np.exp(-2j * np.pi * at / rate * np.arange(len(output)))
        heard = (output * turns)[: len(output) // hop * hop].reshape(-1, hop).mean(axis=1)
        smooth = np.convolve(heard, np.ones(5) / 5, mode="valid")
        return _rate_check(np.abs(smooth), rate / hop, hertz, chosen)

    return judged([Probe(sound, rate, chosen)], judge)


def _rate_check(
    curve: np.ndarray, per_second: float, hertz: float, chosen: dict[str, float],
    of: str = "level of a tone",
) -> list[Check]:  # fmt: skip
    measured = rate_hz(curve, per_second)
    return [
        compared("rate", f"it repeats {hertz:g} times in a second", measured, "==", hertz,
                 f"shortest lag at which the {of} is like itself, {_said(chosen)}", unit="Hz",
                 tolerance=0.03 * hertz)
    ]  # fmt: skip


def _said(chosen: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.6g}" for name, value in chosen.items())
