"""What a user orders of mastering."""

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, JsonValue, ValidationError, field_validator

from agents.judging.targets import PublishedTarget, published, target_called
from grym_synth.errors import BadInput
from memory.context import Word

FileFormat = Literal["wav", "flac", "mp3"]
Repair = Literal["dc", "polarity", "hum", "offset", "imbalance"]
TargetName = Literal["streaming", "broadcast", "club"]

MOST_INPUTS = 24
_UNITS = re.compile(r"\s|lufs|lkfs|dbtp|db", re.IGNORECASE)


class Target(Word):
    """A loudness that a master shall have, and the true peak that it may not pass."""

    name: str = Field(default="own", pattern=r"^\w[\w.-]{0,39}$")
    """Becomes a part of the file names."""
    lufs: float = Field(ge=-40, le=-5)
    """Integrated loudness (BS.1770), -40 to -5 LUFS."""
    true_peak_dbtp: float = Field(default=-1.0, ge=-9, le=-0.1)
    """Highest true peak, -9 to -0.1 dBTP."""
    source: str = Field(default="", max_length=300)
    """Where these numbers are published; empty: they are the order's own, or usual."""


TARGETS: dict[TargetName, Target] = {
    "streaming": Target(name="streaming", lufs=-14),
    "broadcast": Target(name="broadcast", lufs=-23),
    "club": Target(name="club", lufs=-9),
}


def published_target(service: PublishedTarget) -> Target:
    """What a service plays at or a broadcaster takes, as a target of its name."""
    name = re.sub(r"\W+", "-", service.name.casefold())
    return Target(name=name, lufs=service.lufs, true_peak_dbtp=service.dbtp, source=service.source)


def _named_target(given: JsonValue) -> JsonValue:
    """A target's name, with or without a true peak, or its loudness as a number, as the target."""
    if isinstance(given, str):
        name, _, peak = given.partition(",")
        named = _target_of_name(name.strip())
        numbers = _numbers(given if named is None else peak)
        if named is not None and len(numbers) == bool(peak):
            peaked = named.model_dump(mode="json")
            return {**peaked, "true_peak_dbtp": numbers[0]} if peak else peaked
        if named is not None or len(numbers) not in (1, 2):
            names = ", ".join((*TARGETS, *(one.name for one in published())))
            raise ValueError(f"{given!r} is no target: give {names}, or LUFS,dBTP such as -16,-1")
        own: dict[str, JsonValue] = {"name": f"{abs(numbers[0]):g}lufs", "lufs": numbers[0]}
        return {**own, "true_peak_dbtp": numbers[1]} if len(numbers) == 2 else own
    if isinstance(given, int | float) and not isinstance(given, bool):
        return {"name": f"{abs(given):g}lufs", "lufs": given}
    return given


def _target_of_name(name: str) -> Target | None:
    for usual, target in TARGETS.items():
        if name.casefold() == usual:
            return target
    service = target_called(name)
    return None if service is None else published_target(service)


def _numbers(text: str) -> list[float]:
    """The numbers that stand between commas, without their units; none where one is no number."""
    try:
        return [float(one) for one in _UNITS.sub("", text).split(",")]
    except ValueError:
        return []


class MasterOrder(Word):
    """What is made of the files, and how far it may go."""

    title: str = Field(default="", max_length=120)
    """Names the folder and the files; empty: after the first file."""
    targets: tuple[Annotated[Target, BeforeValidator(_named_target)], ...] = Field(
        default=(TARGETS["streaming"],), min_length=1, max_length=6
    )
    """One master each: ``streaming``, ``broadcast``, ``club``, a service's name such as ``Apple
    Music``, a loudness in LUFS, or a target."""
    reference: str = ""
    """SHA-256 of a recording whose tonal balance is approached; empty: the usual slope."""
    formats: tuple[FileFormat, ...] = Field(default=("wav", "flac", "mp3"), min_length=1)
    """Of each master."""
    bit_depth: Literal[16, 24] = 24
    """Of WAV and FLAC, with dither."""
    sample_rate_hz: Literal[44100, 48000, 88200, 96000] | None = None
    """Of mix and masters, in hertz; by default that of most inputs."""
    repair: tuple[Repair, ...] = ("dc", "polarity", "hum", "offset")
    """Which faults are repaired where they are certain; what isn't is only told."""
    tone: bool = True
    """Whether tonal balance is corrected, by at most 3 dB."""
    glue: bool = True
    """Whether the mix may be compressed gently where that spares the limiter."""
    mono_below_hz: float = Field(default=100.0, ge=0, le=300)
    """Below this frequency the master is mono; 0: never."""
    most_reduction_db: float = Field(default=12.0, ge=0, le=24)
    """The limiter takes no more off any peak, in dB; what is out of reach then is not met."""

    @field_validator("targets", mode="before")
    @classmethod
    def _several(cls, given: object) -> object:
        return (given,) if isinstance(given, str | int | float) else given

    @field_validator("targets")
    @classmethod
    def _different(cls, given: tuple[Target, ...]) -> tuple[Target, ...]:
        if len({one.name for one in given}) < len(given):
            raise ValueError("two targets have one name")
        return given


def order_of(parameters: dict[str, JsonValue]) -> MasterOrder:
    """Read an order.

    Raises:
        BadInput: it doesn't hold what an order may hold.
    """
    try:
        return MasterOrder.model_validate(parameters)
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(str(one) for one in first["loc"]) or "the order"
        says = first["msg"].removeprefix("Value error, ").rstrip(".")
        raise BadInput(
            "reading the order to master", f"{where}: {says}", "Give it as docs/mastering.md says"
        ) from fault
