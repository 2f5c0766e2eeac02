"""Music: tempo, beats, keys, chords and notes of real recordings whose truth is known."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from pydantic import JsonValue

from evals.sets.chairs import Chairs
from evals.sets.items import EvalSet, Item, Json, Mark, Target, marks
from grym_synth.errors import BadInput

_FIGURES = (
    "tempo", "tempo_octaves", "beats", "downbeats", "key", "key_weighted", "chords",
)  # fmt: skip
"""What ``evals.mir`` calls tempo Acc1, tempo Acc2, beat F, downbeat F, key exact, key MIREX and
chords maj/min."""


def _read(path: Path | None) -> list[Item]:
    if path is None or not path.is_dir():
        raise BadInput("reading recordings", "no folder is named", "Give one with --dataset FOLDER")
    if find_spec("mir_eval") is None:
        raise BadInput(
            "scoring recordings", "mir_eval is not installed", "Install it: pip install mir_eval"
        )
    from evals.rhythm import SUFFIXES

    parts = [one for one in (path / "music", path / "loops") if one.is_dir()] or [path]
    files = sorted(one for part in parts for one in part.iterdir())
    scored = [one for one in files if one.suffix.lower() in SUFFIXES]
    items = [
        Item(str(one.relative_to(path)), {"file": str(one.relative_to(path))}, _truth(one))
        for one in scored
        if one.with_suffix(".json").is_file()
    ]
    if not items:
        raise BadInput(
            f"reading recordings in {path}",
            "no sound file has a JSON file of its name beside it",
            "docs/evals.md tells the form",
        )
    return items


def _truth(path: Path) -> Json:
    told = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return {name: told[name] for name in ("bpm", "key") if told.get(name) is not None}


@contextmanager
def _opened(chairs: Chairs, items: Sequence[Item], path: Path | None) -> Iterator[Target]:
    from evals import rhythm, tonality

    folder = path or Path()

    def target(inputs: Json) -> dict[str, JsonValue]:
        file = folder / str(inputs["file"])
        timed = rhythm.score(file)
        loop = file.parent.name == "loops"
        tonal = None if loop else tonality.score_file(file.with_suffix(".json"))
        return {
            "tempo": timed.exact,
            "tempo_octaves": timed.octave,
            "beats": None if loop else timed.beat_f,
            "downbeats": None if loop else timed.downbeat_f,
            "key": tonal.exact if tonal else None,
            "key_weighted": tonal.weighted if tonal else None,
            "chords": tonal.majmin if tonal else None,
            "loop": loop,
            "said": f"{timed.bpm} BPM" + (f", {tonal.key}" if tonal else ""),
        }

    yield target


def heard(inputs: Json, outputs: Json, reference_outputs: Json) -> dict[str, JsonValue]:
    """What of a recording is told rightly; loops are counted apart."""
    prefix = "loops_" if outputs.get("loop") else ""
    told = []
    for name in _FIGURES:
        value = outputs.get(name)
        known = isinstance(value, int | float)
        wrong = name in ("tempo", "key") and known and not value
        why = f"{outputs.get('said')} for {dict(reference_outputs)}" if wrong else ""
        hits = float(value) if isinstance(value, int | float) else 0.0
        told.append(Mark(prefix + name, hits, known, why))
    return marks(*told)


MUSIC = EvalSet(
    name="music",
    about="Real recordings: tempo, beats, keys and chords as their annotations say",
    headline="tempo",
    read=_read,
    opened=_opened,
    evaluators=(heard,),
    quick=False,
    needs_dataset="a folder of recordings with their truth beside them",
)
