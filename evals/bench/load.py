"""How the LangGraph server bears many chats at once: 32 threads, each with its own project.

``python -m evals.bench.load [--threads 32] [--minutes 2] [--seconds 2]`` starts the server on this
machine with a scripted model in the supervisor's chair, whose every answer takes two seconds, and
prints ``name value`` lines. Every thread tells its own marker and then asks for it again and again:
an answer without it, or with another thread's, is an error. The targets: no error, no cross-talk,
at least 85 % of the turns that the model's latency and the server's queue allow (it looks for new
runs twice a second), and memory that stays flat. ``cores_used`` and ``machine_load`` tell whether
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
    """Resident memory."""

    def slope(self) -> float:
        """MiB that it grows in a minute, by least squares over the second half."""
        half = len(self.moments) // 2
        if len(self.moments) - half < 3:
            return 0.0
        minutes = np.array(self.moments[half:]) / 60
        return float(np.polyfit(minutes, self.mib[half:], 1)[0])


class Process:
    """A ``langgraph dev`` process on a home of its own."""

    def __init__(self, folder: Path, jobs: int, answer_seconds: float) -> None:
        self.log, script = folder / "log.txt", folder / "boss.jsonl"
        script.write_text("\n".join(map(json.dumps, _lines(answer_seconds))), encoding="utf-8")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{port}"
        program = Path(sys.executable).parent / "langgraph"
        command = [str(program), "dev", "--config", f"{ROOT}/langgraph.json", "--port", str(port)]
        foreign = ("GRYM_", "LANGSMITH_", "LANGCHAIN_", "LANGGRAPH_")
        settings = {
            "GRYM_HOME": str(folder / "home"),
            "GRYM_MODELS": "instruments",
            "GRYM_SUPERVISOR_MODEL": f"scripted:{script}",
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

    def mib(self) -> float:
        """Its resident memory."""
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

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
def served(folder: Path, jobs: int, answer_seconds: float) -> Iterator[Process]:
    """A server until the block ends, whatever happens in it."""
    process = Process(folder, jobs, answer_seconds)
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


async def _drive(process: Process, threads: int, seconds: float) -> tuple[Load, Watched, float]:
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
    return load, watched, process.cpu_seconds() - before


def _show(name: str, values: Sequence[float]) -> None:
    if values:
        print(f"{name}_median {statistics.median(values):.3f}")
        print(f"{name}_p95 {float(np.percentile(values, 95)):.3f}")


def main() -> None:
    """Run the benchmark from the command line; exit 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=32)
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--seconds", type=float, default=2.0, help="the model's latency")
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder), asked.threads, asked.seconds) as process,
    ):
        driven = _drive(process, asked.threads, 60 * asked.minutes)
        load, watched, cpu = asyncio.run(driven)
        queued = [one / 1000 for one in process.logged(_QUEUED)]
        executed = [one / 1000 for one in process.logged(_EXECUTED)]
    turns, took = len(load.seconds), load.took
    allowed = asked.threads / asked.seconds
    beside_queue = asked.threads / (asked.seconds + statistics.median(queued or [0.0]))
    share = turns / took / beside_queue
    print(f"machine_load {os.getloadavg()[0]:.1f}")
    print(f"turns {turns}")
    _show("turn_seconds", load.seconds)
    _show("queue_seconds", queued)
    _show("run_seconds", executed)
    print(f"turns_per_second {turns / took:.2f}")
    print(f"allowed_by_latency {allowed:.2f}")
    print(f"share_of_allowed {turns / took / allowed:.3f}")
    print(f"allowed_beside_queue {beside_queue:.2f}")
    print(f"share_beside_queue {share:.3f}")
    print(f"cores_used {cpu / took:.2f}")
    print(f"cpu_seconds_per_turn {cpu / max(turns, 1):.4f}")
    print(f"errors {len(load.errors)}")
    print(f"crossed {len(load.crossed)}")
    print(f"rss_mib_first {watched.mib[0]:.0f}")
    print(f"rss_mib_last {watched.mib[-1]:.0f}")
    print(f"rss_mib_per_minute {watched.slope():.2f}")
    for told in (*load.errors[:5], *load.crossed[:5]):
        print(told, file=sys.stderr)
    raise SystemExit(bool(load.errors or load.crossed) or share < TARGET)


if __name__ == "__main__":
    main()
