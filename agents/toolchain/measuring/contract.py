"""What holds for every processor: block sizes, corners of the ranges, clean numbers, no clicks."""

import itertools
from collections.abc import Iterator, Sequence

import numpy as np

from agents.toolchain.expectations import inputs_of
from agents.toolchain.measuring.trial import Trial, judged, main_rate
from agents.toolchain.specification import ParameterSpec, Specification
from agents.workflows.checks import Check, compared, held
from audio.probing.probe import Answer, Change, Probe
from audio.probing.signals import noise, tone
from audio.probing.soundness import click_db, denormals, distance, grows, not_finite

BLOCKS = (1, 17, 64, 480)
MOST_CORNERS = 24
_FRAMES, _SILENT = 1500, 3000
_MOST_DIFFERENCE = 1e-9
_JUMPY = frozenset({"time", "delay", "rate", "attack", "release", "hold", "window"})
"""Roles that move sound in time: their glide is heard as a change of pitch, not as a step."""


def contract(specification: Specification) -> list[Trial]:
    """The trials that every processor goes through."""
    found = [_blocks(specification), _corners(specification), _silence(specification)]
    if moving := [one for one in specification.parameters if _can_click(one)]:
        found.append(_glides(specification, moving))
    return found


def _blocks(specification: Specification) -> Trial:
    probes = []
    for rate in specification.sample_rates:
        sound = noise(inputs_of(specification), _FRAMES, rate)
        changes = tuple(
            Change(_FRAMES // 2, one.name, one.maximum) for one in specification.parameters[:1]
        )
        probes += [Probe(sound, rate, changes=changes, block=size) for size in (0, *BLOCKS)]

    def judge(answers: Sequence[Answer]) -> list[Check]:
        most = 0.0
        for start in range(0, len(answers), 1 + len(BLOCKS)):
            whole, *pieces = answers[start : start + 1 + len(BLOCKS)]
            most = max([most, *(distance(one.output, whole.output) for one in pieces)])
        sizes = ", ".join(map(str, BLOCKS))
        return [
            compared(
                "blocks.same", "the result does not depend on the size of the blocks", most, "<=",
                _MOST_DIFFERENCE,
                f"largest difference of the results in blocks of {sizes} from the result in one "
                f"block; noise, a parameter that moves, {_rates(specification)}",
                unit="full scale",
            )
        ]  # fmt: skip

    return judged(probes, judge)


def _corners(specification: Specification) -> Trial:
    corners = list(corners_of(specification))
    probes = []
    for rate in specification.sample_rates:
        sound = noise(inputs_of(specification), _FRAMES + _SILENT, rate)
        sound[:, _FRAMES:] = 0.0
        probes += [Probe(sound, rate, corner) for corner in corners]

    def judge(answers: Sequence[Answer]) -> list[Check]:
        method = (
            f"{len(corners)} corners of the parameters' ranges at {_rates(specification)}: "
            f"{_FRAMES} samples of noise, then {_SILENT} of silence"
        )
        bad = sum(not_finite(one.output) for one in answers)
        tiny = sum(denormals(one.output) for one in answers)
        growing = [one for one in answers if grows(one.probe.signal, one.output, _FRAMES)]
        return [
            compared("corners.finite", "all samples are finite numbers", float(bad), "<=", 0.0,
                     f"samples that are not; {method}"),
            compared("corners.denormals", "no sample is a denormal number", float(tiny), "<=", 0.0,
                     f"samples that are; {method}"),
            held("corners.stable", "sound dies away once its input is silent", not growing, method,
                 why=f"it grows at {growing[0].probe.settings}" if growing else ""),
        ]  # fmt: skip

    return Trial(tuple(probes), judge, takes_all=True)


def corners_of(specification: Specification) -> Iterator[dict[str, float]]:
    """Settings at the ends of all ranges: all where they are few, else some, spread evenly."""
    ends = [(one.minimum, one.maximum) for one in specification.parameters]
    names = [one.name for one in specification.parameters]
    every = 2 ** len(ends)
    chosen = sorted({round(n) for n in np.linspace(0, every - 1, min(every, MOST_CORNERS))})
    for number, corner in enumerate(itertools.product(*ends)):
        if number in chosen:
            yield dict(zip(names, corner, strict=True))


def _silence(specification: Specification) -> Trial:
    probe = Probe(np.zeros((inputs_of(specification), 4096)), main_rate(specification))

    def judge(answers: Sequence[Answer]) -> list[Check]:
        peak = float(np.abs(answers[0].output).max())
        what = "silence comes out as silence"
        return [compared("silence", what, peak, "<=", 0.0, "largest sample", unit="full scale")]

    return judged([probe], judge)


def _can_click(one: ParameterSpec) -> bool:
    return one.role not in _JUMPY and one.smoothing_ms > 0


def _glides(specification: Specification, moving: Sequence[ParameterSpec]) -> Trial:
    rate = main_rate(specification)
    frames = rate * 6 // 10
    fade = np.minimum(np.arange(frames) / (rate / 10), 1.0)
    sound = (
        tone(inputs_of(specification), frames, rate, 200.0, -12.0) * (1 - np.cos(np.pi * fade)) / 2
    )
    probes = [
        Probe(sound, rate, {one.name: one.default}, (Change(frames // 2, one.name, end),))
        for one in moving
        for end in {one.minimum, one.maximum} - {one.default}
    ]

    def judge(answers: Sequence[Answer]) -> list[Check]:
        worst, name = -300.0, ""
        for one in answers:
            level = click_db(sound[0], one.output[0], rate, frames // 2)
            if level > worst:
                worst, name = level, one.probe.changes[0].name
        return [
            compared(
                "glides", "a parameter that is set makes no click", worst, "<=", -20.0,
                "a 200 Hz tone while a parameter goes from its default to an end of its range: "
                "peak above 2 kHz that the steady sounds before and after don't have, over the "
                f"peak of all; worst: {name}", unit="dB",
            )
        ]  # fmt: skip

    return judged(probes, judge)


def _rates(specification: Specification) -> str:
    return ", ".join(f"{rate / 1000:g}" for rate in specification.sample_rates) + " kHz"
