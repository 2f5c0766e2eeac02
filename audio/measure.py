"""Measure a sound file: every aspect that was asked for, in one pass over it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, Protocol

from audio import clipping, cutoff, hum, levels, loudness, musical, spectrum, stereo, true_peak
from audio.aspects import ASPECTS, PROFILE
from audio.blocks import Block, Stream, open_stream, read_blocks
from audio.measurement import Measurement as Measurement
from audio.measurement import Reporter
from grym_synth.errors import UnknownName

_HEADER_ASPECTS = ("duration.seconds", "sample_rate.hz", "channels")
_SAME_LENGTH_SECONDS = 0.1
"""Encoders' padding makes a header's length differ by less than this from what is decoded."""


class _Meter(Protocol):
    def push(self, block: Block) -> None: ...
    def finish(self) -> list[Measurement]: ...


@dataclass(frozen=True)
class _Kind:
    """A meter, what it measures, and which spectrograms it reads."""

    aspects: tuple[str, ...]
    make: Callable[[Stream], _Meter]
    short: bool = False
    long: bool = False


_KINDS = (
    _Kind(loudness.ASPECTS, loudness.LoudnessMeter),
    _Kind(true_peak.ASPECTS, true_peak.TruePeakMeter),
    _Kind(levels.ASPECTS, levels.LevelMeter),
    _Kind(clipping.ASPECTS, clipping.ClippingMeter),
    _Kind(spectrum.ASPECTS, spectrum.SpectrumMeter, short=True, long=True),
    _Kind(cutoff.ASPECTS, cutoff.CutoffMeter, short=True),
    _Kind(stereo.ASPECTS, stereo.StereoMeter),
    _Kind(hum.ASPECTS, hum.HumMeter),
)


def measure(path: Path, aspects: Collection[str] = ()) -> list[Measurement]:
    """Measure a sound file.

    Args:
        path: the file.
        aspects: what to measure, by name or by family (``loudness``, ``spectrum.band_db``); empty
            for the full profile. Only what is asked for is computed.

    Returns:
        One measurement of each aspect, in the order of the profile. What can't be told has the
        value None, confidence 0, and the reason in ``method``.

    Raises:
        MediaRejected: nothing of the file can be decoded.
        UnknownName: an aspect is none that is measured from sound.
    """
    wanted = select(aspects)
    stream = open_stream(path)
    measured, frames, spoilt = _run(path, stream, wanted)
    if abs(frames - stream.frames) > _SAME_LENGTH_SECONDS * stream.sample_rate_hz:
        # Some meters plan by the header's length: let them see the true one.
        measured, frames, spoilt = _run(path, replace(stream, frames=frames), wanted)
    told = {one.aspect: one for one in (*_header(stream, frames, spoilt), *measured)}
    return [told[aspect] for aspect in wanted]


def select(aspects: Collection[str]) -> tuple[str, ...]:
    """The aspects of the profile that names or families stand for, in its order; all for none.

    Raises:
        UnknownName: a name stands for no aspect that is measured from sound.
    """
    if not aspects:
        return PROFILE
    for asked in aspects:
        if not any(_stands_for(asked, aspect) for aspect in PROFILE):
            known = "is read from pictures" if asked in ASPECTS else "is not known"
            raise UnknownName(
                f"measuring {asked}", f"this aspect {known}", f"Choose from {', '.join(PROFILE)}"
            )
    return tuple(aspect for aspect in PROFILE if any(_stands_for(one, aspect) for one in aspects))


def _stands_for(asked: str, aspect: str) -> bool:
    family = asked.rstrip(".*")
    return aspect == family or aspect.startswith(f"{family}.")


class _Ran(NamedTuple):
    measured: list[Measurement]
    frames: int
    """Samples per channel."""
    spoilt: str
    """What was no number, in words; empty where all of them were."""


def _run(path: Path, stream: Stream, wanted: tuple[str, ...]) -> _Ran:
    """Push every block through the meters; also count the samples, and those that are none."""
    kinds = [kind for kind in _KINDS if not set(wanted).isdisjoint(kind.aspects)]
    meters = [kind.make(stream) for kind in kinds]
    music = not set(wanted).isdisjoint(musical.ASPECTS)
    if music:
        meters.append(musical.MusicMeter(stream, wanted))
    short = music or any(kind.short for kind in kinds)
    long = music or any(kind.long for kind in kinds)
    frames, not_numbers = 0, 0
    spans: list[tuple[int, int]] = []
    for block in read_blocks(path, stream, short=short, long=long):
        for meter in meters:
            meter.push(block)
        frames += block.samples.shape[1]
        not_numbers += block.not_numbers
        spans += [block.first_and_last] if block.first_and_last else []
    spoilt = ""
    if spans:
        first, last = (frame / stream.sample_rate_hz for frame in (spans[0][0], spans[-1][1]))
        spoilt = (
            f"{not_numbers} sample{'s are' if not_numbers > 1 else ' is'} not a number or infinite "
            f"(between {first:.3f} s and {last:.3f} s) and measured as silence"
        )
    return _Ran([one for meter in meters for one in meter.finish()], frames, spoilt)


def _header(stream: Stream, frames: int, spoilt: str) -> list[Measurement]:
    say, missing = Reporter("measure"), stream.frames - frames
    method = "decoded samples per channel over the sample rate"
    if missing > _SAME_LENGTH_SECONDS * stream.sample_rate_hz:
        method += f"; the file breaks off: its header promises {stream.seconds:.2f} s"
    if spoilt:
        method += f"; {spoilt}"
    seconds = frames / stream.sample_rate_hz
    seconds = round(seconds, 3 if seconds >= 1 else 6)
    header = "header of the sound file"
    return [
        say.told(_HEADER_ASPECTS[0], seconds, method),
        say.told(_HEADER_ASPECTS[1], stream.sample_rate_hz, header),
        say.told(_HEADER_ASPECTS[2], stream.channels, header),
    ]
