"""From operations to calls: which function, with which numbers."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from agents.recipes.catalog import (
    RECIPES,
    ClickTrack,
    Convert,
    Gain,
    Parameters,
    PitchShift,
    TimeStretch,
    parameters_of,
)
from audio.aspects import parse_key
from grym_synth.errors import BadInput
from memory.context import Operation


@dataclass(frozen=True)
class Call:
    """One call in a script."""

    operation: str
    module: str
    function: str
    arguments: dict[str, JsonValue]
    """Its parameters after the sound, in order, by name."""


@dataclass(frozen=True)
class Chain:
    """All that a script does, in order."""

    calls: tuple[Call, ...]
    suffix: str = "wav"
    """File format of the result."""
    bit_depth: int = 24
    from_nothing: bool = False
    """Whether the script makes its sound itself and reads no file."""


def chains_of(operations: tuple[Operation, ...]) -> tuple[tuple[Operation, ...], ...]:
    """The operations by the file that they lead to: clicks are a file of their own."""
    clicks = tuple(one for one in operations if one.name == "click_track")
    rest = tuple(one for one in operations if one.name != "click_track")
    shared = tuple(one for one in rest if one.name == "convert")
    if not clicks:
        return (rest,)
    return ((*clicks, *shared),) if rest == shared else (rest, (*clicks, *shared))


def needed_facts(operations: tuple[Operation, ...]) -> tuple[str, ...]:
    """The aspects of the input that the operations' parameters depend on.

    Raises:
        BadInput: an operation or a parameter can't be used.
    """
    needed: list[str] = []
    for operation in operations:
        match parameters_of(operation):
            case TimeStretch(target_bpm=float()):
                needed.append("tempo.bpm")
            case PitchShift(target_key=str()):
                needed.append("key")
            case ClickTrack(bpm=None):
                needed += ["beats", "downbeats"]
            case Gain():
                needed.append("loudness.integrated_lufs")
    return tuple(dict.fromkeys(needed))


def needs_input(operations: tuple[Operation, ...]) -> bool:
    """Whether the operations can't go without a sound to work on."""
    for operation in operations:
        match parameters_of(operation):
            case Convert() | ClickTrack(bpm=float(), seconds=float()):
                continue
            case _:
                return True
    return not any(operation.name == "click_track" for operation in operations)


def bind(
    operations: tuple[Operation, ...], facts: Mapping[str, JsonValue], from_nothing: bool = False
) -> Chain:
    """Turn operations into calls.

    Args:
        operations: what to do, in order.
        facts: value of each aspect that ``needed_facts`` names.
        from_nothing: whether there is no sound to work on.

    Raises:
        BadInput: an operation, a parameter or their order can't be used, or a fact is missing.
    """
    calls: list[Call] = []
    written = Convert()
    for operation in operations:
        parameters = parameters_of(operation)
        if isinstance(parameters, Convert):
            written = parameters
        elif operation.name == "hpss" and any(call.operation == "hpss" for call in calls):
            raise BadInput("planning hpss", "the sound is split already", "Split it once")
        else:
            calls.append(_call(operation.name, parameters, facts))
    if written.format == "mp3":
        calls.append(Call("convert", "formats", "fit_mp3", {}))
    return Chain(tuple(calls), written.format, written.bit_depth, from_nothing)


def _call(name: str, parameters: Parameters, facts: Mapping[str, JsonValue]) -> Call:
    module = RECIPES[name].module
    match parameters:
        case TimeStretch(target_bpm=float() as target):
            tempo: dict[str, JsonValue] = {"source_bpm": _fact("tempo.bpm", name, facts)}
            return Call(name, module, "time_stretch_tempo", {**tempo, "target_bpm": target})
        case TimeStretch():
            return Call(name, module, name, {"rate": parameters.rate})
        case PitchShift(target_key=str() as target):
            steps = _semitones(str(_fact("key", name, facts)), target)
            return Call(name, module, name, {"semitones": steps})
        case PitchShift():
            return Call(name, module, name, {"semitones": parameters.semitones})
        case ClickTrack(bpm=None):
            downbeats = facts.get("downbeats") or []
            beats = {"beats": _fact("beats", name, facts), "downbeats": downbeats}
            return Call(name, module, name, beats)
        case ClickTrack():
            return Call(name, module, "steady_click_track", parameters.model_dump())
        case _:
            return Call(name, module, name, parameters.model_dump())


def _semitones(source: str, target: str) -> int:
    """The shortest way between the tonics, or between the relative keys where the modes differ."""
    here, there = parse_key(source), parse_key(target)
    if here is None or there is None:
        raise BadInput("planning pitch_shift", f"{source} is no key", "Give it in semitones")
    relative = {"major": 0, "minor": 3}
    steps = there[0] + relative[there[1]] - here[0] - relative[here[1]]
    return (steps + 5) % 12 - 5


def _fact(aspect: str, operation: str, facts: Mapping[str, JsonValue]) -> JsonValue:
    value = facts.get(aspect)
    if value is None or value == []:
        raise BadInput(
            f"planning {operation}",
            f"the {aspect} of the sound can't be told",
            "Give it in numbers",
        )
    return value
