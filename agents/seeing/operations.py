"""What qwen_vl can be asked to do, by the names of a task's operations."""

from collections.abc import Callable
from pathlib import Path

from audio.aspects import is_number
from audio.axes import Axes
from audio.media import AssetKind
from audio.pictures import (
    FrequencyScale,
    Picture,
    draw_chromagram,
    draw_loudness_curve,
    draw_self_similarity,
    draw_spectrogram,
    draw_waveform,
)
from audio.sight.drawing import draw_for_eyes
from audio.sight.layout import Budget, Crop
from grym_synth.errors import BadInput
from memory.context import Operation

_DRAWINGS: dict[str, Callable[[Path, str], Picture]] = {
    "chromagram": draw_chromagram,
    "waveform": draw_waveform,
    "loudness_curve": draw_loudness_curve,
    "self_similarity": draw_self_similarity,
}

LOOK = "look"
"""The operation that looks at a sound, or a part of it: instruments do, and a model beside them."""

SCORE = "score"
"""The operation that engraves the notes of a MIDI or MusicXML file, or a recording's melody."""

OPERATIONS = ("spectrogram", *_DRAWINGS, SCORE, "read_regions", "inspect_picture", LOOK)
"""Every instrument by the name that a task's operation calls it."""

CROP = ("start", "end", "low_hz", "high_hz")
"""What narrows ``look`` and ``spectrogram`` to a stretch, in seconds, and a band, in hertz."""

SCALES: dict[str, FrequencyScale] = {"mel": "mel", "log": "log"}
"""Frequency scales of a spectrogram."""


def kinds_for(operation: Operation) -> tuple[AssetKind, ...]:
    """The kinds of files that an operation takes."""
    if operation.name == SCORE:
        return ("audio", "midi", "score")
    return ("image",) if operation.name == "inspect_picture" else ("audio",)


def crop_of(operation: Operation) -> Crop | None:
    """The stretch and the band that an operation names; None for all."""
    given = {name: operation.parameters.get(name) for name in CROP}
    numbers = {name: float(one) for name, one in given.items() if is_number(one)}
    if not numbers:
        return None
    return Crop(
        numbers.get("start", 0.0), numbers.get("end"), numbers.get("low_hz"), numbers.get("high_hz")
    )


def draw(operation: Operation, path: Path, title: str) -> Picture:
    """Draw what an operation asks for.

    Raises:
        BadInput: there is no such picture, the scale is unknown, or nothing is in the part.
    """
    wanted = operation.parameters.get("scale", "mel")
    scale, crop = SCALES.get(str(wanted)), crop_of(operation)
    if operation.name == "spectrogram" and scale is not None:
        if crop is not None:
            return draw_for_eyes(path, title, Budget(), crop)
        return draw_spectrogram(path, title, scale)
    drawing = _DRAWINGS.get(operation.name)
    if drawing is None:
        raise BadInput(
            f"drawing {operation.name} (scale {wanted})",
            "no instrument does that",
            f"Ask for spectrogram (mel or log), {', '.join(_DRAWINGS)}",
        )
    return drawing(path, title)


def file_word(operation: Operation, axes: Axes) -> str:
    """What a picture's file name says of it."""
    if operation.name == LOOK or crop_of(operation) is not None:
        return f"spectrogram-{axes.x.low:g}-{axes.x.high:g}s-{axes.y.low:.0f}-{axes.y.high:.0f}hz"
    log = operation.name == "spectrogram" and operation.parameters.get("scale") == "log"
    return operation.name.replace("_", "-") + ("-log" if log else "")
