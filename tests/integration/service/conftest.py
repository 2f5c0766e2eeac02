"""The service as its operator starts it, with scripted models."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from pydantic import JsonValue

GRYM = Path(sys.executable).with_name("grym")
LINES: list[dict[str, JsonValue]] = [
    {"when": {"match": "slowly"}, "answer": "one two three four", "piece_seconds": 0.2, "times": 0},
    {
        "when": {"match": "for ever"},
        "answer": "on",
        "endless": True,
        "piece_seconds": 0.05,
        "times": 0,
    },
    {"when": {"match": "break"}, "fault": "crashed", "times": 0},
    {"when": {"schema": True}, "answer": {"key": "C major"}, "times": 0},
    {"thinking": "Hm.", "answer": "It is in C major.", "times": 0},
]


@dataclass(frozen=True)
class Running:
    """A service that runs."""

    url: str
    process: subprocess.Popen[bytes]

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.url + path, trust_env=False, timeout=10)


Start = Callable[..., Running]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("service") / "boss.jsonl"
    path.write_text("\n".join(map(json.dumps, LINES)))
    return path


@pytest.fixture(scope="session")
def start(script: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Starts a service of its own with some options."""
    running: list[Running] = []
    home = tmp_path_factory.mktemp("home")

    def begin(*options: str, **environment: str) -> Running:
        port = free_port()
        process = subprocess.Popen(
            [GRYM, "serve", "supervisor", "gama", "--port", str(port),
             "--model", f"supervisor=scripted:{script}", "--model", f"gama=scripted:{script}",
             *options],
            env={**os.environ, "GRYM_HOME": str(home), **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )  # fmt: skip
        service = Running(f"http://127.0.0.1:{port}", process)
        running.append(service)
        _await_ready(service)
        return service

    yield begin
    for one in running:
        one.process.kill()
        one.process.communicate()


@pytest.fixture(scope="session")
def service(start: Start) -> Running:
    """A service that tests share."""
    return start("--most-waiting", "2")


def _await_ready(service: Running) -> None:
    for _ in range(300):
        try:
            if service.get("/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        assert service.process.poll() is None, "the service did not start"
        time.sleep(0.1)
    raise AssertionError("the service did not start in time")
