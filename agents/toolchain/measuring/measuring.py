"""All that is measured of a built processor."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from agents.toolchain.bench import Measurable, Told
from agents.toolchain.family import KINDS
from agents.toolchain.measuring.contract import contract
from agents.toolchain.measuring.delays import delay_trials
from agents.toolchain.measuring.dynamics import (
    compressor_trials,
    envelope_trials,
    gate_trials,
)
from agents.toolchain.measuring.filters import crossover_trials, filter_trials
from agents.toolchain.measuring.limiting import limiter_trials
from agents.toolchain.measuring.meters import meter_trials
from agents.toolchain.measuring.multiband import multiband_trials
from agents.toolchain.measuring.shaping import waveshaper_trials
from agents.toolchain.measuring.sweeping import (
    delay_sweep_trials,
    phaser_trials,
    tremolo_trials,
)
from agents.toolchain.measuring.trial import Trial
from agents.toolchain.measuring.wanted import wanted_trials
from agents.toolchain.showing import scene_of
from agents.toolchain.specification import Specification
from agents.workflows.checks import Check, held
from audio.probing.plotting import View
from audio.probing.probe import Answer
from audio.probing.soundness import not_finite

_BY_MODULE: dict[str, Callable[[Specification], list[Trial]]] = {
    "filters": filter_trials,
    "crossover": crossover_trials,
    "compressor": compressor_trials,
    "multiband": multiband_trials,
    "limiter": limiter_trials,
    "gate": gate_trials,
    "delay": delay_trials,
    "waveshaper": waveshaper_trials,
    "envelope": envelope_trials,
    "tremolo": tremolo_trials,
    "modulated_delay": delay_sweep_trials,
    "phaser": phaser_trials,
    "meter": meter_trials,
}


def trials_of(specification: Specification) -> list[Trial]:
    """Every trial that a processor of this specification has to go through."""
    own = KINDS.get(specification.kind)
    special = _BY_MODULE[own.module](specification) if own is not None else []
    return [*special, *wanted_trials(specification), *contract(specification)]


class Measured(NamedTuple):
    """What was measured of a processor."""

    checks: tuple[Check, ...]
    view: View
    """What is drawn of it."""


def measured(specification: Specification, bench: Measurable) -> Measured:
    """Measure a processor.

    Args:
        specification: what it has to be.
        bench: with its package.

    Raises:
        BenchFault: the package broke off, or gave back something of another form.
    """
    trials, scene = trials_of(specification), scene_of(specification)
    probes = [probe for trial in trials for probe in trial.probes]
    session = bench.measure([*scene.probes, *probes], specification.channels)
    start = len(scene.probes)
    checks = [same_parameters(specification, session.parameters)]
    for trial in trials:
        end = start + len(trial.probes)
        answers = session.answers[start:end]
        sound = trial.takes_all or not any(not_finite(one.output) for one in answers)
        checks += trial.judge(answers) if sound else [_not_finite(trial)]
        start = end
    seen = [_finite(one) for one in session.answers[: len(scene.probes)]]
    return Measured(tuple(checks), scene.view(seen))


def _finite(answer: Answer) -> Answer:
    """An answer that can be drawn."""
    output = np.nan_to_num(answer.output, nan=0.0, posinf=0.0, neginf=0.0)
    return replace(answer, output=output)


def _not_finite(trial: Trial) -> Check:
    told = trial.probes[0].settings
    return held(
        "finite",
        "the answers to the probes are finite numbers",
        False,
        f"{len(trial.probes)} probes, the first at {told or 'the defaults'}",
        why="there are samples which are none, so that nothing can be measured of them",
    )


def same_parameters(specification: Specification, told: Sequence[Told]) -> Check:
    """Whether a processor tells of itself what the specification wants."""
    wanted = [
        Told(one.name, one.unit, one.minimum, one.maximum, one.default)
        for one in specification.parameters
    ]
    differs = [one.name for one in told if one not in wanted]
    differs += [one.name for one in wanted if one not in told]
    return held(
        "parameters",
        "names, units, ranges and defaults of the parameters are those of the specification",
        not differs,
        "compared with what the installed package tells of itself",
        measured=len(told),
        why=f"{', '.join(dict.fromkeys(differs))} differ" if differs else "",
    )
