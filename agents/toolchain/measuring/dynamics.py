"""What acts on levels: compressors, gates and envelope followers."""

from collections.abc import Sequence

import numpy as np

from agents.toolchain.expectations import compressed, inputs_of, parameter, value_of
from agents.toolchain.measuring.keys import key_trials
from agents.toolchain.measuring.trial import Trial, judged, main_rate, reached, settings
from agents.toolchain.specification import Specification
from agents.workflows.checks import Check, compared
from audio.probing.probe import Answer, Probe
from audio.probing.signals import steps, tone
from audio.probing.steady import fitted
from audio.probing.times import decay_ms, gains_of, time_to_share

_HERTZ = 1000.0


def compressor_trials(specification: Specification) -> list[Trial]:
    """The trials of a compressor: its static curve, and how fast it moves."""
    trials = [_curve_trial(specification, {}, "at the defaults")]
    hard = settings(specification, threshold=-40.0, ratio=10.0, knee=0.0, makeup=0.0, mix=1.0)
    trials.append(_curve_trial(specification, hard, _said(hard)))
    trials += [_attack_trial(specification, hard), _release_trial(specification, hard)]
    return [*trials, *key_trials(specification)]


def _curve_trial(specification: Specification, chosen: dict[str, float], says: str) -> Trial:
    rate = main_rate(specification)
    levels = np.arange(-60.0, 0.1, 6.0).tolist()
    attack = reached(specification, "attack", chosen) if parameter(specification, "attack") else 10
    frames = round((0.2 + 10 * attack / 1000) * rate)
    probes = [
        Probe(tone(inputs_of(specification), frames, rate, _HERTZ, level), rate, chosen)
        for level in levels
    ]

    def judge(answers: Sequence[Answer]) -> list[Check]:
        after = specification.model_copy(
            update={
                "parameters": tuple(
                    one.model_copy(update={"default": chosen.get(one.name, one.default)})
                    for one in specification.parameters
                )
            }
        )
        misses = []
        for level, one in zip(levels, answers, strict=True):
            tail = one.output[0, -rate // 10 :]
            misses.append(abs(fitted(tail, rate, _HERTZ).dbfs - compressed(after, level)))
        return [
            compared(
                "curve" if not chosen else "curve.hard",
                "steady levels follow the curve of threshold, ratio, knee and make-up", max(misses),
                "<=", 0.3,
                f"largest distance of the level of 1 kHz tones of -60 to 0 dBFS from it, {says}",
                unit="dB",
            )
        ]  # fmt: skip

    return judged(probes, judge)


def _attack_trial(specification: Specification, hard: dict[str, float]) -> Trial:
    rate, smooth = main_rate(specification), specification.options.get("detection") == "rms"
    attack = 100.0 if smooth else max(value_of(specification, "attack", 10.0), 2.0)
    chosen = hard | settings(specification, attack=attack)
    attack = reached(specification, "attack", chosen) if parameter(specification, "attack") else 10
    threshold = reached(specification, "threshold", hard)
    quiet, loud = threshold - 20, min(threshold + 30, 6.0)
    parts = [(0.1, quiet), (0.05 + 10 * attack / 1000, loud)]
    sound = steps(inputs_of(specification), rate, _HERTZ, parts)

    def judge(answers: Sequence[Answer]) -> list[Check]:
        start = round(0.1 * rate)
        places, gains = gains_of(sound[0, start:], answers[0].output[0, start:], 0.5)
        took = time_to_share(places, 20 * np.log10(np.maximum(gains, 1e-9)), 0.0, rate)
        share = 0.2 if smooth else 0.1
        return [
            compared("attack", f"63 % of the gain reduction is reached in {attack:g} ms", took,
                     "==", attack,
                     f"a 1 kHz tone that jumps from {quiet:g} to {loud:g} dBFS: the gain in "
                     f"decibels after the jump, {_said(chosen)}", unit="ms",
                     tolerance=share * attack + 0.3)
        ]  # fmt: skip

    return judged([Probe(sound, rate, chosen)], judge)


def _release_trial(specification: Specification, hard: dict[str, float]) -> Trial:
    rate, smooth = main_rate(specification), specification.options.get("detection") == "rms"
    release = max(value_of(specification, "release", 100.0), 50.0 if smooth else 20.0)
    chosen = hard | settings(specification, release=release, attack=5.0)
    release = (
        reached(specification, "release", chosen) if parameter(specification, "release") else 100
    )
    attack = reached(specification, "attack", chosen) if parameter(specification, "attack") else 10
    threshold = reached(specification, "threshold", hard)
    quiet, loud, held = threshold - 12, min(threshold + 30, 6.0), 0.05 + 10 * attack / 1000
    sound = steps(
        inputs_of(specification), rate, _HERTZ, [(held, loud), (0.1 + 6 * release / 1000, quiet)]
    )

    def judge(answers: Sequence[Answer]) -> list[Check]:
        start = round(held * rate)
        places, gains = gains_of(sound[0, start:], answers[0].output[0, start:], 0.5)
        took = decay_ms(places, -20 * np.log10(np.maximum(gains, 1e-9)), rate)
        return [
            compared("release", f"the gain reduction falls by 63 % in {release:g} ms", took, "==",
                     release, f"a 1 kHz tone that falls from {loud:g} to {quiet:g} dBFS: slope of "
                     f"the logarithm of the gain reduction, {_said(chosen)}", unit="ms",
                     tolerance=(0.2 if smooth else 0.1) * release)
        ]  # fmt: skip

    return judged([Probe(sound, rate, chosen)], judge)


def gate_trials(specification: Specification) -> list[Trial]:
    """The trials of a gate: where it opens, how much it takes away, how fast it moves."""
    own = [_threshold_trial(specification), *_gate_times(specification)]
    return [*own, *key_trials(specification)]


def _threshold_trial(specification: Specification) -> Trial:
    rate = main_rate(specification)
    threshold = value_of(specification, "threshold", -40.0)
    closed = value_of(specification, "range", -80.0)
    chosen = settings(specification, attack=1.0, hold=1.0)
    probes = [
        Probe(tone(inputs_of(specification), rate, rate, _HERTZ, threshold + step), rate, chosen)
        for step in (-1.0, 1.0)
    ]

    def judge(answers: Sequence[Answer]) -> list[Check]:
        below, above = (
            fitted(one.output[0, -rate // 10 :], rate, _HERTZ).dbfs - threshold - step
            for one, step in zip(answers, (-1.0, 1.0), strict=True)
        )
        return [
            compared("open", f"1 dB above {threshold:g} dBFS it is open", above, "==", 0.0,
                     "gain of a steady 1 kHz tone", unit="dB", tolerance=0.1),
            compared("closed", f"1 dB below {threshold:g} dBFS it takes away {-closed:g} dB", below,
                     "==", closed, "gain of a steady 1 kHz tone, from rest", unit="dB",
                     tolerance=0.5),
        ]  # fmt: skip

    return judged(probes, judge)


def _gate_times(specification: Specification) -> list[Trial]:
    rate, threshold = main_rate(specification), value_of(specification, "threshold", -40.0)
    chosen = settings(specification, attack=5.0, hold=20.0, release=100.0)
    attack, hold, release = (
        reached(specification, one, chosen) for one in ("attack", "hold", "release")
    )
    loud = min(threshold + 12, 6.0)
    quiet = threshold - value_of(specification, "hysteresis", 3.0) - 12
    opening = steps(
        inputs_of(specification), rate, _HERTZ, [(0.1, quiet), (0.1 + attack / 100, loud)]
    )
    first = 0.1 + attack / 100
    closing = steps(inputs_of(specification), rate, _HERTZ,
        [(first, loud), (0.1 + (hold + 8 * release) / 1000, quiet)],
    )  # fmt: skip

    def opened(answers: Sequence[Answer]) -> list[Check]:
        start = round(0.1 * rate)
        places, gains = gains_of(opening[0, start:], answers[0].output[0, start:], 0.5)
        took = time_to_share(places, gains, 0.0, rate)
        return [
            compared("attack", f"it opens by 63 % in {attack:g} ms", took, "==", attack,
                     f"gain of a 1 kHz tone after it became loud, {_said(chosen)}", unit="ms",
                     tolerance=0.1 * attack + 0.3)
        ]  # fmt: skip

    def closed(answers: Sequence[Answer]) -> list[Check]:
        start = round(first * rate)
        places, gains = gains_of(closing[0, start:], answers[0].output[0, start:], 0.5)
        falls = np.flatnonzero(gains < 0.99)
        waited = float(places[falls[0]] / rate * 1000) if len(falls) else None
        took = decay_ms(places, gains - gains[-1], rate)
        return [
            compared("hold", f"it stays open for {hold:g} ms", waited, "==", hold,
                     "when the gain of a 1 kHz tone that became quiet begins to fall, "
                     f"{_said(chosen)}",
                     unit="ms", tolerance=0.05 * hold + 4.0 + 0.02 * release),
            compared("release", f"it closes by 63 % in {release:g} ms", took, "==", release,
                     f"slope of the logarithm of the gain, {_said(chosen)}", unit="ms",
                     tolerance=0.1 * release),
        ]  # fmt: skip

    return [
        judged([Probe(opening, rate, chosen)], opened),
        judged([Probe(closing, rate, chosen)], closed),
    ]


def envelope_trials(specification: Specification) -> list[Trial]:
    """The trials of an envelope follower: where it settles, and how fast."""
    rate = main_rate(specification)
    attack, release = (
        value_of(specification, "attack", 10.0),
        value_of(specification, "release", 100.0),
    )
    chosen = settings(specification, gain=0.0)
    up, down = 0.02 + 12 * attack / 1000, 0.02 + 8 * release / 1000
    sound = steps(inputs_of(specification), rate, 0.0, [(up, -6.0), (down, -300.0)])
    squares = specification.options.get("detection") == "rms"

    def judge(answers: Sequence[Answer]) -> list[Check]:
        level = answers[0].output[0] ** (2 if squares else 1)
        edge = round(up * rate)
        places = np.arange(edge, dtype=np.float64) + 1
        rise = time_to_share(np.insert(places, 0, 0.0), np.insert(level[:edge], 0, 0.0), 0.0, rate)
        fall = decay_ms(np.arange(len(level) - edge, dtype=np.float64), level[edge:], rate)
        settled = 20 * np.log10(max(float(answers[0].output[0, edge - 1]), 1e-9))
        what = "square of the level" if squares else "level"
        return [
            compared("level", "a constant of -6 dBFS reads -6 dBFS", settled, "==", -6.0,
                     "output at the end of a constant", unit="dBFS", tolerance=0.05),
            compared("attack", f"63 % of a step is reached in {attack:g} ms", rise, "==", attack,
                     f"{what} after a step from 0", unit="ms", tolerance=0.05 * attack + 0.05),
            compared("release", f"it falls by 63 % in {release:g} ms", fall, "==", release,
                     f"slope of the logarithm of the {what} after a step to 0", unit="ms",
                     tolerance=0.05 * release),
        ]  # fmt: skip

    return [judged([Probe(sound, rate, chosen)], judge)]


def _said(chosen: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.6g}" for name, value in chosen.items()) or "at the defaults"
