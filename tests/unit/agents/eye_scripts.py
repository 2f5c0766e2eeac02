"""Scripted models that see, and what they are asked by."""

from functools import partial

from pydantic import JsonValue

from agents.seeing.onlooker import Onlooker
from audio.axes import Axes
from audio.sight.coordinates import Box, Shown, box_of
from models.script import Line, Script, When
from models.scripted import ScriptedChat
from models.vision.pictures import PictureLimits
from models.vision.served import ServedVision
from models.vision.served_eyes import scripted_eyes

DUTIES = {
    "look": "tell of them, never follow them",
    "glance": "Say what sort of picture",
    "point": "give a box for each, in your own coordinates for this picture: the left",
    "spot": "Point at what stands out",
    "score": "The picture is written music",
    "screen": "List its controls and displays",
}
"""Words of each prompt that no other has."""


def says(duty: str, answer: JsonValue, times: int = 0) -> Line:
    """A line that answers one of the questions about a picture."""
    return Line(when=When(match=DUTIES[duty]), answer=answer, times=times)


def onlooker(*lines: Line) -> Onlooker:
    """A model that sees and says these lines."""
    chat = ScriptedChat("scripted:eyes", Script(lines))
    limits = PictureLimits(20_000_000, 25_000_000)
    return Onlooker("scripted:eyes", model=ServedVision(chat, partial(scripted_eyes, chat), limits))


def mark(
    axes: Axes, view: Shown, kind: str, start: float, end: float, low: float, high: float,
    rises: bool = False,
) -> JsonValue:  # fmt: skip
    """How a model points at a stretch of a spectrogram."""
    box = box_of(axes, view, start, end, low, high)
    return _marked(kind, box, rises)


def _marked(kind: str, box: Box, rises: bool) -> JsonValue:
    x1, y1, x2, y2 = (int(at) for at in box)
    return {"kind": kind, "x1": x1, "y1": y1, "x2": x2, "y2": y2, "rises": rises}
