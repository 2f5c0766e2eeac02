"""How the project memory holds up when it is large: times and memory, median and 95th percentile.

``python -m evals.bench.scale [--entries 100000] [--projects 1000]`` fills a home (see
``evals.bench.filling``), then prints ``name value`` lines. The targets, on two cores: a package
within 60 ms, a turn's writes within 150 ms (both 95th percentiles), opening within 2 s, 1.5 GB in
all. The query's embedding is counted apart. Vectors are made up unless ``--embed`` is given;
``--home`` keeps the filled home, and uses it when it is filled already.
"""

import argparse
import gc
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from threading import get_ident

import numpy as np
from numpy.typing import NDArray

from agents.contexts.adapter import Adapter
from agents.contexts.coder import CODER
from agents.contexts.gama import GAMA
from agents.contexts.qwen_vl import QWEN_VL
from agents.contexts.supervisor import supervisor_package
from evals.bench.filling import (
    Spread,
    asset,
    conflicts_of,
    fill,
    findings_of,
    request_of,
    turn_of,
)
from grym_synth.settings import PackageTokens
from memory.context import AgentName, Criterion, Task
from memory.glossary.glossary import Glossary
from memory.repository import Repository
from memory.store import GrymStore
from memory.vectors.embeddings import Embedder, make_embedder

ROUNDS = 60
"""Packages and turns that are timed."""

SMALL = 20
"""Entries of every project but the large one, in about."""

ADAPTERS: dict[AgentName, Adapter] = {"gama": GAMA, "qwen_vl": QWEN_VL, "coder": CODER}


class Counted:
    """An embedder that counts the time which the calls of one thread take."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder, self._thread = embedder, get_ident()
        self.name, self.dimensions = embedder.name, embedder.dimensions
        self.seconds = 0.0

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of unit length, shape (len(texts), dimensions)."""
        began = time.perf_counter()
        vectors = self._embedder.embed(texts)
        if get_ident() == self._thread:
            self.seconds += time.perf_counter() - began
        return vectors


def show_timed(name: str, call: Callable[[int], object], embedder: Counted) -> None:
    """Print how long each of many calls takes without what it embeds, and its processor time.

    The latter is that of this thread alone; it tells how crowded the machine is.
    """
    taken, used = [], []
    for number in range(ROUNDS):
        began, worked = time.perf_counter(), time.thread_time()
        embedded = embedder.seconds
        call(number)
        used.append(1000 * (time.thread_time() - worked))
        taken.append(1000 * (time.perf_counter() - began - (embedder.seconds - embedded)))
    show(f"{name}_ms", taken)
    show(f"{name}_processor_ms", used)


def show(name: str, values: Sequence[float]) -> None:
    """Print the median and the 95th percentile."""
    print(f"{name}_median {np.median(values):.1f}")
    print(f"{name}_p95 {np.percentile(values, 95):.1f}", flush=True)


def project_name(number: int) -> str:
    """The large project is number 0."""
    return "large" if number == 0 else f"small {number:04d}"


def prepare(home: Path, embedder: Embedder, entries: int, projects: int) -> None:
    """Fill a home unless it is filled, and say how long that took."""
    if (home / "memory.sqlite").exists():
        return
    began = time.perf_counter()
    with GrymStore(home, embedder) as store:
        memory = Repository(store)
        for number in range(projects):
            fill(memory, project_name(number), entries if number == 0 else SMALL)
        print(f"writing_seconds {time.perf_counter() - began:.0f}", flush=True)
        print(f"left_outside_the_index {store.flush()}")
    print(f"filling_seconds {time.perf_counter() - began:.0f}", flush=True)


def measure(home: Path, embedder: Counted, projects: int) -> None:
    """Print what opening, packages and writes cost in a filled home."""
    gc.freeze()  # as a studio does, so that no full collection falls into what is timed
    began = time.perf_counter()
    store = GrymStore(home, embedder)
    memory = Repository(store)
    memory.last_turn("large", "session 1")
    store.begin_searching()  # as a studio does
    print(f"opening_seconds {time.perf_counter() - began:.3f}")
    with store:
        print(f"entries {store.count(())}")
        print(f"entries_of_the_large_project {store.count(('project', 'large'))}")
        started = began = time.perf_counter()
        store.find(("project", "large"), "how loud is it?", 6)
        print(f"first_search_seconds {time.perf_counter() - began:.3f}")
        print(f"left_outside_the_index {store.flush(300)}")
        print(f"index_ready_seconds {time.perf_counter() - started:.3f}")
        mixes = len(memory.assets("large"))
        for name, many in (("large", 1), ("small", projects - 1)):
            if many:
                packages(memory, embedder, name, many, mixes)
        show_timed("writing", lambda number: write(memory, mixes + number), embedder)
        packages(memory, embedder, "after_writing", 1, mixes)
        began = time.perf_counter()
        print(f"projects {len(memory.projects())}")
        print(f"listing_projects_seconds {time.perf_counter() - began:.3f}")
        print(f"memory_mb {resident_mb(os.getpid()):.0f}")
        print(f"index_memory_mb {sum(map(resident_mb, children())):.0f}")
        began = time.perf_counter()
    print(f"closing_seconds {time.perf_counter() - began:.3f}", flush=True)


def packages(memory: Repository, embedder: Counted, name: str, many: int, mixes: int) -> None:
    """Time what a turn starts from, in one large or in many small projects."""

    def context(number: int) -> None:
        project = "large" if many == 1 else project_name(1 + number * 7 % many)
        mix = asset(number * 37 % mixes if many == 1 else 0)
        memory.context(project, f"session {number % 8}", 9000, request_of(mix, number), ())

    show_timed(f"package_{name}", context, embedder)

    project = "large" if many == 1 else project_name(1)
    at_hand = memory.context(project, "session 1", 9000, request_of(asset(0), 0), ())
    memory.refresh_summaries(project)

    def supervisor(_: int) -> None:
        supervisor_package(memory, at_hand, 6000)

    show_timed(f"supervisor_package_{name}", supervisor, embedder)
    for agent in ADAPTERS:
        specialist(memory, embedder, agent, name, many, mixes)


def specialist(
    memory: Repository, embedder: Counted, agent: AgentName, name: str, many: int, mixes: int
) -> None:
    """Time what the routing cuts for an agent's task, in one large or in many small projects."""
    glossary, most = Glossary.load(), PackageTokens()

    def package(number: int) -> None:
        project = "large" if many == 1 else project_name(1 + number * 7 % many)
        task = task_of(agent, number, mixes if many == 1 else 1)
        (known,) = memory.knowledge(project, [task], glossary)
        ADAPTERS[agent].package(task, known.with_findings(()), getattr(most, agent), glossary)

    show_timed(f"{agent}_package_{name}", package, embedder)


def task_of(agent: AgentName, number: int, mixes: int) -> Task:
    """What an agent is asked to do with a mix."""
    mix = asset(number * 37 % mixes)
    return Task(
        id=f"task-{number}",
        agent=agent,
        objective=request_of(mix, number),
        inputs=(mix.id,),
        criteria=(Criterion(aspect="loudness.true_peak_dbtp", op="<=", value=-1.0, unit="dBTP"),),
    )


def write(memory: Repository, number: int) -> None:
    """What one turn writes: a mix, thirty findings, what they contradict, and the turn itself."""
    mix = asset(number)
    found = list(findings_of(mix, number))[:30]
    memory.add_assets("large", [mix])
    memory.add_findings("large", found)
    memory.add_conflicts("large", conflicts_of(found))
    memory.add_turn("large", turn_of(mix, 10_000 + number, found))


def embedding(wanted: Embedder) -> None:
    """Print what the product's own embedding of a query costs."""
    wanted.embed(["warm up"])
    taken = []
    for number in range(ROUNDS):
        began = time.perf_counter()
        wanted.embed([request_of(asset(number), number)])
        taken.append(1000 * (time.perf_counter() - began))
    show("query_embedding_ms", taken)


def resident_mb(process: int) -> float:
    """Memory that a process holds now, in megabytes."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def children() -> list[int]:
    """Processes that this one started."""
    lists = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return [int(child) for path in lists for child in path.read_text().split()]


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000, help="of the large project")
    parser.add_argument("--projects", type=int, default=1000)
    parser.add_argument("--embed", action="store_true", help="real vectors: 12 minutes for 100,000")
    parser.add_argument("--home", type=Path, help="a folder to keep, or one that was kept")
    asked = parser.parse_args()
    real = make_embedder("minilm", "")
    assert real is not None
    place = tempfile.TemporaryDirectory() if asked.home is None else nullcontext(asked.home)
    with place as home:
        used = real if asked.embed else Spread()
        prepare(Path(home), used, asked.entries, asked.projects)
        embedding(real)
        measure(Path(home), Counted(used), asked.projects)


if __name__ == "__main__":
    main()
