"""The turn that every contestant does, what its models say, and what is measured of it."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

AGENTS = ("gama", "qwen_vl", "coder")
"""The specialists, each with one task."""

HEARD = (
    "A dark, sustained chord that begins anew every half second and dies away quickly. The low "
    "mids are full, the top is soft, there is no drum and no voice, and the stereo image is narrow."
)
SEEN = (
    "Three level lines between 170 and 270 Hz with a weak octave above each. The energy falls "
    "towards the end of every half second. Nothing is drawn above 2 kHz, and no hum line is there."
)
BUILT = (
    "A script that lowers the level by one decibel was written and run; the new file is one "
    "decibel quieter than the old one, at the same rate, length and number of channels."
)
ANSWER = (
    "The sound is dark and sustained, and it narrows towards its end. What is seen fits what is "
    "heard. The quieter copy was made and lies beside the picture among the files."
)
SAYS = {"gama": HEARD, "qwen_vl": SEEN, "coder": BUILT}
"""What the models of the specialists say where every specialist is a model."""

RULES = {
    "supervisor": "You lead a team for music production. Hand each part of the request to the "
    "specialist for it, all at once where they don't need each other: gama listens to sounds, "
    "qwen_vl looks at pictures of them, coder writes and runs audio code. When all have reported, "
    "answer the user in a few sentences, from what they reported alone.",
    "gama": "You listen to sounds and tell what is heard.",
    "qwen_vl": "You look at pictures of sounds and tell what is seen.",
    "coder": "You write and run audio code and tell what was made.",
}
"""System prompts of the other frameworks: short ones, to their advantage."""

TASKS = {
    "gama": "Describe how {name} sounds",
    "qwen_vl": "Show the spectrogram of {name} and tell what is seen in it",
    "coder": "Make {name} 1 dB quieter",
}


def clip_name(turn: int) -> str:
    """The file of a turn; turns count from 1."""
    return f"clip-{turn:03d}.wav"


def request_of(turn: int) -> str:
    """What the user says in a turn: a task for each specialist, about a file of its own."""
    name = clip_name(turn)
    return f"Describe how {name} sounds, show me its spectrogram, and make it 1 dB quieter"


@dataclass(frozen=True)
class Turn:
    """What one turn cost."""

    calls: int
    """Of models."""
    supersteps: int
    """Checkpointed steps of the outermost graph, its input not counted."""
    cpu_ms: float
    """Processor time of the turn, of all threads and of child processes that have ended."""
    wall_ms: float
    instruments_ms: float
    """Of ``cpu_ms``: while specialists measured, drew and ran scripts; 0 where none do."""
    embedding_ms: float
    """Of ``cpu_ms``: vectors of what memory is asked; 0 where there is no memory."""
    afterwards_ms: float
    """Processor time after the answer, beside ``cpu_ms``: filling the search index."""
    tokens: int
    """Estimated tokens of all that was sent to models, pictures not counted."""
    checkpoint_ms: float
    """Of ``cpu_ms``: reading, encoding, writing and deleting checkpoints."""
    written_bytes: int
    """What was encoded for checkpoints."""
    held_bytes: int
    """What all checkpoints of the thread hold after the turn."""


def cpu_seconds() -> float:
    """Processor time of this process and of its children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


@dataclass
class Clock:
    """How long a block took."""

    cpu_ms: float = 0.0
    wall_ms: float = 0.0


@contextmanager
def timed() -> Iterator[Clock]:
    """Time a block."""
    clock, cpu, wall = Clock(), cpu_seconds(), time.perf_counter()
    yield clock
    clock.cpu_ms = 1000 * (cpu_seconds() - cpu)
    clock.wall_ms = 1000 * (time.perf_counter() - wall)
