"""Filters, shelves and crossovers, measured by their answers to an impulse."""

import math
from collections.abc import Sequence

import numpy as np

from agents.toolchain.expectations import corner_db, low_cut, parameter, value_of
from agents.toolchain.measuring.trial import Trial, judged, reached, settings
from agents.toolchain.specification import Specification
from agents.workflows.checks import Check, compared, held, unchecked
from audio.probing.probe import Answer, Probe
from audio.probing.response import (
    crossing_hz,
    gain_db,
    phase_degrees,
    significant,
    slope_db_per_octave,
)
from audio.probing.signals import impulse

_BY_IMPULSE = "from the answer to an impulse"
_SLOPE_SHARE = 1 / 100
"""Slopes are measured from 4 to 8 times a frequency of at most this share of the sample rate,
where the bilinear transform bends them by less than 0.3 dB per octave."""


def filter_trials(specification: Specification) -> list[Trial]:
    """The trials of one filter."""
    trials = [_corner_trial(specification, rate) for rate in specification.sample_rates]
    if specification.options["response"] in ("lowpass", "highpass"):
        trials.append(_slope_trial(specification))
    return trials


def _answer(specification: Specification, rate: int, chosen: dict[str, float]) -> Probe:
    """An impulse that is long enough for the lowest frequency."""
    hertz = reached(specification, "frequency", chosen)
    q = reached(specification, "q", chosen) if parameter(specification, "q") else 1.0
    seconds = min(8.0, max(1.0, (20 + 6 * q) / hertz))
    return Probe(impulse(specification.channels, round(seconds * rate)), rate, chosen)


def _corner_trial(specification: Specification, rate: int) -> Trial:
    hertz = low_cut(specification)
    chosen = settings(specification, frequency=hertz, q=_flat(specification), gain=6.0)
    gain = parameter(specification, "gain")
    if gain is not None and gain.maximum <= 0:
        chosen |= settings(specification, gain=-6.0)
    probe = _answer(specification, rate, chosen)

    def judge(answers: Sequence[Answer]) -> list[Check]:
        return _corner(specification, significant(answers[0].output[0]), rate, chosen)

    return judged([probe], judge)


def _flat(specification: Specification) -> float:
    wide = specification.options["response"] in ("bandpass", "notch", "peak")
    return value_of(specification, "q", 1.0) if wide else math.sqrt(0.5)


def _corner(
    specification: Specification, answer: np.ndarray, rate: int, chosen: dict[str, float]
) -> list[Check]:
    hertz = reached(specification, "frequency", chosen)
    q = reached(specification, "q", chosen) if parameter(specification, "q") else math.sqrt(0.5)
    at = f"{_BY_IMPULSE} at {rate / 1000:g} kHz, {_said(chosen)}"
    name = f"{{}}.{rate}"
    match specification.options["response"]:
        case "lowpass" | "highpass":
            return _pass_checks(specification, answer, rate, hertz, q, at, name)
        case "bandpass" | "notch":
            return _band_checks(specification, answer, rate, hertz, q, at, name)
        case "allpass":
            return _allpass_checks(specification, answer, rate, hertz, at, name)
        case "peak":
            gain = reached(specification, "gain", chosen)
            return _peak_checks(answer, rate, hertz, q, gain, at, name)
        case _:
            gain = reached(specification, "gain", chosen)
            return _shelf_checks(specification, answer, rate, hertz, gain, at, name)


def _pass_checks(
    specification: Specification, answer: np.ndarray, rate: int, hertz: float, q: float, at: str,
    name: str,
) -> list[Check]:  # fmt: skip
    order = specification.options["order"]
    assert isinstance(order, int)
    level = corner_db(specification, q, order)
    low = specification.options["response"] == "lowpass"
    passing = hertz / 20 if low else min(20 * hertz, 0.45 * rate)
    checks = [
        compared(
            name.format("corner.gain"), f"the gain at {hertz:g} Hz is {level:.2f} dB",
            gain_db(answer, rate, hertz), "==", level, f"gain at {hertz:g} Hz {at}",
            unit="dB", tolerance=0.2,
        ),
        compared(
            name.format("passband"), f"the gain at {passing:.5g} Hz is 0 dB",
            gain_db(answer, rate, passing), "==", 0.0, f"gain {at}", unit="dB",
            tolerance=0.1 if passing < hertz or passing > 8 * hertz else 0.5,
        ),
    ]  # fmt: skip
    if abs(q - math.sqrt(0.5)) < 0.01 or order == 1:
        ends = (hertz / 20, min(hertz * 20, 0.49 * rate))
        crossed = crossing_hz(answer, rate, level, *ends)
        checks.append(
            compared(
                name.format("corner.frequency"), f"the {level:.2f} dB point lies at {hertz:g} Hz",
                crossed, "==", hertz, f"where the gain passes {level:.2f} dB, {at}", unit="Hz",
                tolerance=0.05 * hertz,
            )
        )  # fmt: skip
    return checks


def _slope_trial(specification: Specification) -> Trial:
    order = specification.options["order"]
    assert isinstance(order, int)
    low = specification.options["response"] == "lowpass"
    rate = max(specification.sample_rates)
    hertz = low_cut(specification, _SLOPE_SHARE) if low else max(low_cut(specification), 200.0)
    chosen = settings(specification, frequency=hertz, q=math.sqrt(0.5))
    hertz = reached(specification, "frequency", chosen)
    what = f"the slope is {6 * order} dB per octave"
    near, far = (4 * hertz, 8 * hertz) if low else (hertz / 4, hertz / 8)

    def judge(answers: Sequence[Answer]) -> list[Check]:
        method = f"gain from {near:.5g} to {far:.5g} Hz, {_BY_IMPULSE}, {rate / 1000:g} kHz"
        if low and far > 0.1 * rate:
            why = "every frequency of the range lies too near to half of the sample rate"
            return [unchecked("slope", what, method, why)]
        answer = significant(answers[0].output[0])
        slope = abs(slope_db_per_octave(answer, rate, near, far))
        return [
            compared("slope", what, slope, "==", 6.0206 * order, method, unit="dB/octave",
                     tolerance=1.0)
        ]  # fmt: skip

    return judged([_answer(specification, rate, chosen)], judge)


def _band_checks(
    specification: Specification, answer: np.ndarray, rate: int, hertz: float, q: float, at: str,
    name: str,
) -> list[Check]:  # fmt: skip
    passes = specification.options["response"] == "bandpass"
    middle = gain_db(answer, rate, hertz)
    edge = 10 * math.log10(0.5)
    low = crossing_hz(answer, rate, edge, hertz, hertz / (2 + 2 / q))
    high = crossing_hz(answer, rate, edge, hertz, min(hertz * (2 + 2 / q), 0.49 * rate))
    width = high - low if low is not None and high is not None else None
    what = f"the gain at {hertz:g} Hz is " + ("0 dB" if passes else "at most -40 dB")
    first = compared(
        name.format("middle.gain"), what, middle, "==" if passes else "<=",
        0.0 if passes else -40.0, f"gain {at}", unit="dB", tolerance=0.2,
    )  # fmt: skip
    wanted = hertz / q
    says = f"its -3 dB points lie {wanted:.5g} Hz apart"
    how = f"distance of the two points at -3.01 dB, {at}"
    if hertz * (1 + 1 / q) > 0.25 * rate:
        why = "the band reaches a quarter of the sample rate, where it is bent"
        return [first, unchecked(name.format("bandwidth"), says, how, why)]
    return [
        first,
        compared(name.format("bandwidth"), says, width, "==", wanted, how, unit="Hz",
                 tolerance=0.05 * wanted),
    ]  # fmt: skip


def _allpass_checks(
    specification: Specification, answer: np.ndarray, rate: int, hertz: float, at: str, name: str
) -> list[Check]:
    order = specification.options["order"]
    assert isinstance(order, int)
    places = np.geomspace(hertz / 30, min(hertz * 30, 0.45 * rate), 25).tolist()
    most = max(abs(gain_db(answer, rate, one)) for one in places)
    turned = phase_degrees(answer, rate, hertz)
    off = (turned + 90.0 * order + 180.0) % 360.0 - 180.0
    return [
        compared(name.format("flat"), "the gain is 0 dB everywhere", most, "<=", 0.05,
                 f"largest distance from 0 dB at 25 frequencies, {at}", unit="dB"),
        compared(name.format("phase"), f"the phase at {hertz:g} Hz is {-90 * order} degrees", off,
                 "==", 0.0, f"distance from it, full turns left out, {at}", unit="degrees",
                 tolerance=5.0),
    ]  # fmt: skip


def _peak_checks(
    answer: np.ndarray, rate: int, hertz: float, q: float, gain: float, at: str, name: str
) -> list[Check]:
    low = crossing_hz(answer, rate, gain / 2, hertz, hertz / (2 + 2 / q))
    high = crossing_hz(answer, rate, gain / 2, hertz, min(hertz * (2 + 2 / q), 0.49 * rate))
    width = high - low if low is not None and high is not None else None
    checks = [
        compared(name.format("middle.gain"), f"the gain at {hertz:g} Hz is {gain:g} dB",
                 gain_db(answer, rate, hertz), "==", gain, f"gain {at}", unit="dB", tolerance=0.1),
        compared(name.format("far"), "far below its frequency it does nothing",
                 gain_db(answer, rate, hertz / (40 * max(1.0, 1 / q))), "==", 0.0, f"gain {at}",
                 unit="dB", tolerance=0.1),
    ]  # fmt: skip
    if hertz * (1 + 1 / q) < 0.2 * rate:
        wanted = hertz / q
        checks.append(
            compared(name.format("bandwidth"), f"half of its gain is reached {wanted:.5g} Hz apart",
                     width, "==", wanted, f"distance of the two points, {at}", unit="Hz",
                     tolerance=0.05 * wanted)
        )  # fmt: skip
    return checks


def _shelf_checks(
    specification: Specification, answer: np.ndarray, rate: int, hertz: float, gain: float, at: str,
    name: str,
) -> list[Check]:  # fmt: skip
    low = specification.options["response"] == "low_shelf"
    far = min(hertz * 40, 0.49 * rate)
    raised, left = (hertz / 40, far) if low else (far, hertz / 40)
    near = 0.5 if far < 20 * hertz else 0.2
    return [
        compared(name.format("corner.gain"), f"half of its gain is reached at {hertz:g} Hz",
                 gain_db(answer, rate, hertz), "==", gain / 2, f"gain {at}", unit="dB",
                 tolerance=0.1),
        compared(name.format("shelf"), f"the gain at {raised:.5g} Hz is {gain:g} dB",
                 gain_db(answer, rate, raised), "==", gain, f"gain {at}", unit="dB",
                 tolerance=near),
        compared(name.format("far"), f"the gain at {left:.5g} Hz is 0 dB",
                 gain_db(answer, rate, left), "==", 0.0, f"gain {at}", unit="dB", tolerance=near),
    ]  # fmt: skip


def crossover_trials(specification: Specification) -> list[Trial]:
    """The trials of a crossover."""
    return [_sum_trial(specification, rate) for rate in specification.sample_rates]


def _sum_trial(specification: Specification, rate: int) -> Trial:
    splits = [one.default * one.factor for one in specification.parameters]
    probe = Probe(impulse(specification.channels, 2 * rate), rate)

    def judge(answers: Sequence[Answer]) -> list[Check]:
        bands = answers[0].output[:: specification.channels]
        bands = bands[:, : len(significant(np.abs(bands).max(axis=0)))]
        if len(bands) != len(splits) + 1:
            return [held(f"bands.{rate}", "there is one band more than frequencies", False,
                         "number of outputs", measured=len(bands))]  # fmt: skip
        places = np.geomspace(20.0, 0.45 * rate, 60).tolist()
        total = bands.sum(axis=0)
        most = max(abs(gain_db(total, rate, one)) for one in places)
        at = f"{_BY_IMPULSE} at {rate / 1000:g} kHz, defaults"
        checks = [
            compared(f"sum.flat.{rate}", "the bands add up to 0 dB", most, "<=", 0.1,
                     f"largest distance from 0 dB at 60 frequencies, {at}", unit="dB")
        ]  # fmt: skip
        for number, hertz in enumerate(splits):
            checks.append(_meeting(bands, number, hertz, rate, at))
        return checks

    return judged([probe], judge)


def _meeting(bands: np.ndarray, number: int, hertz: float, rate: int, at: str) -> Check:
    """Where two bands that follow each other are equally loud."""
    low, high = hertz / 1.5, min(hertz * 1.5, 0.49 * rate)
    while high / low > 1.0001:
        middle = (low * high) ** 0.5
        apart = gain_db(bands[number], rate, middle) - gain_db(bands[number + 1], rate, middle)
        low, high = (middle, high) if apart > 0 else (low, middle)
    met = (low * high) ** 0.5
    return compared(
        f"crossing.{number + 1}.{rate}",
        f"bands {number + 1} and {number + 2} cross at {hertz:g} Hz",
        met, "==", hertz, f"where both are equally loud, {at}", unit="Hz", tolerance=0.05 * hertz,
    )  # fmt: skip


def _said(chosen: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.6g}" for name, value in chosen.items()) or "defaults"
