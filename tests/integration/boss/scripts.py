"""Scripts of a scripted boss, and a studio in which it sits in the supervisor's chair."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import soundfile
from pydantic import JsonValue

from audio.assets import AssetRef
from grym_synth.settings import Settings
from grym_synth.studio import Studio, open_studio
from memory.context import Thought

DUTIES = {
    "plan": "You decide who does what",
    "distil": "what later turns should remember",
    "arbitrate": "can't all be true",
    "adjust": "missed what was wanted",
    "answer": "you answer the",
}
"""Words of each prompt's rules that no other has."""

RATE_HZ = 22_050


def says(duty: str, answer: JsonValue, match: str = "", **more: JsonValue) -> dict[str, JsonValue]:
    """A line that answers one of the boss's questions.

    Args:
        duty: one of ``DUTIES``.
        answer: what is said.
        match: only where this was said to it, as a regular expression, in place of the duty.
        more: other keys of the line.
    """
    return {"when": {"match": match or DUTIES[duty]}, "answer": answer, **more}


def write_script(path: Path, *lines: dict[str, JsonValue]) -> str:
    """Write a script and name it as a model."""
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return f"scripted:{path}"


def tone(path: Path, seconds: float = 2.0, level: float = 0.1) -> Path:
    """A chord of A minor that begins twice a second."""
    time = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    chord = sum(np.sin(2 * np.pi * pitch * time) for pitch in (220.0, 261.6, 329.6))
    soundfile.write(path, level * chord * np.exp(-4 * (time % 0.5)), RATE_HZ)
    return path


@contextmanager
def studio_with(home: Path, model: str, **changes: object) -> Iterator[tuple[Studio, AssetRef]]:
    """A studio whose supervisor is a model, and a clip in it."""
    given = {"home": home, "out": home / "out", "models": "instruments", "embedder": "lexical"}
    settings = Settings.model_validate({**given, "supervisor_model": model, **changes})
    home.mkdir(exist_ok=True)
    with open_studio(settings=settings) as studio:
        (clip,) = studio.attach([(tone(home / "clip.wav"), "audio")])
        yield studio, clip


def thoughts_of(studio: Studio, turn: int = 1) -> list[Thought]:
    """What the boss thought and said in a turn, as the history keeps it."""
    steps = studio.deps.repository.interactions("default", "main", turn)
    return [thought for step in steps for thought in step.thoughts]
