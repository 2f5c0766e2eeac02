"""Vision: are the events of a spectrogram seen, where they are?

Without a data set, pictures are drawn from a seed; nothing of them is kept.
"""

import atexit
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from pydantic import JsonValue

from audio.axes import Axes
from audio.sight.events import PictureEvent
from evals.sets.chairs import Chairs
from evals.sets.items import EvalSet, Item, Json, Mark, Target, marks
from evals.vision.__main__ import axes_of, by_instruments
from evals.vision.dataset import Record, load, write
from evals.vision.model_reading import read_by_model
from evals.vision.score import match

PICTURES, SEED = 40, 1


def _read(path: Path | None) -> list[Item]:
    records = load(path or _drawn())
    return [Item(one.picture, {"record": _shown(one)}, _wanted(one)) for one in records]


@cache
def _drawn() -> Path:
    """The set's own pictures, in a folder that goes with the process."""
    folder = Path(mkdtemp(prefix="grym-eval-"))
    atexit.register(rmtree, folder, ignore_errors=True)
    write(folder, PICTURES, SEED)
    return folder


def _shown(record: Record) -> JsonValue:
    """What of a picture is no label."""
    kept = record.model_copy(update={"events": ()})
    shown: JsonValue = kept.model_dump(mode="json")
    return shown


def _wanted(record: Record) -> Json:
    return {"events": [one.model_dump(mode="json") for one in record.events]}


@contextmanager
def _opened(chairs: Chairs, items: Sequence[Item], path: Path | None) -> Iterator[Target]:
    model, folder = chairs.eyes(), path or _drawn()

    def target(inputs: Json) -> dict[str, JsonValue]:
        record = Record.model_validate(inputs["record"])
        axes, file = axes_of(folder, record), folder / record.picture
        if model is None:
            events = by_instruments(file, record, axes)
        else:
            events = read_by_model(model, file, axes)
        told: list[JsonValue] = [one.model_dump(mode="json") for one in events]
        return {"events": told, "axes": axes.model_dump(mode="json")}

    yield target


def seen(inputs: Json, outputs: Json, reference_outputs: Json) -> dict[str, JsonValue]:
    """F1, precision and recall: twice what was found over what is there and what was told."""
    known, told = _events(reference_outputs), _events(outputs)
    found = 0
    if "axes" in outputs:
        found = len(match(Axes.model_validate(outputs["axes"]), known, told))
    lost = "" if found == len(known) == len(told) else (
        f"found {found} of {len(known)} events, told {len(told)}"
    )  # fmt: skip
    return marks(
        Mark("f1", 2 * found, len(known) + len(told), lost),
        Mark("precision", found, len(told)),
        Mark("recall", found, len(known)),
    )


def _events(told: Json) -> list[PictureEvent]:
    held = told.get("events")
    return [PictureEvent.model_validate(one) for one in held] if isinstance(held, list) else []


VISION = EvalSet(
    name="vision",
    about="Spectrograms: planted events are seen at their time and frequency, no others",
    headline="f1",
    read=_read,
    opened=_opened,
    evaluators=(seen,),
    roles=("qwen_vl",),
    quick=False,
)
