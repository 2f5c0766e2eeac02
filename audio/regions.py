"""Regions of a recording that a look at its spectrogram shows, in seconds and hertz.

Cut-offs and hum come from the instruments that measure them for the whole file; where one holds
for a part of the file only, it is found in windows of ten seconds, two of which must agree.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from audio.blocks import Block, Stream, open_stream, read_blocks
from audio.clip_spans import CeilingMeter, SpanMeter
from audio.clipping import ClippingMeter
from audio.cutoff import CutoffMeter
from audio.dropouts import DropoutMeter, Gap
from audio.hum import HumMeter
from audio.measurement import Measurement
from grym_synth.errors import MediaRejected

RegionKind = Literal["cutoff", "hum", "dropout", "clipping"]

_SAME_HZ = 0.03
"""Windows agree when their frequencies differ by no more than this share."""
_LEAST_WINDOWS = 2
_LEAST_CONFIDENCE = 0.15
"""A sign that is fainter, such as one line in a few seconds, is no region."""
_HUM_HALF_WIDTH_HZ = 1.0


@dataclass(frozen=True)
class Region:
    """A rectangle of time and frequency with something in it."""

    kind: RegionKind
    start: float
    """Seconds."""
    end: float
    low_hz: float
    high_hz: float
    confidence: float
    """0 to 1."""
    says: str
    """How it was told, with figures."""


@dataclass(frozen=True)
class RegionReading:
    """All regions of a file, and why there are none of a kind."""

    seconds: float
    regions: list[Region]
    """By kind, then in order of time."""
    absent: dict[RegionKind, str] = field(default_factory=dict)


class _Teller(Protocol):
    def push(self, block: Block) -> None: ...
    def finish(self) -> list[Measurement]: ...


@dataclass(frozen=True)
class _Told:
    """What an instrument said about a stretch of time."""

    start: float
    end: float
    hertz: float
    confidence: float
    says: str


class _Windows:
    """One instrument over the whole file, and anew for each block."""

    def __init__(self, make: Callable[[Stream], _Teller], stream: Stream) -> None:
        self._make, self._stream = make, stream
        self._whole = make(stream)
        self._parts: list[_Told] = []
        self._seconds = 0.0

    def push(self, block: Block) -> None:
        """Take the next block."""
        self._whole.push(block)
        window = self._make(self._stream)
        window.push(block)
        start = self._seconds
        self._seconds += block.samples.shape[1] / self._stream.sample_rate_hz
        told = window.finish()[0]
        hertz = float(told.value) if isinstance(told.value, int | float) else 0.0
        self._parts.append(_Told(start, self._seconds, hertz, told.confidence, told.method))

    def finish(self) -> tuple[list[_Told], str]:
        """The whole file when it holds there, else the parts in which it does; and why if none."""
        whole = self._whole.finish()[0]
        if isinstance(whole.value, int | float):
            if whole.confidence < _LEAST_CONFIDENCE:
                return [], f"too faint a sign to count: {whole.method}"
            hertz = float(whole.value)
            return [_Told(0.0, self._seconds, hertz, whole.confidence, whole.method)], ""
        return _joined(self._parts), whole.method


def read_regions(path: Path) -> RegionReading:
    """Find cut-offs, hum lines, drop-outs and clipped spans.

    Raises:
        MediaRejected: the file can't be decoded or holds nothing.
    """
    stream = open_stream(path)
    cutoff, hum = _Windows(CutoffMeter, stream), _Windows(HumMeter, stream)
    dropouts, clipping = DropoutMeter(stream), ClippingMeter(stream)
    ceilings = CeilingMeter(stream)
    seen = 0
    for block in read_blocks(path, stream, long=False):
        for meter in (cutoff, hum, dropouts, clipping, ceilings):
            meter.push(block)
        seen += block.samples.shape[1]
    if seen == 0:
        raise MediaRejected(f"reading {path.name}", "it holds no samples", "Give another file")
    nyquist, seconds = stream.sample_rate_hz / 2, seen / stream.sample_rate_hz
    absent: dict[RegionKind, str] = {}
    regions = _cutoffs(cutoff, nyquist, absent) + _hums(hum, absent)
    gaps = dropouts.finish()
    if not gaps:
        absent["dropout"] = "no sudden gap"
    regions += [_dropout(gap, nyquist) for gap in gaps]
    clipped = clipping.finish()[0]
    spans = _clipping(path, stream, ceilings) if clipped.value else []
    if not spans:
        absent["clipping"] = "no clipped run"
    return RegionReading(seconds, regions + spans, absent)


def _cutoffs(windows: _Windows, nyquist: float, absent: dict[RegionKind, str]) -> list[Region]:
    told, absent_because = windows.finish()
    if not told:
        absent["cutoff"] = absent_because
    return [
        Region("cutoff", one.start, one.end, one.hertz, nyquist, one.confidence, one.says)
        for one in told
    ]


def _hums(windows: _Windows, absent: dict[RegionKind, str]) -> list[Region]:
    told, absent_because = windows.finish()
    if not told:
        absent["hum"] = absent_because
    half = _HUM_HALF_WIDTH_HZ
    return [
        Region(
            "hum", one.start, one.end, one.hertz - half, one.hertz + half, one.confidence, one.says
        )
        for one in told
    ]


def _dropout(gap: Gap, nyquist: float) -> Region:
    what = "digital silence" if gap.digital else f"{gap.depth_db:.0f} dB down"
    says = f"{1000 * (gap.end - gap.start):.0f} ms of {what} in channel {gap.channel + 1}"
    confidence = 0.9 if gap.digital else 0.8
    return Region("dropout", gap.start, gap.end, 0.0, nyquist, confidence, says)


def _clipping(path: Path, stream: Stream, ceilings: CeilingMeter) -> list[Region]:
    meter = SpanMeter(stream, ceilings)
    for block in read_blocks(path, stream, short=False, long=False):
        meter.push(block)
    return [
        Region(
            kind="clipping",
            start=span.start,
            end=span.end,
            low_hz=0.0,
            high_hz=stream.sample_rate_hz / 2,
            confidence=0.9,
            says=f"{span.samples} samples in runs at the ceiling",
        )
        for span in meter.finish()
    ]


def _joined(parts: list[_Told]) -> list[_Told]:
    """Neighbouring windows that agree, as one stretch each; a window alone doesn't count."""
    runs: list[list[_Told]] = []
    for part in parts:
        if part.hertz <= 0:
            runs.append([])
            continue
        fits = runs and runs[-1] and abs(part.hertz / runs[-1][-1].hertz - 1) <= _SAME_HZ
        if fits:
            runs[-1].append(part)
        else:
            runs.append([part])
    means = [_mean(run) for run in runs if len(run) >= _LEAST_WINDOWS]
    return [mean for mean in means if mean.confidence >= _LEAST_CONFIDENCE]


def _mean(run: list[_Told]) -> _Told:
    hertz = sum(part.hertz for part in run) / len(run)
    confidence = min(sum(part.confidence for part in run), 1.0)
    return _Told(run[0].start, run[-1].end, round(hertz, 1), confidence, run[0].says)
