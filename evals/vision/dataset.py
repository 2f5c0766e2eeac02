"""The form of a set of pictures with known events: a folder with ``pictures.jsonl`` in it.

Each line is one picture: ``picture`` (a file name in the folder), ``axes`` (which seconds and hertz
its pixels are; may be left out where the PNG itself carries them), ``colours`` (its colour map from
quiet to loud as ``#rrggbb`` at equal distances; may be left out), ``louder`` (``lighter`` or
``darker``, where the map isn't given and can't be told) and ``events``.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from audio.axes import Axes
from audio.sight.colour_scale import Louder
from audio.sight.events import PictureEvent
from evals.vision.drawing import draw_scene
from evals.vision.scenes import make_scene
from grym_synth.errors import BadInput

LIST = "pictures.jsonl"


class Record(BaseModel):
    """One picture and what is to be seen in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    picture: str
    """File name in the folder of the list."""
    axes: Axes | None = None
    """Which seconds and hertz its pixels are; by default what the PNG carries."""
    colours: tuple[str, ...] = ()
    """Its colour map from quiet to loud."""
    louder: Louder | None = None
    """Which end is louder of a map that isn't given."""
    about: str = ""
    """What it was made of."""
    events: tuple[PictureEvent, ...]


def load(folder: Path) -> list[Record]:
    """Read the list of a set.

    Raises:
        BadInput: it is missing, or a line has another form.
    """
    try:
        lines = (folder / LIST).read_text(encoding="utf-8").splitlines()
        records = [Record.model_validate_json(line) for line in lines if line.strip()]
        for record in records:
            if Path(record.picture).name != record.picture:
                raise ValueError(f"{record.picture!r} is no file name")
    except (OSError, ValidationError, ValueError) as fault:
        raise BadInput(
            f"reading the pictures in {folder}", str(fault), f"Give a folder with a {LIST}"
        ) from fault
    return records


def write(folder: Path, pictures: int, seed: int) -> None:
    """Draw a set, the same for the same seed."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LIST).open("w", encoding="utf-8") as listed:
        for name, png, record in draw(pictures, seed):
            (folder / name).write_bytes(png)
            kept = record.model_dump(mode="json", exclude_defaults=True)
            listed.write(json.dumps(kept) + "\n")


def draw(pictures: int, seed: int) -> Iterator[tuple[str, bytes, Record]]:
    """Draw the pictures of a set, one after the other."""
    for number in range(pictures):
        random = np.random.default_rng((seed, number))
        scene = make_scene(random)
        picture, colours = draw_scene(scene, random)
        name = f"{number:04d}.png"
        about = f"{scene.background}, {scene.rate} Hz"
        yield name, picture.png, Record(
            picture=name, axes=picture.axes, colours=colours, about=about,
            events=tuple(scene.events),
        )  # fmt: skip
