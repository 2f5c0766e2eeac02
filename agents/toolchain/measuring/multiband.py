"""Multiband compressors: flat at rest, each band by its own curve, in its own time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from agents.toolchain.expectations import compressed, parameter, value_of
from agents.toolchain.measuring.trial import Trial, judged, main_rate, settings
from agents.toolchain.sources.filter_designs import butterworth_qs
from agents.toolchain.specification import ParameterSpec, Specification
from agents.workflows.checks import Check, compared
from audio.probing.probe import Answer, Probe
from audio.probing.response import gain_db, significant
from audio.probing.signals import impulse, steps, tone
from audio.probing.steady import fitted
from audio.probing.times import decay_ms, time_to_share

_LEVELS = (-50.0, -30.0, -18.0, -6.0)


@dataclass(frozen=True)
class _Band:
    """One band as the specification wants it."""

    number: int
    hertz: float
    """A frequency in its middle."""
    curve: Specification
    """A compressor of one band with its parameters."""


def multiband_trials(specification: Specification) -> list[Trial]:
    """The trials of a multiband compressor."""
    rates = specification.sample_rates
    flat = [_flat_trial(specification, rate) for rate in rates]
    curves = [_curve_trial(specification, one) for one in _bands(specification)]
    return [*flat, *curves, *_time_trials(specification)]


def _splits(specification: Specification) -> list[float]:
    every = [one for one in specification.parameters if one.role.startswith("frequency_")]
    return [one.default * one.factor for one in every]


def _bands(specification: Specification) -> list[_Band]:
    splits, top = _splits(specification), 0.4 * main_rate(specification)
    edges = [max(splits[0] / 16, 20.0), *splits, max(min(splits[-1] * 16, top), splits[-1])]
    return [
        _Band(number, (edges[number - 1] * edges[number]) ** 0.5, _single(specification, number))
        for number in range(1, len(edges))
    ]


def _single(specification: Specification, number: int) -> Specification:
    """What one band is: a compressor."""
    kept: list[ParameterSpec] = []
    for one in specification.parameters:
        base, _, band = one.role.rpartition("_")
        if one.role in ("knee", "attack", "release"):
            kept.append(one)
        elif band == str(number) and base != "frequency":
            kept.append(one.model_copy(update={"role": base}))
    return specification.model_copy(update={"kind": "compressor", "parameters": tuple(kept)})


def _flat_trial(specification: Specification, rate: int) -> Trial:
    least = min(one.minimum for one in specification.parameters if one.role[:9] == "threshold")
    level = 10 ** ((least - 40) / 20)
    sound = impulse(specification.channels, 2 * rate, level)
    neutral = {f"makeup_{one.number}": 0.0 for one in _bands(specification)}
    chosen = settings(specification, **neutral)

    def judge(answers: Sequence[Answer]) -> list[Check]:
        answer = significant(answers[0].output[0]) / level
        shifts = [value_of(specification, role, 0.0) for role in neutral]
        lifted = max(shifts) if max(shifts) == min(shifts) and not chosen else 0.0
        most = max(
            abs(gain_db(answer, rate, hertz) - lifted)
            for hertz in np.geomspace(20.0, 0.45 * rate, 60).tolist()
        )
        return [
            compared(f"sum.flat.{rate}", "the bands add up to 0 dB while none is turned down", most,
                     "<=", 0.1, "largest distance from 0 dB at 60 frequencies, from the answer to "
                     f"an impulse below all thresholds, at {rate / 1000:g} kHz", unit="dB")
        ]  # fmt: skip

    return judged([Probe(sound, rate, chosen)], judge)


def _curve_trial(specification: Specification, band: _Band) -> Trial:
    rate = main_rate(specification)
    attack = value_of(specification, "attack", 10.0)
    frames = round((0.2 + 10 * attack / 1000 + 8 / band.hertz) * rate)
    probes = [
        Probe(tone(specification.channels, frames, rate, band.hertz, level), rate)
        for level in _LEVELS
    ]

    def judge(answers: Sequence[Answer]) -> list[Check]:
        misses = []
        for level, one in zip(_LEVELS, answers, strict=True):
            tail = one.output[0, -max(rate // 10, round(4 * rate / band.hertz)) :]
            came = fitted(tail, rate, band.hertz).dbfs
            misses.append(abs(came - _expected(specification, band.hertz, level)))
        levels = ", ".join(f"{one:g}" for one in _LEVELS)
        return [
            compared(
                f"curve.band_{band.number}", f"band {band.number} follows its own curve",
                max(misses), "<=", 0.5,
                f"largest distance of the level of {band.hertz:.4g} Hz tones of {levels} dBFS from "
                "the sum of all bands by Linkwitz and Riley's law, each turned down by its own "
                "curve; at the defaults", unit="dB",
            )
        ]  # fmt: skip

    return judged(probes, judge)


def _expected(specification: Specification, hertz: float, level: float) -> float:
    """The level of a steady tone by the laws of the crossover and of the compressors, in dBFS."""
    mix, total = value_of(specification, "mix", 1.0), 0.0 + 0.0j
    for band, part in zip(_bands(specification), _parts(specification, hertz), strict=True):
        own = level + 20 * np.log10(max(abs(part), 1e-9))
        gain = 10 ** ((compressed(band.curve, own) - own) / 20)
        total += part * (1 - mix + mix * gain)
    return float(level + 20 * np.log10(max(abs(total), 1e-9)))


def _parts(specification: Specification, hertz: float) -> list[complex]:
    """What each band lets through of a tone, moved by the bilinear transform."""
    order, rate = specification.options["order"], main_rate(specification)
    assert isinstance(order, int)
    half = order // 2
    lows, highs = [], []
    for split in _splits(specification):
        s = 1j * np.tan(np.pi * hertz / rate) / np.tan(np.pi * split / rate)
        whole = np.prod([s * s + s / q + 1 for q in butterworth_qs(half)]) * (s + 1) ** (half % 2)
        lows.append(complex((1 / whole) ** 2))
        highs.append(complex((-1) ** half * (s**half / whole) ** 2))
    parts = []
    for band in range(len(lows) + 1):
        part = 1.0 + 0.0j
        for split, (low, high) in enumerate(zip(lows, highs, strict=True)):
            part *= high if split < band else low if split == band else low + high
        parts.append(part)
    return parts


def _time_trials(specification: Specification) -> list[Trial]:
    """Attack and release of the highest band, whose filters are the fastest."""
    rate, bands = main_rate(specification), _bands(specification)
    band = bands[-1]
    usual = (("threshold", -40.0), ("ratio", 10.0), ("makeup", 0.0))
    hard = {f"{role}_{one.number}": value for one in bands for role, value in usual}
    smooth = specification.options.get("detection") == "rms"
    chosen = settings(specification, **hard, knee=0.0, mix=1.0, attack=100.0 if smooth else 30.0,
                      release=150.0)  # fmt: skip
    attack, release = (_reached(specification, one, chosen) for one in ("attack", "release"))
    threshold = _reached(specification, f"threshold_{band.number}", chosen)
    quiet, loud = threshold - 12, min(threshold + 9, 6.0)
    parts = [(0.1, quiet), (0.05 + 10 * attack / 1000, loud), (0.1 + 6 * release / 1000, quiet)]
    hertz = rate / round(rate / max(band.hertz, 1000.0))
    sound = steps(specification.channels, rate, hertz, parts)
    share = 0.25 if smooth else 0.15

    def judge(answers: Sequence[Answer]) -> list[Check]:
        up, down = round(0.1 * rate), round((0.15 + 10 * attack / 1000) * rate)
        places, change = _change_db(sound[0], answers[0].output[0], rate, hertz)
        rung = down + rate * max(0.01, 6 / min(_splits(specification)))  # the filters ring on
        wait = min(4 / max(_splits(specification)), attack / 5000)  # until the filters answer
        here = up + rate * wait + 2 * rate / hertz
        first, start, last, free = np.searchsorted(places, [up, here, down, rung]).tolist()
        base = float(np.mean(change[first // 2 : first - round(2 * rate / hertz)]))
        rose = time_to_share(
            np.insert(places[start:last], 0, up), np.insert(change[start:last], 0, base), up, rate
        )
        fell = decay_ms(places[free:], -change[free:], rate)
        how = f"a {hertz:.4g} Hz tone that jumps from {quiet:g} to {loud:g} dBFS and back"
        return [
            compared("attack", f"63 % of the gain reduction is reached in {attack:g} ms", rose,
                     "==", attack, how, unit="ms", tolerance=share * attack + 0.3),
            compared("release", f"the gain reduction falls by 63 % in {release:g} ms", fell, "==",
                     release, how, unit="ms", tolerance=share * release),
        ]  # fmt: skip

    return [judged([Probe(sound, rate, chosen)], judge)]


def _change_db(
    sound: np.ndarray, output: np.ndarray, rate: int, hertz: float
) -> tuple[np.ndarray, np.ndarray]:
    """Places, and the gain there in decibels, over one period of a tone; phase doesn't count."""
    period = round(rate / hertz)
    turns = np.exp(-2j * np.pi * hertz / rate * np.arange(len(sound)))
    levels = [
        np.abs(np.convolve(one * turns, np.ones(period) / period, mode="valid"))
        for one in (sound, output)
    ]
    change = 20 * np.log10(np.maximum(levels[1], 1e-9) / np.maximum(levels[0], 1e-9))
    return np.arange(len(change)) + period / 2, change


def _reached(specification: Specification, role: str, chosen: dict[str, float]) -> float:
    one = parameter(specification, role)
    assert one is not None, role
    return chosen.get(one.name, one.default) * one.factor
