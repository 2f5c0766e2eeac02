"""Score how well events are seen in spectrograms: ``python -m evals.vision [--dataset DIR]``.

Without a set, one is drawn from a seed. Without a model, the instruments read the pictures, from
their pixels and axes alone: the baseline. One line is one figure: ``name value``.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from audio.axes import Axes, read_axes
from audio.picture_files import decode_picture
from audio.picture_reading import MOST_PIXELS
from audio.sight.events import PictureEvent
from audio.sight.reading import read_events_of
from evals.vision.dataset import Record, load, write
from evals.vision.model_reading import read_by_model
from evals.vision.score import Scores
from grym_synth.errors import BadInput, GrymError, ModelFault
from grym_synth.settings import Settings
from models.vision.base import VisionModel
from models.vision.opening import open_vision_model

Reader = Callable[[Path, Record, Axes], list[PictureEvent]]
"""Reads the events of a picture of a set."""


def by_instruments(path: Path, record: Record, axes: Axes) -> list[PictureEvent]:
    """What the instruments read off a picture's pixels."""
    return read_events_of(path, record.picture, axes, record.colours, record.louder)


def by_model(model: VisionModel, path: Path, record: Record, axes: Axes) -> list[PictureEvent]:
    """What a model sees; nothing where it fails."""
    try:
        return read_by_model(model, path, axes)
    except ModelFault as fault:
        print(f"{record.picture}: {fault}")
        return []


def score(folder: Path, reader: Reader) -> Scores:
    """Read all pictures of a set and compare.

    Raises:
        BadInput: a picture of the set can't be read, or has no axes.
    """
    scores = Scores()
    for record in load(folder):
        axes = axes_of(folder, record)
        scores.add(axes, record.events, reader(folder / record.picture, record, axes))
    return scores


def axes_of(folder: Path, record: Record) -> Axes:
    """Which seconds and hertz a picture's pixels are: by the list, else by the picture itself.

    Raises:
        BadInput: neither tells.
        MediaRejected: the picture can't be read.
    """
    axes = record.axes
    if axes is None:
        with decode_picture(folder / record.picture, record.picture, MOST_PIXELS) as picture:
            axes = read_axes(picture)
    if axes is None:
        raise BadInput(f"reading {record.picture}", "it has no axes", "Give them in the list")
    return axes


def main() -> None:
    """Print the figures of a set."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--dataset", type=Path, help="a folder with pictures.jsonl")
    parser.add_argument("--model", help="who looks, such as ollama:qwen3-vl; else the instruments")
    parser.add_argument("--pictures", type=int, default=120, help="how many are drawn")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", type=Path, metavar="DIR", help="draw a set and keep it")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as held:
        folder = arguments.dataset or arguments.write or Path(held)
        try:
            reader: Reader = by_instruments
            if arguments.model:
                reader = partial(by_model, open_vision_model(arguments.model, Settings()))
            if arguments.dataset is None:
                write(folder, arguments.pictures, arguments.seed)
            began = time.perf_counter()
            scores = score(folder, reader)
            pictures = len(load(folder))
        except GrymError as fault:
            parser.error(str(fault))
        print(f"pictures {pictures}")
        for line in scores.lines():
            print(line)
        print(f"seconds {time.perf_counter() - began:.1f}")


if __name__ == "__main__":
    main()
