"""What a vision model sees in a spectrogram, in seconds and hertz."""

import json
from pathlib import Path

from agents.seeing.forms import Marks
from agents.seeing.marks import sighted
from audio.axes import Axes
from audio.picture_files import decode_picture
from audio.picture_reading import MOST_PIXELS
from audio.sight.coordinates import Shown
from audio.sight.events import PictureEvent
from models.asking import ask_typed
from models.base import Options
from models.schema import form_schema
from models.vision.base import VisionModel, shown
from prompts.rendering import render


def read_by_model(model: VisionModel, path: Path, axes: Axes) -> list[PictureEvent]:
    """Ask a model for the events of a picture.

    Raises:
        MediaRejected: the picture can't be shown to it.
        ModelFault: it can't be asked, or gives no answer of the form.
    """
    with decode_picture(path, path.name, MOST_PIXELS) as picture:
        view = Shown.to(model.eyes(), picture.width, picture.height)
    asked = ask_typed(model, shown([path.read_bytes()], question()), Marks, Options(think=False))
    return [one.event for one in sighted(asked.value, axes, view)]


def question() -> str:
    """What a model is asked about a picture."""
    return render("point", schema=json.dumps(form_schema(Marks)))
