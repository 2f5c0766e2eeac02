"""The second try: parameters are moved by as much as the first result missed."""

from collections.abc import Iterable

from pydantic import JsonValue

from agents.recipes.catalog import parameters_of
from audio.aspects import is_number
from grym_synth.errors import BadInput
from memory.context import Criterion, Operation

_PEAK_MARGIN_DB = 0.05
_FURTHEST_LU = 3.0
_FURTHEST_TEMPO = 0.1


def compensated(
    operations: tuple[Operation, ...], misses: Iterable[Criterion]
) -> tuple[Operation, ...]:
    """The operations with their numbers moved against the misses; the same where none can be.

    Args:
        operations: as they were planned.
        misses: criteria that their result did not meet, with what was measured.
    """
    for miss in misses:
        operations = tuple(_moved(operation, miss) for operation in operations)
    return operations


def _moved(operation: Operation, miss: Criterion) -> Operation:
    try:
        given = parameters_of(operation).model_dump()
    except BadInput:
        return operation  # the coder says what is wrong with it
    change = _change(operation.name, given, miss)
    if not change:
        return operation
    moved = operation.model_copy(update={"parameters": {**operation.parameters, **change}})
    try:
        parameters_of(moved)
    except BadInput:
        return operation  # further than its range goes
    return moved


def _change(name: str, parameters: dict[str, JsonValue], miss: Criterion) -> dict[str, JsonValue]:
    """What to change of the parameters, defaults included."""
    if miss.aspect == "hum.hz" and name == "dehum" and is_number(miss.measured):
        return {"hum_hz": miss.measured}
    if not (is_number(miss.value) and is_number(miss.measured)):
        return {}
    short = float(miss.value) - float(miss.measured)
    given = {
        parameter: float(value)
        for parameter, value in parameters.items()
        if isinstance(value, int | float)
    }
    match name, miss.aspect:
        case (("master" | "normalise_loudness"), "loudness.integrated_lufs"):
            if abs(short) <= _FURTHEST_LU:
                return {"target_lufs": round(given["target_lufs"] + short, 3)}
        case "master", "loudness.true_peak_dbtp":
            lower = given["true_peak_dbtp"] + min(short, 0.0) - _PEAK_MARGIN_DB
            return {"true_peak_dbtp": round(lower, 3)}
        case "normalise_peak", ("clipping.samples" | "loudness.true_peak_dbtp"):
            return {"peak_dbfs": round(given["peak_dbfs"] - max(-short, 0.5), 3)}
        case "trim_silence", ("silence.start_seconds" | "silence.end_seconds"):
            return {"threshold_dbfs": given["threshold_dbfs"] + 10.0}
        case "time_stretch", "tempo.bpm":
            factor = miss.value / miss.measured if miss.measured > 0 else 0.0
            if abs(factor - 1) <= _FURTHEST_TEMPO:
                return {one: value * factor for one, value in given.items()}
    return {}
