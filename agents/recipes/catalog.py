"""Every operation that a script can do: its parameters with their ranges, and its recipe."""

from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from audio.aspects import parse_key
from grym_synth.errors import BadInput
from memory.context import Operation

Frequency = Annotated[float, Field(ge=10.0, le=96_000.0)]
Decibels = Annotated[float, Field(ge=-60.0, le=60.0)]
Order = Annotated[int, Field(ge=1, le=12)]
Bpm = Annotated[float, Field(ge=20.0, le=400.0)]


class Parameters(BaseModel):
    """Base of the parameters of an operation."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class NoParameters(Parameters):
    """For operations without any."""


class Gain(Parameters):
    db: Decibels
    """Decibels."""


class Master(Parameters):
    target_lufs: float = Field(default=-14.0, ge=-40.0, le=-5.0)
    """Integrated loudness, LUFS."""
    true_peak_dbtp: float = Field(default=-1.0, ge=-20.0, le=0.0)
    """Highest true peak, dBTP."""


class NormaliseLoudness(Parameters):
    target_lufs: float = Field(ge=-60.0, le=-5.0)
    """Integrated loudness, LUFS."""


class NormalisePeak(Parameters):
    peak_dbfs: float = Field(default=-1.0, ge=-60.0, le=0.0)
    """Highest sample, dBFS."""


class TrimSilence(Parameters):
    threshold_dbfs: float = Field(default=-60.0, ge=-120.0, le=-10.0)
    """What is quieter at the ends is cut, dBFS."""


class Trim(Parameters):
    start_seconds: float = Field(default=0.0, ge=0.0)
    """First moment that is kept, seconds."""
    end_seconds: float | None = Field(default=None, gt=0.0)
    """Moment at which it ends, seconds; without it, the end of the sound."""

    @model_validator(mode="after")
    def _ends_after_its_start(self) -> Self:
        if self.end_seconds is not None and self.end_seconds <= self.start_seconds:
            raise ValueError("the end must come after the start")
        return self


class Fade(Parameters):
    in_seconds: float = Field(default=0.0, ge=0.0, le=600.0)
    """Length of the fade-in, seconds."""
    out_seconds: float = Field(default=0.0, ge=0.0, le=600.0)
    """Length of the fade-out, seconds."""


class Resample(Parameters):
    sample_rate_hz: int = Field(ge=8_000, le=192_000)
    """New sample rate, hertz."""


class Convert(Parameters):
    format: Literal["wav", "flac", "mp3", "ogg", "aiff"] = "wav"
    """File format of the result."""
    bit_depth: Literal[16, 24, 32] = 24
    """Bits a sample: 16 with dither, 24, or 32 as floating point; nothing for mp3 and ogg."""


class Dehum(Parameters):
    hum_hz: float = Field(default=0.0, ge=0.0, le=500.0)
    """Fundamental of the hum, hertz; 0 looks for 50 and 60 Hz."""


class Pass(Parameters):
    cutoff_hz: Frequency
    """Where it is down by 3 dB, hertz."""
    order: Order = 4
    """Order of the Butterworth filter: 6 dB per octave each."""


class Bandpass(Parameters):
    low_hz: Frequency
    """Lower edge, hertz."""
    high_hz: Frequency
    """Upper edge, hertz."""
    order: Order = 4
    """Order of each edge."""

    @model_validator(mode="after")
    def _edges_in_order(self) -> Self:
        if self.high_hz <= self.low_hz:
            raise ValueError("high_hz must lie above low_hz")
        return self


class Shelf(Parameters):
    frequency_hz: Frequency
    """Where half of the gain is reached, hertz."""
    gain_db: float = Field(ge=-30.0, le=30.0)
    """Gain of the shelf, decibels."""


class PeakEq(Parameters):
    frequency_hz: Frequency
    """Centre, hertz."""
    gain_db: float = Field(ge=-30.0, le=30.0)
    """Gain at the centre, decibels."""
    q: float = Field(default=1.0, ge=0.1, le=50.0)
    """Centre over width."""


class MidSide(Parameters):
    width: float = Field(ge=0.0, le=4.0)
    """Factor of the side signal: 0 mono, 1 as it is."""


class TimeStretch(Parameters):
    rate: float | None = Field(default=None, ge=0.25, le=4.0)
    """How many times as fast."""
    target_bpm: Bpm | None = None
    """Tempo to reach, in place of a rate; the present tempo is measured."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.rate is None) == (self.target_bpm is None):
            raise ValueError("give either rate or target_bpm")
        return self


class PitchShift(Parameters):
    semitones: float | None = Field(default=None, ge=-24.0, le=24.0)
    """Semitones up, negative for down."""
    target_key: str | None = None
    """Key to reach by the shortest way, such as ``F minor``; the present key is measured."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.semitones is None) == (self.target_key is None):
            raise ValueError("give either semitones or target_key")
        if self.target_key is not None and parse_key(self.target_key) is None:
            raise ValueError(f"{self.target_key} is no key")
        return self


class ClickTrack(Parameters):
    bpm: Bpm | None = None
    """A steady tempo; without it, the beats of the sound are measured."""
    seconds: float | None = Field(default=None, gt=0.0, le=14_400.0)
    """Length, seconds; by default that of the sound."""
    beats_per_bar: int = Field(default=0, ge=0, le=32)
    """Every so many clicks of a steady tempo one is higher; 0 for none."""


@dataclass(frozen=True)
class Recipe:
    """One operation."""

    module: str
    """Module of ``agents.recipes`` that holds it; empty when the writing of the file does it."""
    parameters: type[Parameters]
    label: str
    """What the result is called: ``mix-LABEL.wav``."""
    says: str
    """What it does, for answers."""


RECIPES = {
    "gain": Recipe("level", Gain, "gain", "change the level"),
    "master": Recipe("master", Master, "master", "master to a loudness and a true peak"),
    "normalise_loudness": Recipe("level", NormaliseLoudness, "normalised", "set the loudness"),
    "normalise_peak": Recipe("level", NormalisePeak, "normalised", "set the highest sample"),
    "trim_silence": Recipe("cut", TrimSilence, "trimmed", "cut the silence off both ends"),
    "trim": Recipe("cut", Trim, "cut", "keep the part between two times"),
    "fade": Recipe("cut", Fade, "faded", "fade in and out"),
    "resample": Recipe("resampling", Resample, "resampled", "change the sample rate"),
    "convert": Recipe("", Convert, "converted", "change the file format"),
    "remove_dc": Recipe("cleaning", NoParameters, "dc-removed", "take off the constant offset"),
    "dehum": Recipe("cleaning", Dehum, "dehummed", "cut out mains hum"),
    "highpass": Recipe("filters", Pass, "highpass", "cut what lies below a frequency"),
    "lowpass": Recipe("filters", Pass, "lowpass", "cut what lies above a frequency"),
    "bandpass": Recipe("filters", Bandpass, "bandpass", "keep what lies between two frequencies"),
    "low_shelf": Recipe("filters", Shelf, "eq", "raise or lower the low frequencies"),
    "high_shelf": Recipe("filters", Shelf, "eq", "raise or lower the high frequencies"),
    "peak_eq": Recipe("filters", PeakEq, "eq", "raise or lower a band"),
    "mono": Recipe("stereo", NoParameters, "mono", "mix down to one channel"),
    "mid_side": Recipe("stereo", MidSide, "width", "change the stereo width"),
    "hpss": Recipe("split", NoParameters, "split", "split what rings from what strikes"),
    "time_stretch": Recipe("stretching", TimeStretch, "stretched", "change the tempo"),
    "pitch_shift": Recipe("stretching", PitchShift, "pitched", "shift the pitch"),
    "click_track": Recipe("clicks", ClickTrack, "clicks", "make a click track"),
}
"""Every operation by name."""


def parameters_of(operation: Operation) -> Parameters:
    """Check an operation's name and parameters.

    Raises:
        BadInput: there is no such operation, or a parameter is unknown, missing or out of range.
    """
    recipe = RECIPES.get(operation.name)
    if recipe is None:
        raise BadInput(
            f"planning {operation.name}",
            "there is no operation of that name",
            "Use one of " + ", ".join(RECIPES),
        )
    given = {name: value for name, value in operation.parameters.items() if value is not None}
    try:
        return recipe.parameters.model_validate(given)
    except ValidationError as fault:
        first = fault.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "its parameters"
        raise BadInput(
            f"planning {operation.name}", f"{where}: {first['msg']}", _ranges(recipe.parameters)
        ) from fault


def _ranges(parameters: type[Parameters]) -> str:
    texts = []
    for name, rule in parameters.model_json_schema().get("properties", {}).items():
        kinds = [rule, *rule.get("anyOf", [])]
        ends = [kind for kind in kinds if "minimum" in kind or "maximum" in kind]
        low, high = (ends[0].get(end) for end in ("minimum", "maximum")) if ends else (None, None)
        choice = next((kind["enum"] for kind in kinds if "enum" in kind), None)
        if choice:
            texts.append(f"{name}: one of {', '.join(map(str, choice))}")
        elif low is not None and high is not None:
            texts.append(f"{name}: {low:g} to {high:g}")
        else:
            texts.append(name)
    return "Give " + "; ".join(texts) if texts else "Give no parameters"
