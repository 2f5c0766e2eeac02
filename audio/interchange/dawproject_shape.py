"""What the DAWproject format asks of ``project.xml``: elements, their order and their attributes.

It is written from the public description of version 1.0 (https://github.com/bitwig/dawproject) and
covers what a session of tracks, notes, audio, markers and automation is made of; plug-ins, sends
and video are named, so that a session that has them is not called wrong, but not looked into.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Check = Callable[[str], bool]


@dataclass(frozen=True)
class Shape:
    """What an element may hold."""

    required: Mapping[str, Check] = field(default_factory=dict)
    optional: Mapping[str, Check] = field(default_factory=dict)
    children: tuple[tuple[str, ...], ...] = ()
    """Groups of children in the order in which they must come; within a group any order holds.
    ``Name`` may be there once, ``Name*`` any number of times, ``Name!`` exactly once."""


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _is_positive(text: str) -> bool:
    return _is_number(text) and float(text) > 0


def _is_not_negative(text: str) -> bool:
    return _is_number(text) and float(text) >= 0


def _is_whole(text: str) -> bool:
    return text.lstrip("+-").isdecimal()


def _within(low: int, high: int) -> Check:
    return lambda text: _is_whole(text) and low <= int(text) <= high


def _one_of(*words: str) -> Check:
    return lambda text: text in words


def _is_share(text: str) -> bool:
    return _is_number(text) and 0 <= float(text) <= 1


def _is_text(_: str) -> bool:
    return True


def _is_contents(text: str) -> bool:
    kinds = ("audio", "automation", "notes", "video", "markers", "tracks")
    return all(word in kinds for word in text.split())


_UNIT = _one_of("linear", "normalized", "percent", "decibel", "hertz", "semitones", "seconds",
                "beats", "bpm")  # fmt: skip
_BOOLEAN = _one_of("true", "false", "1", "0")
_TIME = _one_of("beats", "seconds")
_NAMED = {"name": _is_text, "color": _is_text, "comment": _is_text}
_REFERABLE = {**_NAMED, "id": _is_text}
_TIMELINE = {**_REFERABLE, "timeUnit": _TIME, "track": _is_text}
_PARAMETER = {**_REFERABLE, "parameterID": _is_whole}
_CONTENTS = ("Timeline", "Lanes", "Notes", "Clips", "ClipSlot", "markers", "Warps", "Audio",
             "Video", "Points")  # fmt: skip
_ANY_CONTENTS = tuple(f"{name}*" for name in _CONTENTS)
_REAL = Shape(
    {"unit": _UNIT},
    {**_PARAMETER, "max": _is_number, "min": _is_number, "value": _is_number},
)
_POINTS = ("Point*", "RealPoint*", "EnumPoint*", "BoolPoint*", "IntegerPoint*",
           "TimeSignaturePoint*")  # fmt: skip
_AUTOMATION = Shape({}, {**_TIMELINE, "unit": _UNIT}, (("Target!",), _POINTS))
_MARKERS = Shape({}, _TIMELINE, (("Marker*",),))

SHAPES = {
    "Project": Shape(
        {"version": _is_text}, {},
        (("Application!",), ("Transport",), ("Structure",), ("Arrangement",), ("Scenes",)),
    ),
    "Application": Shape({"name": _is_text, "version": _is_text}),
    "Transport": Shape({}, {}, (("Tempo",), ("TimeSignature",))),
    "Tempo": _REAL,
    "TimeSignature": Shape(
        {"numerator": _within(1, 999), "denominator": _within(1, 999)}, _PARAMETER
    ),
    "Structure": Shape({}, {}, (("Track*", "Channel*"),)),
    "Track": Shape(
        {}, {**_REFERABLE, "contentType": _is_contents, "loaded": _BOOLEAN},
        (("Channel",), ("Track*",)),
    ),
    "Channel": Shape(
        {},
        {
            **_REFERABLE, "audioChannels": _within(0, 64), "destination": _is_text,
            "role": _one_of("regular", "master", "effect", "submix", "vca"), "solo": _BOOLEAN,
        },
        (("Devices",), ("Mute",), ("Pan",), ("Sends",), ("Volume",)),
    ),
    "Mute": Shape({}, {**_PARAMETER, "value": _BOOLEAN}),
    "Pan": _REAL,
    "Volume": _REAL,
    "Arrangement": Shape(
        {}, _REFERABLE,
        (("Lanes",), ("Markers",), ("TempoAutomation",), ("TimeSignatureAutomation",)),
    ),
    "Lanes": Shape({}, _TIMELINE, (_ANY_CONTENTS,)),
    "Clips": Shape({}, _TIMELINE, (("Clip*",),)),
    "ClipSlot": Shape({}, {**_TIMELINE, "hasStop": _BOOLEAN}, (("Clip",),)),
    "Clip": Shape(
        {"time": _is_number},
        {
            **_NAMED, "duration": _is_not_negative, "contentTimeUnit": _TIME,
            "playStart": _is_number, "playStop": _is_number, "loopStart": _is_number,
            "loopEnd": _is_number, "fadeTimeUnit": _TIME, "fadeInTime": _is_number,
            "fadeOutTime": _is_number, "enable": _BOOLEAN, "reference": _is_text,
        },
        (_CONTENTS,),
    ),
    "Notes": Shape({}, _TIMELINE, (("Note*",),)),
    "Note": Shape(
        {
            "time": _is_number, "duration": _is_positive, "channel": _within(0, 15),
            "key": _within(0, 127),
        },
        {"vel": _is_share, "rel": _is_share},
        (_CONTENTS,),
    ),
    "Audio": Shape(
        {"channels": _within(1, 64), "sampleRate": _within(1, 10**7), "duration": _is_positive},
        {**_TIMELINE, "algorithm": _is_text},
        (("File!",),),
    ),
    "File": Shape({"path": _is_text}, {"external": _BOOLEAN}),
    "Warps": Shape({"contentTimeUnit": _TIME}, _TIMELINE, (_CONTENTS, ("Warp*",))),
    "Warp": Shape({"time": _is_number, "contentTime": _is_number}),
    "Markers": _MARKERS,
    "markers": _MARKERS,
    "Marker": Shape({"time": _is_number}, _NAMED),
    "TempoAutomation": _AUTOMATION,
    "TimeSignatureAutomation": _AUTOMATION,
    "Points": _AUTOMATION,
    "Target": Shape(
        {},
        {
            "parameter": _is_text, "expression": _is_text, "channel": _within(0, 15),
            "key": _within(0, 127), "controller": _within(0, 127),
        },
    ),
    "RealPoint": Shape(
        {"time": _is_number, "value": _is_number}, {"interpolation": _one_of("hold", "linear")}
    ),
    "TimeSignaturePoint": Shape(
        {"time": _is_number, "numerator": _within(1, 999), "denominator": _within(1, 999)}
    ),
    "BoolPoint": Shape({"time": _is_number, "value": _BOOLEAN}),
    "IntegerPoint": Shape({"time": _is_number, "value": _is_whole}),
    "EnumPoint": Shape({"time": _is_number, "value": _is_whole}),
}  # fmt: skip
"""The shape of each element by its name."""

NOT_LOOKED_INTO = frozenset(("Devices", "Sends", "Scenes", "Video", "Timeline", "Point"))
"""Elements that are taken as they are."""

METADATA_ORDER = (
    "Title", "Artist", "Album", "OriginalArtist", "Composer", "Songwriter", "Producer", "Arranger",
    "Year", "Genre", "Copyright", "Website", "Comment",
)  # fmt: skip
"""What ``metadata.xml`` may hold, in its order."""

REFERENCES = ("track", "destination", "parameter", "reference")
"""Attributes that name the id of another element."""
