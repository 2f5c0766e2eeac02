"""The turn in this project: scripted models in three chairs, real instruments beside them."""

import gc
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from pydantic import JsonValue

from audio.assets import AssetRef
from evals.bench.frameworks.job import (
    ANSWER,
    HEARD,
    SEEN,
    Turn,
    clip_name,
    cpu_seconds,
    request_of,
    timed,
)
from evals.bench.frameworks.metered import CountedBytes, Meter, MeteredSaver
from graph.app import builder
from graph.deps import open_deps
from grym_synth.settings import Settings
from grym_synth.studio import Studio
from grym_synth.turns import TurnGraph
from memory.checkpoints import SqliteTurns, open_saver
from memory.context import Event
from memory.storage.locks import HomeLock
from memory.store import GrymStore
from memory.vectors.embeddings import Embedder, make_embedder

RATE_HZ = 22_050


class MeteredTurns(MeteredSaver, SqliteTurns):
    """The project's saver, with a meter."""

    def prune(
        self, thread_ids: str | Sequence[str], *, strategy: str = "keep_latest", keep: int = 12
    ) -> None:
        """Delete old checkpoints."""
        with self.meter.running():
            super().prune(thread_ids, strategy=strategy, keep=keep)


class TimedEmbedder:
    """An embedder that tells how much processor time it took."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.name, self.dimensions = embedder.name, embedder.dimensions
        self.seconds = 0.0

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of unit length, shape (len(texts), dimensions)."""
        began = time.process_time()
        vectors = self._embedder.embed(texts)
        self.seconds += time.process_time() - began
        return vectors


@dataclass
class Work:
    """Processor time while specialists are at work; they may be so at the same time."""

    working: int = 0
    since: float = 0.0
    seconds: float = 0.0

    def take(self, event: Event) -> None:
        """Take one event of the turn."""
        if event.kind == "task_start":
            self.since = self.since if self.working else cpu_seconds()
            self.working += 1
        elif event.kind == "task_end":
            self.working -= 1
            self.seconds += 0.0 if self.working else cpu_seconds() - self.since


@dataclass
class Ours:
    """One thread of one project."""

    studio: Studio
    embedder: TimedEmbedder
    saver: MeteredTurns
    serde: CountedBytes

    def turn(self, number: int) -> Turn:
        """Do the turn of a number and tell what it cost.

        Raises:
            ValueError: the turn did not have its three tasks, or a model was lost.
        """
        clip = self._clip(number)
        work, embedded, meter = Work(), self.embedder.seconds, self.saver.meter
        steps, checkpoints, written = meter.steps, meter.seconds, self.serde.written
        with timed() as answering:
            result = self.studio.ask(request_of(number), (clip,), on_event=work.take)
        if len(result.tasks) != 3 or result.degraded:
            raise ValueError(
                f"not the turn that was to be measured: {result.tasks} {result.degraded}"
            )
        embedding = self.embedder.seconds - embedded
        with timed() as indexing:
            self.studio.deps.store.flush()
        config = self.studio.config("default", "main")
        thoughts = self.studio.graph.values(config).get("thoughts", ())
        return Turn(
            calls=len(thoughts),
            supersteps=meter.steps - steps,
            cpu_ms=answering.cpu_ms,
            wall_ms=answering.wall_ms,
            instruments_ms=1000 * work.seconds,
            embedding_ms=1000 * embedding,
            afterwards_ms=indexing.cpu_ms,
            tokens=sum(one.tokens_in for one in thoughts),
            checkpoint_ms=1000 * (meter.seconds - checkpoints),
            written_bytes=self.serde.written - written,
            held_bytes=self.saver.held_bytes(),
        )

    def _clip(self, number: int) -> AssetRef:
        """Two seconds of a decaying chord, twice a second; another one in every turn."""
        moments = np.arange(2 * RATE_HZ) / RATE_HZ
        root = 2 ** (number % 12 / 12)
        chord = sum(np.sin(2 * np.pi * root * pitch * moments) for pitch in (174.6, 207.7, 261.6))
        level = 0.2 - 0.0005 * (number % 200)
        path = self.studio.home / clip_name(number)
        soundfile.write(path, level * chord * np.exp(-6 * (moments % 0.5)), RATE_HZ)
        return self.studio.attach([(path, "audio")])[0]


@contextmanager
def open_contestant(folder: Path) -> Iterator[Ours]:
    """A new home with real vectors, whose checkpoints are metered."""
    made = make_embedder("minilm", "")
    assert made is not None
    embedder = TimedEmbedder(made)
    settings = Settings.model_validate(
        {"home": folder, "out": folder / "out", "models": "instruments", **_models(folder)}
    )
    with (
        HomeLock(folder),
        GrymStore(folder, embedder) as store,
        open_saver(folder / "checkpoints.sqlite") as plain,
        open_deps(settings, store) as deps,
    ):
        assert isinstance(plain, SqliteTurns)
        serde = CountedBytes(plain.serde)
        saver = MeteredTurns(plain.conn, serde=serde)
        saver.meter = Meter()
        compiled = builder.compile(checkpointer=saver, store=store, name="grym")
        graph = TurnGraph(compiled, saver, deps.assets, lambda context: None)
        gc.freeze()  # as ``open_studio`` does
        yield Ours(Studio(folder, settings, graph, deps), embedder, saver, serde)


def _models(folder: Path) -> dict[str, str]:
    boss: list[tuple[str, JsonValue]] = [
        ("You decide who does what", {"why": "the draft is right"}),
        ("what later turns should remember", {"recommendations": [], "notes": []}),
        ("You keep the team's notes", {"sentences": []}),
        ("you answer the", {"sentences": [{"text": ANSWER, "findings": ["t1"]}]}),
    ]
    scripts: dict[str, list[tuple[str, JsonValue]]] = {
        "supervisor": boss,
        "gama": [("", HEARD)],
        "qwen_vl": [("", SEEN)],
    }
    named = {}
    for role, lines in scripts.items():
        path = folder / f"{role}.jsonl"
        said = ({"when": {"match": match}, "answer": answer, "times": 0, "chunk": 10_000}
                for match, answer in lines)  # fmt: skip
        path.write_text("\n".join(map(json.dumps, said)), encoding="utf-8")
        named[f"{role}_model"] = f"scripted:{path}"
    return named
