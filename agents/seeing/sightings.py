"""What qwen_vl's instruments saw, as findings and as sentences."""

from pydantic import JsonValue

from agents.base import source_of
from audio.aspects import ASPECTS, SHOWS
from audio.assets import AssetRef
from audio.picture_reading import PictureReading
from audio.regions import Region, RegionKind, RegionReading
from memory.context import Evidence, Finding, Subject

MOST_SPANS = 200
"""A list of spans in one finding is cut here; the method says how many there are."""
_MOST_PLACES = 12
"""So many drop-outs and clipped spans get a finding of their own place, the longest first."""

_LISTED: dict[RegionKind, str] = {"dropout": "dropouts", "clipping": "clipping.spans"}
_COUNTED: dict[RegionKind, str] = {"dropout": "drop-out", "clipping": "clipped span"}
_ABSENT: dict[RegionKind, str] = {
    "cutoff": "cut-off", "hum": "hum", "dropout": "drop-outs", "clipping": "clipping"
}  # fmt: skip
_HERTZ: dict[RegionKind, str] = {"cutoff": "spectrum.cutoff_hz", "hum": "hum.hz"}


def region_findings(asset: AssetRef, reading: RegionReading) -> list[Finding]:
    """Turn what was read off a recording into findings, each about its own stretch of time."""
    found: list[Finding] = []
    for kind, aspect in _HERTZ.items():
        regions = _of(reading, kind)
        for region in regions:
            hertz = region.low_hz if kind == "cutoff" else (region.low_hz + region.high_hz) / 2
            place = _place(asset, region, reading)
            value = round(hertz, 1)
            found.append(_measured(place, aspect, value, region.says, region.confidence))
        if not regions:
            reason = reading.absent.get(kind, "none found")
            found.append(_measured(_whole(asset), aspect, None, reason, 0.0))
    for kind, aspect in _LISTED.items():
        regions = _of(reading, kind)
        spans: list[JsonValue] = [_span(region) for region in regions[:MOST_SPANS]]
        method = reading.absent.get(kind) or f"{len(regions)} found, {len(spans)} listed"
        found.append(_measured(_whole(asset), aspect, spans, method, 0.9))
        longest = sorted(regions, key=lambda region: region.start - region.end)[:_MOST_PLACES]
        for region in sorted(longest, key=lambda region: region.start):
            place, span = _place(asset, region, reading), [_span(region)]
            found.append(_measured(place, aspect, span, region.says, region.confidence))
    return found


def region_sentence(name: str, reading: RegionReading) -> str:
    """Say in one sentence what was read off a recording."""
    parts = [
        *(f"cut-off at {r.low_hz:.0f} Hz{_when(r, reading)}" for r in _of(reading, "cutoff")),
        *(
            f"hum at {(r.low_hz + r.high_hz) / 2:.1f} Hz{_when(r, reading)}"
            for r in _of(reading, "hum")
        ),
    ]
    for kind, word in _COUNTED.items():
        regions = _of(reading, kind)
        if regions:
            plural = "s" if len(regions) > 1 else ""
            parts.append(f"{len(regions)} {word}{plural}, the first at {regions[0].start:.2f} s")
    missing = [_ABSENT[kind] for kind in _ABSENT if kind in reading.absent]
    if missing:
        parts.append(f"no {', no '.join(missing)}")
    return f"In {name}: {'; '.join(parts)}."


def picture_findings(asset: AssetRef, reading: PictureReading, ours: bool = False) -> list[Finding]:
    """Turn what a picture says about itself into findings; what it shows is a guess.

    Args:
        asset: the picture.
        reading: what was read of it.
        ours: it is known to have been drawn here, so that its axes are what was drawn.
    """
    palette: list[JsonValue] = [
        {"name": one.name, "hex": one.hex, "share": round(one.share, 3)} for one in reading.palette
    ]
    size: list[JsonValue] = [reading.width, reading.height]
    whole, header = _whole(asset), "read from the file's header"
    found = [
        _measured(whole, "picture.size", size, header, 1.0),
        _measured(whole, "picture.mode", reading.mode, header, 1.0),
        _measured(whole, "picture.palette", palette, "median cut, merged in OKLab", 0.9),
    ]
    if reading.axes is None:
        guess = reading.guess
        value = None if guess.kind == "unknown" else guess.kind
        method = f"a guess from texture and colours: {guess.why}"
        return [*found, _inferred(whole, "picture.kind", value, method, guess.confidence)]
    if ours:
        method = "drawn here, to these axes"
        return [
            *found,
            _measured(whole, "picture.kind", reading.axes.kind, method, 1.0),
            _measured(whole, "picture.axes", reading.axes.describe(), method, 1.0),
        ]
    method = "as the axes inside the file say; anybody could have written them there"
    return [
        *found,
        _inferred(whole, "picture.kind", reading.axes.kind, method, 0.8),
        _inferred(whole, "picture.axes", reading.axes.describe(), method, 0.8),
    ]


def shows_finding(picture: AssetRef, sound: AssetRef, axes: str) -> Finding:
    """Which sound a picture was drawn from, so that what is seen in it counts for that sound."""
    method = f"drawn from {sound.name}: {axes}"
    return _measured(_whole(picture), SHOWS, sound.id, method, 1.0)


def picture_sentence(name: str, reading: PictureReading) -> str:
    """Say in one sentence what a picture is."""
    colours = ", ".join(dict.fromkeys(one.name for one in reading.palette[:3]))
    what = f"{name} is {reading.width} x {reading.height} pixels ({reading.mode}), mainly {colours}"
    if reading.is_animated:
        what += "; it is animated, and only its first picture was looked at"
    if reading.axes is not None:
        return f"{what}; by the axes inside, one of our own plots: {reading.axes.describe()}."
    if reading.guess.kind == "unknown":
        return f"{what}; what it shows can't be told without a vision model."
    return f"{what}; it looks like a {reading.guess.kind}, which is a guess."


def _of(reading: RegionReading, kind: RegionKind) -> list[Region]:
    return [region for region in reading.regions if region.kind == kind]


def _span(region: Region) -> JsonValue:
    return [round(region.start, 4), round(region.end, 4)]


def _when(region: Region, reading: RegionReading) -> str:
    return "" if _lasts(region, reading) else f" from {region.start:.1f} to {region.end:.1f} s"


def _lasts(region: Region, reading: RegionReading) -> bool:
    return region.end - region.start >= 0.98 * reading.seconds


def _whole(asset: AssetRef) -> Subject:
    return Subject(kind="asset", id=asset.id)


def _place(asset: AssetRef, region: Region, reading: RegionReading) -> Subject:
    """The region's stretch of time; the whole asset when it lasts so long."""
    if _lasts(region, reading):
        return _whole(asset)
    start, end = round(region.start, 4), round(region.end, 4)
    return Subject(kind="asset", id=asset.id, start=start, end=end)


def _measured(
    subject: Subject, aspect: str, value: JsonValue, method: str, confidence: float
) -> Finding:
    instrument = "pictures" if aspect.startswith("picture.") else "regions"
    return _finding(subject, aspect, value, "measured", instrument, method, confidence)


def _inferred(
    subject: Subject, aspect: str, value: JsonValue, method: str, confidence: float
) -> Finding:
    return _finding(subject, aspect, value, "inferred", "pictures", method, confidence)


def _finding(
    subject: Subject,
    aspect: str,
    value: JsonValue,
    evidence: Evidence,
    instrument: str,
    method: str,
    confidence: float,
) -> Finding:
    return Finding.make(
        subject,
        aspect,
        value,
        unit=ASPECTS[aspect].unit,
        evidence=evidence,
        source=source_of("qwen_vl", instrument),
        method=method,
        confidence=round(confidence, 3),
    )
