"""Limiters: the ceiling at and between samples, what is below it, and their release."""

from collections.abc import Sequence

import numpy as np

from agents.toolchain.expectations import inputs_of, parameter, value_of
from agents.toolchain.measuring.trial import Trial, judged, main_rate, reached, settings
from agents.toolchain.specification import Specification
from agents.workflows.checks import Check, compared
from audio.probing.probe import Answer, Probe
from audio.probing.readings import dense_peak_dbtp
from audio.probing.signals import noise, steps, tone
from audio.probing.times import decay_ms, gains_of

_HERTZ = 1000.0
_TIMES = 8
"""Rate at which true peaks are measured, over the sample rate."""


def limiter_trials(specification: Specification) -> list[Trial]:
    """The trials of a limiter: its ceiling, its transparency, its release."""
    trials = [_ceiling_trial(specification, rate) for rate in specification.sample_rates]
    return [*trials, _below_trial(specification), _limiter_release(specification)]


def _ceiling_trial(specification: Specification, rate: int) -> Trial:
    ceiling = value_of(specification, "ceiling", -1.0)
    loud = noise(inputs_of(specification), rate // 2, rate, 2.0)
    loud += tone(inputs_of(specification), rate // 2, rate, rate / 4.03, 6.0)
    probe = Probe(loud, rate)

    def judge(answers: Sequence[Answer]) -> list[Check]:
        peak = 20 * np.log10(max(float(np.abs(answers[0].output).max()), 1e-9))
        of = f"loud noise and tones at {rate / 1000:g} kHz, at the defaults"
        method = f"largest sample of {of}"
        checks = [
            compared(f"ceiling.{rate}", f"no sample lies above {ceiling:g} dBFS", peak, "<=",
                     ceiling + 1e-6, method, unit="dBFS")
        ]  # fmt: skip
        if specification.options.get("true_peak"):
            between = dense_peak_dbtp(answers[0].output, _TIMES)
            checks.append(
                compared(f"true_peak.{rate}", f"the true peak lies at most at {ceiling:g} dBTP",
                         between, "<=", ceiling, f"largest value at {_TIMES} times the rate, by "
                         f"Fourier transform, of {of}", unit="dBTP")
            )  # fmt: skip
        return checks

    return judged([probe], judge)


def _below_trial(specification: Specification) -> Trial:
    rate = main_rate(specification)
    chosen = settings(specification, gain=0.0)
    quiet = min(value_of(specification, "ceiling", -1.0) - 12, -12.0)
    sound = noise(inputs_of(specification), rate // 2, 3, 10 ** (quiet / 20))
    shift = reached(specification, "gain", chosen) if parameter(specification, "gain") else 0.0

    def judge(answers: Sequence[Answer]) -> list[Check]:
        late = answers[0].latency
        wanted = sound[:, : sound.shape[1] - late] * 10 ** (shift / 20)
        rest = answers[0].output[:, late:] - wanted
        left = 10 * np.log10(max(float((rest**2).mean() / (wanted**2).mean()), 1e-20))
        return [
            compared("below", "below the ceiling nothing changes but the latency it declares", left,
                     "<=", -100.0, f"what is left of quiet noise after taking away the same noise "
                     f"{late} samples late, over the noise", unit="dB")
        ]  # fmt: skip

    return judged([Probe(sound, rate, chosen)], judge)


def _limiter_release(specification: Specification) -> Trial:
    rate = main_rate(specification)
    release = max(value_of(specification, "release", 100.0), 20.0)
    chosen = settings(specification, release=release, gain=0.0)
    release = (
        reached(specification, "release", chosen) if parameter(specification, "release") else 100
    )
    ceiling = value_of(specification, "ceiling", -1.0)
    parts = [(0.2, ceiling + 12), (0.1 + 6 * release / 1000, ceiling - 24)]
    sound = steps(inputs_of(specification), rate, _HERTZ, parts)

    def judge(answers: Sequence[Answer]) -> list[Check]:
        late = answers[0].latency
        start = round(0.2 * rate) + late
        before = sound[0, round(0.2 * rate) : sound.shape[1] - late]
        places, gains = gains_of(before, answers[0].output[0, start:], 0.5)
        took = decay_ms(places, 1 - gains, rate)
        return [
            compared("release", f"the gain rises by 63 % of its way in {release:g} ms", took, "==",
                     release, "a 1 kHz tone that falls by 36 dB: slope of the logarithm of the "
                     f"distance of the gain from 1, {_said(chosen)}", unit="ms",
                     tolerance=0.1 * release)
        ]  # fmt: skip

    return judged([Probe(sound, rate, chosen)], judge)


def _said(chosen: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.6g}" for name, value in chosen.items()) or "at the defaults"
