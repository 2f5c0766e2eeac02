"""Delays, measured by where an impulse comes back."""

from collections.abc import Sequence
from math import log10

from agents.toolchain.expectations import parameter
from agents.toolchain.measuring.trial import Trial, judged, main_rate, reached, settings
from agents.toolchain.specification import Specification
from agents.workflows.checks import Check, compared
from audio.probing.echoes import Echo, echoes_in
from audio.probing.probe import Answer, Probe
from audio.probing.signals import impulse

_REPEATS = 3


def delay_trials(specification: Specification) -> list[Trial]:
    """The trials of a delay: one at its default, one at a short time."""
    time = parameter(specification, "time")
    assert time is not None
    usual = time.default * time.factor
    short = min(max(usual / 7, time.minimum * time.factor, 1.0), time.maximum * time.factor)
    return [_echo_trial(specification, one) for one in dict.fromkeys((usual, short))]


def _echo_trial(specification: Specification, time_ms: float) -> Trial:
    rate = main_rate(specification)
    chosen = settings(specification, time=time_ms, feedback=0.5, mix=0.5)
    late = reached(specification, "time", chosen) / 1000 * rate
    back = reached(specification, "feedback", chosen) if parameter(specification, "feedback") else 0
    mix = reached(specification, "mix", chosen) if parameter(specification, "mix") else 0.5
    sound = impulse(specification.channels, round(late * (_REPEATS + 1)) + 64)

    def judge(answers: Sequence[Answer]) -> list[Check]:
        heard = [
            echoes_in(one, 0.02 * mix * back ** (_REPEATS - 1) if back else 0.02 * mix)
            for one in answers[0].output
        ]
        wanted = _wanted(specification, late, back, mix)
        at, level = _misses(heard, wanted)
        how = f"answer to an impulse, {', '.join(f'{k} {v:.6g}' for k, v in chosen.items())}"
        sides = " on alternating sides" if specification.options.get("ping_pong") else ""
        name = f"{time_ms:.4g}ms"
        return [
            compared(f"time.{name}",
                     f"the first {_REPEATS} echoes come every {time_ms:g} ms{sides}", at,
                     "<=", 1.0, f"largest distance from its place, {how}", unit="samples"),
            compared(f"level.{name}", "dry sound and echoes are as loud as mix and feedback say",
                     level, "<=", 0.3, f"largest distance of their levels, {how}", unit="dB"),
        ]  # fmt: skip

    return judged([Probe(sound, rate, chosen)], judge)


def _wanted(
    specification: Specification, late: float, back: float, mix: float
) -> list[tuple[int, Echo]]:
    """The echoes that must be there: channel, place and level of each."""
    crossed = bool(specification.options.get("ping_pong"))
    echoes = [
        (channel, Echo(late * n, mix * back ** (n - 1)))
        for n in range(1, _REPEATS + 1)
        for channel in range(specification.channels)
        if not crossed or channel == (n - 1) % 2
    ]
    dry = [(channel, Echo(0.0, 1 - mix)) for channel in range(specification.channels)]
    return [(channel, one) for channel, one in (*dry, *echoes) if abs(one.level) > 1e-4]


def _misses(
    heard: Sequence[Sequence[Echo]], wanted: Sequence[tuple[int, Echo]]
) -> tuple[float, float]:
    """The largest distance in samples and in decibels; infinite-like where an echo is missing."""
    at = level = 0.0
    for channel, one in wanted:
        if not heard[channel]:
            return 1e6, 300.0
        near = min(heard[channel], key=lambda other: abs(other.samples - one.samples))
        at = max(at, abs(near.samples - one.samples))
        level = max(level, abs(20 * log10(max(abs(near.level), 1e-9) / abs(one.level))))
    return at, level
