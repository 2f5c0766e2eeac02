"""The checks of a Faust source: it compiles, measures as specified, and does what Python does."""

from collections.abc import Sequence

import numpy as np

from agents.toolchain.bench import Bench, BenchFault, Measurable
from agents.toolchain.expectations import inputs_of
from agents.toolchain.faust.compiler import Compiler
from agents.toolchain.measuring.contract import corners_of
from agents.toolchain.measuring.measuring import Measured, measured
from agents.toolchain.measuring.trial import main_rate
from agents.toolchain.specification import Specification
from agents.workflows.checks import Check, compared, held, unchecked
from audio.probing.probe import Answer, Probe
from audio.probing.signals import impulse, noise
from audio.probing.soundness import denormals, distance, not_finite

SAME = 1e-6
"""Largest difference from the Python package, full scale 1: -120 dB."""
_CORNERS = 4


def compiles(compiler: Compiler, fault: str) -> Check:
    """Whether the compiler took the source."""
    return held(
        "faust.compiles", "the Faust source compiles", not fault,
        f"faust {compiler.version}, to C++ in double precision", why=fault,
    )  # fmt: skip


def not_run(why: str) -> Check:
    """The check of what can't be heard on this machine."""
    return unchecked("faust.measured", "the Faust program measures as specified", "", why)


def judged(specification: Specification, faust: Measurable, python: Bench) -> Measured:
    """All that is measured of a Faust program.

    Args:
        specification: what it has to be.
        faust: with the compiled program.
        python: with the package.

    Raises:
        BenchFault: one of them broke off.
    """
    found = measured(specification, faust)
    own = [one for one in found.checks if one.name != "parameters"]
    checks = [*_tail(specification, faust), _same(specification, faust, python)]
    checks += [one.model_copy(update={"name": f"faust.{one.name}"}) for one in own]
    return Measured(tuple(checks), found.view)


def broke_off(fault: BenchFault) -> Check:
    """The check of a program that could not be run."""
    return held("faust.measured", "the Faust program runs through all measurements", False,
                "probes in the sandbox", why=fault.happened)  # fmt: skip


def _tail(specification: Specification, faust: Measurable) -> list[Check]:
    """Clean numbers after an impulse and after noise, in silence that follows."""
    probes = []
    for rate in specification.sample_rates:
        burst = noise(inputs_of(specification), 2 * rate, rate)
        burst[:, rate // 10 :] = 0.0
        probes += [Probe(burst, rate), Probe(impulse(inputs_of(specification), 2 * rate), rate)]
    answers = faust.measure(probes, specification.channels).answers
    bad = sum(not_finite(one.output) + denormals(one.output) for one in answers)
    return [
        compared(
            "faust.tail", "after sound it falls silent in clean numbers", float(bad), "<=", 0.0,
            "samples that are denormal or no finite numbers, in the answer to an impulse and to "
            "0.1 s of noise with silence up to 2 s, at all sample rates",
        )
    ]  # fmt: skip


def _same(specification: Specification, faust: Measurable, python: Bench) -> Check:
    """How far the results lie apart from those of the Python package."""
    rate, channels = main_rate(specification), specification.channels
    inputs = inputs_of(specification)
    corners = list(corners_of(specification))
    chosen = [corners[n] for n in np.linspace(0, len(corners) - 1, _CORNERS).astype(int).tolist()]
    probes = [
        *(Probe(noise(inputs, one // 3, one), one) for one in specification.sample_rates),
        *(Probe(noise(inputs, rate // 8, 9), rate, one) for one in chosen),
    ]
    pairs = zip(_run(faust, probes, channels), _run(python, probes, channels), strict=True)
    far = max(distance(one.output, other.output) for one, other in pairs)
    return compared(
        "faust.same", "it does what the Python package does", far, "<=", SAME,
        f"largest difference of the results for noise: defaults at all sample rates, {len(chosen)} "
        "corners of the ranges", unit="full scale",
    )  # fmt: skip


def _run(bench: Measurable, probes: Sequence[Probe], channels: int) -> list[Answer]:
    return bench.measure(probes, channels).answers
