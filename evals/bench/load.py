"""How the LangGraph server bears many chats at once: 32 threads, each with its own project.

``python -m evals.bench.load [--threads 32] [--minutes 2] [--seconds 2] [--bare-minutes 1]`` starts
the server on this machine with a scripted model in the supervisor's chair, whose every answer takes
two seconds, and prints ``name value`` lines. Every thread tells its own marker and then asks for it
again and again: an answer without it, or with another thread's, is an error.

What the latencies allow is measured, too: the same threads first ask a graph that only waits as
long (``bare_graph``), on the same server. Its lines begin with ``bare_``. That server looks for new
runs twice a second, and takes none that is younger than its last look, so that a run waits for half
a second to a second whatever it does.

The targets: no error, no cross-talk, at least 85 % of the turns of the bare graph, and memory that
stays flat. ``share_beside_queue`` is the share of what an ideal server would allow, were there
nothing but the model's latency and the queue's. ``cores_used`` and ``machine_load`` tell whether
the machine had anything left to give.
"""

import argparse
import asyncio
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np
from langgraph_sdk import get_client
from langgraph_sdk.client import LangGraphClient
from pydantic import JsonValue
from typing_extensions import TypedDict

ROOT = Path(__file__).parents[2]
TARGET = 0.85
READY_SECONDS = 120.0
_EXECUTED = re.compile(r"run_exec_ms=(\d+)")
_QUEUED = re.compile(r"run_queue_ms=(\d+)")
_MARKER = re.compile(r"QX\d{4}ZK")


class Said(TypedDict):
    """A message of the user."""

    role: str
    content: str


class Request(TypedDict):
    """What a run is started with."""

    messages: list[Said]


class Place(TypedDict):
    """Whose memory is used."""

    project: str


@dataclass
class Load:
    """What came of it."""

    seconds: list[float] = field(default_factory=list)
    """Of each turn, as its client saw it."""
    took: float = 0.0
    """Seconds from the first turn's beginning to the last one's end."""
    errors: list[str] = field(default_factory=list)
    crossed: list[str] = field(default_factory=list)
    """Answers with another thread's marker, or without one's own."""


@dataclass
class Watched:
    """A server's process over time."""

    moments: list[float] = field(default_factory=list)
    mib: list[float] = field(default_factory=list)
    """Memory of its own; pages of files that the system holds for it are not counted."""

    def slope(self) -> float:
        """MiB that it grows in a minute, by least squares over the second half."""
        half = len(self.moments) // 2
        if len(self.moments) - half < 3:
            return 0.0
        minutes = np.array(self.moments[half:]) / 60
        return float(np.polyfit(minutes, self.mib[half:], 1)[0])


@dataclass(frozen=True)
class Figures:
    """One load on one server."""

    load: Load
    watched: Watched
    cpu_seconds: float
    """Processor time of the server."""
    queued: list[float]
    """Seconds that runs waited for the server to look for them."""
    executed: list[float]
    """Seconds that runs took then."""
    resident_mib: float
    """At the end, pages of files included."""

    @property
    def rate(self) -> float:
        """Turns in a second."""
        return len(self.load.seconds) / self.load.took


class Process:
    """A ``langgraph dev`` process on a home of its own."""

    def __init__(self, folder: Path, config: Path, jobs: int, answer_seconds: float) -> None:
        self.log, script = folder / "log.txt", folder / "boss.jsonl"
        script.write_text("\n".join(map(json.dumps, _lines(answer_seconds))), encoding="utf-8")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{port}"
        program = Path(sys.executable).parent / "langgraph"
        command = [str(program), "dev", "--config", str(config), "--port", str(port)]
        foreign = ("GRYM_", "LANGSMITH_", "LANGCHAIN_", "LANGGRAPH_")
        settings = {
            "GRYM_HOME": str(folder / "home"),
            "GRYM_MODELS": "instruments",
            "GRYM_SUPERVISOR_MODEL": f"scripted:{script}",
            "BARE_GRAPH_SECONDS": str(answer_seconds),
            "LANGSMITH_TRACING": "false",
            "LANGGRAPH_NO_VERSION_CHECK": "true",
            "LANGGRAPH_CLI_NO_ANALYTICS": "1",
        }
        inherited = {name: it for name, it in os.environ.items() if not name.startswith(foreign)}
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [*command, "--no-browser", "--no-reload", "--n-jobs-per-worker", str(jobs)],
                cwd=folder, stdout=log, stderr=log, env=inherited | settings,
            )  # fmt: skip

    def wait(self) -> None:
        """Wait until it answers.

        Raises:
            RuntimeError: it doesn't.
        """
        last = time.monotonic() + READY_SECONDS
        while time.monotonic() < last and self._process.poll() is None:
            try:
                if httpx.get(f"{self.url}/ok").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.2)
        raise RuntimeError(f"the server did not start:\n{self.log.read_text()[-4000:]}")

    def mib(self, kind: str = "RssAnon") -> float:
        """Its memory of one kind, as ``/proc`` calls it."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        told = dict(line.split(":", 1) for line in status.splitlines())
        return int(told[kind].split()[0]) / 1024

    def cpu_seconds(self) -> float:
        """Processor time that it has used."""
        stat = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")

    def logged(self, pattern: re.Pattern[str]) -> list[int]:
        """Numbers that its log tells of runs."""
        text = re.sub(r"\x1b\[[0-9;]*m", "", self.log.read_text(errors="replace"))
        return [int(one) for one in pattern.findall(text)]

    def end(self) -> None:
        """End it as Ctrl-C does; after a while, at once."""
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextmanager
def served(folder: Path, config: Path, jobs: int, answer_seconds: float) -> Iterator[Process]:
    """A server until the block ends, whatever happens in it."""
    process = Process(folder, config, jobs, answer_seconds)
    try:
        process.wait()
        yield process
    finally:
        process.end()


def _lines(seconds: float) -> list[dict[str, JsonValue]]:
    """The supervisor's script: what the rules drafted is right, after so many seconds."""
    plan: JsonValue = {"why": "the draft is right"}
    return [{"when": {}, "answer": plan, "times": 0, "first_seconds": seconds}]


async def _chat(client: LangGraphClient, number: int, until: float, load: Load) -> None:
    """One thread's turns until a moment."""
    marker = f"QX{number:04}ZK"
    thread = (await client.threads.create())["thread_id"]
    said = f"Note that the marker of this song is {marker}"
    while time.monotonic() < until:
        began = time.monotonic()
        try:
            answer = await _turn(client, thread, f"load-{number}", said)
        except Exception as fault:  # noqa: BLE001  (each is counted and told)
            load.errors.append(f"{type(fault).__name__}: {fault}")
            continue
        load.seconds.append(time.monotonic() - began)
        if {*_MARKER.findall(answer)} != {marker}:
            load.crossed.append(f"{marker}: {answer[:200]}")
        said = "What do you remember about the marker?"


async def _turn(client: LangGraphClient, thread: str, project: str, said: str) -> str:
    request: Request = {"messages": [{"role": "user", "content": said}]}
    place: Place = {"project": project}
    values = await client.runs.wait(thread, "grym", input=request, context=place)
    if not isinstance(values, dict) or "messages" not in values:
        raise RuntimeError(str(values)[:300])
    return str(values["messages"][-1]["content"])


async def _watch(process: Process, began: float, watched: Watched) -> None:
    while True:
        watched.moments.append(time.monotonic() - began)
        watched.mib.append(process.mib())
        await asyncio.sleep(1)


async def _drive(process: Process, threads: int, seconds: float) -> Figures:
    load, watched = Load(), Watched()
    async with get_client(url=process.url, timeout=300) as client:
        thread = (await client.threads.create())["thread_id"]
        await _turn(client, thread, "first", "Note that this is the first turn")
        before, began = process.cpu_seconds(), time.monotonic()
        watching = asyncio.create_task(_watch(process, began, watched))
        until = began + seconds
        await asyncio.gather(*(_chat(client, one, until, load) for one in range(1, threads + 1)))
        watching.cancel()
        load.took = time.monotonic() - began
    return Figures(
        load,
        watched,
        process.cpu_seconds() - before,
        [one / 1000 for one in process.logged(_QUEUED)],
        [one / 1000 for one in process.logged(_EXECUTED)],
        process.mib("VmRSS"),
    )


def measured(config: Path | None, threads: int, minutes: float, answer_seconds: float) -> Figures:
    """Put a load on a server of its own.

    Args:
        config: the server's configuration; None for one with the bare graph.
        threads: chats at once.
        minutes: how long each goes on.
        answer_seconds: the model's latency.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if config is None:
            config = folder / "langgraph.json"
            path = "evals.bench.bare_graph:graph"
            graphs: JsonValue = {"grym": {"path": path}}
            config.write_text(json.dumps({"dependencies": ["."], "graphs": graphs}))
        with served(folder, config, threads, answer_seconds) as process:
            return asyncio.run(_drive(process, threads, 60 * minutes))


def _show(name: str, values: Sequence[float]) -> None:
    if values:
        print(f"{name}_median {statistics.median(values):.3f}")
        print(f"{name}_p95 {float(np.percentile(values, 95)):.3f}")


def _tell(figures: Figures, threads: int, answer_seconds: float, prefix: str = "") -> None:
    """Print one load's lines."""
    load, watched = figures.load, figures.watched
    allowed = threads / answer_seconds
    beside_queue = threads / (answer_seconds + statistics.median(figures.queued or [0.0]))
    print(f"{prefix}turns {len(load.seconds)}")
    _show(f"{prefix}turn_seconds", load.seconds)
    _show(f"{prefix}queue_seconds", figures.queued)
    _show(f"{prefix}run_seconds", figures.executed)
    print(f"{prefix}turns_per_second {figures.rate:.2f}")
    print(f"{prefix}allowed_by_latency {allowed:.2f}")
    print(f"{prefix}share_of_allowed {figures.rate / allowed:.3f}")
    print(f"{prefix}allowed_beside_queue {beside_queue:.2f}")
    print(f"{prefix}share_beside_queue {figures.rate / beside_queue:.3f}")
    print(f"{prefix}cores_used {figures.cpu_seconds / load.took:.2f}")
    print(f"{prefix}cpu_seconds_per_turn {figures.cpu_seconds / max(len(load.seconds), 1):.4f}")
    print(f"{prefix}errors {len(load.errors)}")
    print(f"{prefix}crossed {len(load.crossed)}")
    print(f"{prefix}memory_mib_first {watched.mib[0]:.0f}")
    print(f"{prefix}memory_mib_last {watched.mib[-1]:.0f}")
    print(f"{prefix}memory_mib_per_minute {watched.slope():.2f}")
    print(f"{prefix}resident_mib_last {figures.resident_mib:.0f}", flush=True)


def main() -> None:
    """Run the benchmark from the command line; exit 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=32)
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--seconds", type=float, default=2.0, help="the model's latency")
    parser.add_argument("--bare-minutes", type=float, default=1.0, help="of the bare graph before")
    asked = parser.parse_args()
    bare = measured(None, asked.threads, asked.bare_minutes, asked.seconds)
    _tell(bare, asked.threads, asked.seconds, "bare_")
    ours = measured(ROOT / "langgraph.json", asked.threads, asked.minutes, asked.seconds)
    _tell(ours, asked.threads, asked.seconds)
    share = ours.rate / bare.rate
    print(f"share_of_bare {share:.3f}")
    print(f"machine_load {os.getloadavg()[0]:.1f}")
    faults = [*ours.load.errors, *ours.load.crossed, *bare.load.errors, *bare.load.crossed]
    for told in faults[:5]:
        print(told, file=sys.stderr)
    raise SystemExit(bool(faults) or share < TARGET)


if __name__ == "__main__":
    main()
