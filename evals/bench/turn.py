"""What a turn costs beside its model and its instruments: a three-task turn with a scripted boss.

``python -m evals.bench.turn [--turns 30] [--database URL] [--chroma URL]`` prints ``name value``
lines. The target, on two cores with SQLite and Chroma: an own overhead of at most 60 ms (median).
The time of the model, of the specialists' instruments and of embedding is counted apart. The boss
is scripted: its figures prove plumbing, not judgement, and tokens are those of the real prompts.
"""

import argparse
import gc
import json
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from pydantic import JsonValue

from audio.assets import AssetRef
from graph.app import builder
from graph.deps import open_deps
from grym_synth.settings import Settings
from grym_synth.studio import Studio
from grym_synth.turns import TurnGraph
from memory.checkpoints import open_saver
from memory.context import Event
from memory.databases import Servers
from memory.keeper import LOCAL
from memory.storage.locks import HomeLock
from memory.store import GrymStore
from memory.vectors.embeddings import Embedder, make_embedder

TARGET_MS = 60.0
REQUEST = "Measure the key, show me its spectrogram, and make it 1 dB quieter"
"""A task for each specialist."""

RATE_HZ = 22_050
WARM = 3
"""First turns, which are not counted: files are opened, modules are read."""


class Timed:
    """An embedder that counts what a turn waits for; indexing in the background is no part."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.name, self.dimensions = embedder.name, embedder.dimensions
        self.seconds = 0.0

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of unit length, shape (len(texts), dimensions)."""
        began = time.perf_counter()
        vectors = self._embedder.embed(texts)
        if not threading.current_thread().daemon:
            self.seconds += time.perf_counter() - began
        return vectors


@dataclass
class Watch:
    """When specialists were at work; they may be so at the same time."""

    working: int = 0
    since: float = 0.0
    seconds: float = 0.0

    def take(self, event: Event) -> None:
        """Take one event of the turn."""
        if event.kind == "task_start":
            self.since = self.since if self.working else time.perf_counter()
            self.working += 1
        elif event.kind == "task_end":
            self.working -= 1
            self.seconds += 0.0 if self.working else time.perf_counter() - self.since


@dataclass(frozen=True)
class Cost:
    """Where the time of one turn went, in milliseconds, and its tokens by duty."""

    own: float
    model: float
    specialists: float
    embedding: float
    tokens: Counter[str]


@contextmanager
def studio_of(home: Path, embedder: Embedder, servers: Servers = LOCAL) -> Iterator[Studio]:
    """A studio whose supervisor is scripted and whose memory has SQLite and Chroma, or servers."""
    script = home / "boss.jsonl"
    script.write_text("\n".join(json.dumps(line) for line in boss_lines()), encoding="utf-8")
    settings = Settings(
        home=home, out=home / "out", models="instruments", supervisor_model=f"scripted:{script}"
    )
    with (
        HomeLock(home),
        GrymStore(home, embedder, servers=servers) as store,
        open_saver(home / "checkpoints.sqlite", servers.database) as saver,
        open_deps(settings, store) as deps,
    ):
        compiled = builder.compile(checkpointer=saver, store=store, name="grym")
        graph = TurnGraph(compiled, saver, deps.assets, lambda context: None)
        gc.freeze()  # as ``open_studio`` does
        yield Studio(home, settings, graph, deps)


def turn(studio: Studio, clip: AssetRef, embedder: Timed) -> Cost:
    """Run one turn and tell where its time went.

    Raises:
        ValueError: the turn did not have its three tasks.
    """
    studio.deps.store.flush()  # what was left for the background, as between the turns of people
    watch, embedded = Watch(), embedder.seconds
    began = time.perf_counter()
    result = studio.ask(REQUEST, (clip,), on_event=watch.take)
    whole = time.perf_counter() - began
    if len(result.tasks) != 3 or any(one.role == "supervisor" for one in result.degraded):
        raise ValueError(f"not the turn that was to be measured: {result}")
    steps = studio.deps.repository.interactions("default", "main", result.turn)
    thoughts = [thought for step in steps for thought in step.thoughts]
    model = sum(one.seconds for one in thoughts)
    embedding = embedder.seconds - embedded
    tokens = Counter({f"supervisor_{one.duty}_in": one.tokens_in for one in thoughts})
    tokens.update({f"supervisor_{one.duty}_out": one.tokens_out for one in thoughts})
    for one in result.slices:
        tokens[f"{one.agent}_package"] += one.tokens
    own = whole - model - watch.seconds - embedding
    return Cost(1000 * own, 1000 * model, 1000 * watch.seconds, 1000 * embedding, tokens)


def boss_lines() -> list[dict[str, JsonValue]]:
    """A boss that finds every draft right and says that the first task is done."""
    plan: JsonValue = {"why": "the draft is right"}
    advice: JsonValue = {"recommendations": [], "notes": []}
    answer: JsonValue = {"sentences": [{"text": "It is done.", "findings": ["t1"]}]}
    notes: JsonValue = {"sentences": []}
    said = (("You decide who does what", plan, "The draft has all that is asked for. " * 20),
            ("what later turns should remember", advice, ""),
            ("You keep the team's notes", notes, ""),
            ("you answer the", answer, ""))  # fmt: skip
    return [
        {"when": {"match": match}, "answer": answer, "thinking": thinking, "times": 0}
        for match, answer, thinking in said
    ]


def _clip(studio: Studio, path: Path) -> AssetRef:
    """Two seconds of a decaying chord, twice a second."""
    moments = np.arange(2 * RATE_HZ) / RATE_HZ
    chord = sum(np.sin(2 * np.pi * pitch * moments) for pitch in (174.6, 207.7, 261.6))
    soundfile.write(path, 0.2 * chord * np.exp(-6 * (moments % 0.5)), RATE_HZ)
    return studio.attach([(path, "audio")])[0]


def _show(costs: Sequence[Cost]) -> None:
    for name in ("own", "model", "specialists", "embedding"):
        values = [float(getattr(one, name)) for one in costs]
        print(f"{name}_ms_median {statistics.median(values):.1f}")
        print(f"{name}_ms_p95 {np.percentile(values, 95):.1f}")
    for name in sorted({name for one in costs for name in one.tokens}):
        print(f"tokens_{name} {statistics.median(one.tokens[name] for one in costs):.0f}")


def main() -> None:
    """Run the benchmark from the command line; exit 1 above the target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=30)
    parser.add_argument("--database", default="", help="an empty PostgreSQL database")
    parser.add_argument("--chroma", default="", help="a Chroma server")
    asked = parser.parse_args()
    servers = Servers(asked.database, asked.chroma)
    made = make_embedder("minilm", "")
    assert made is not None
    embedder = Timed(made)
    with (
        tempfile.TemporaryDirectory() as folder,
        studio_of(Path(folder), embedder, servers) as studio,
    ):
        clip = _clip(studio, Path(folder) / "clip.wav")
        for _ in range(WARM):
            turn(studio, clip, embedder)
        costs = [turn(studio, clip, embedder) for _ in range(asked.turns)]
    print("boss scripted")
    _show(costs)
    raise SystemExit(statistics.median(one.own for one in costs) > TARGET_MS)


if __name__ == "__main__":
    main()
