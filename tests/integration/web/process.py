"""A real `grym studio` process for tests, on its own home and a free port, and its clients."""

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import httpx
import numpy as np
import soundfile
from pydantic import JsonValue

from grym_synth.server_note import ServerNote
from tests.integration.boss.scripts import DUTIES, says, write_script
from tests.integration.coding.programs import handed_over

GRYM = Path(sys.executable).with_name("grym")
READY_SECONDS = 90
RATE_HZ = 16_000

Json = dict[str, JsonValue]


class Told(NamedTuple):
    """One event of a stream."""

    number: int
    name: str
    content: Json


class Web:
    """One home that a studio serves; it may be killed and started again."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder, self.home = folder, folder / "home"
        self.home.mkdir(parents=True)
        self.models = {
            "slow": write_script(folder / "slow.jsonl", *_planning_takes(1.5)),
            "endless": write_script(folder / "endless.jsonl", *_planning_takes(300)),
            "coder": write_script(folder / "coder.jsonl", {"answer": handed_over(), "times": 0}),
        }
        self._settings = {
            "GRYM_HOME": str(self.home),
            "GRYM_MODELS": "instruments",
            "GRYM_EMBEDDER": "lexical",
            "GRYM_RUN_MODELS": json.dumps([*self.models.values()]),
            **settings,
        }
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start the process and wait until its note is there."""
        self.process = self.spawn("--port", "0")
        last = time.monotonic() + READY_SECONDS
        while not (self.home / "server.json").exists():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < last, self.said()
            time.sleep(0.05)
        self.note = ServerNote.model_validate_json((self.home / "server.json").read_bytes())

    def spawn(self, *words: str) -> subprocess.Popen[str]:
        """A `grym studio` process on this home."""
        inherited = {name: it for name, it in os.environ.items() if not name.startswith("GRYM_")}
        with (self.folder / "log.txt").open("a") as log:
            return subprocess.Popen(
                [GRYM, "studio", "--no-open", *words],
                cwd=self.folder,
                stdout=log,
                stderr=log,
                text=True,
                env=inherited | self._settings,
            )

    def said(self) -> str:
        """All that its processes printed."""
        return (self.folder / "log.txt").read_text()

    def kill(self) -> None:
        """End it as a power cut would."""
        self.end(signal.SIGKILL)
        (self.home / "server.json").unlink()

    def end(self, how: signal.Signals) -> int:
        """End it with a signal; its exit code."""
        assert self.process is not None
        self.process.send_signal(how)
        try:
            return self.process.wait(30)
        finally:
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        """End it, whatever happened."""
        if self.process is not None and self.process.poll() is None:
            self.end(signal.SIGKILL)

    def client(self, **headers: str) -> httpx.Client:
        """A program that knows the key."""
        bearer = {"authorization": f"Bearer {self.note.key}"}
        address = self.note.address
        return httpx.Client(base_url=address, headers=bearer | headers, timeout=60, trust_env=False)


class Page:
    """What the page does in one conversation."""

    def __init__(self, client: httpx.Client, project: str, thread: str = "main") -> None:
        self.http, self.project = client, f"/api/projects/{project}"
        self.thread = f"{self.project}/threads/{thread}"

    def upload(self, content: bytes, name: str = "take.wav", **query: str) -> httpx.Response:
        """Send a file."""
        return self.http.post(
            f"{self.project}/assets", params={"name": name, **query}, content=content
        )

    def ask(self, request: str, assets: Sequence[JsonValue] = (), **more: object) -> str:
        """Start a run; its id."""
        body = {"request": request, "assets": [*assets], **more}
        answer = self.http.post(f"{self.thread}/runs", json=body)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["run"])

    def events(self, run: str, after: int = 0) -> Generator[Told, None, None]:
        """A run's events, as they come."""
        path = f"/api/runs/{run}/events"
        with self.http.stream("GET", path, headers={"last-event-id": str(after)}) as stream:
            assert stream.status_code == 200, stream.read()
            fields: dict[str, str] = {}
            for line in stream.iter_lines():
                name, _, value = line.partition(": ")
                if line:
                    fields[name] = value
                elif "data" in fields:
                    yield Told(int(fields["id"]), fields["event"], json.loads(fields["data"]))
                    fields = {}

    def wait_for(self, run: str, name: str, kind: str = "") -> Told:
        """The first event of a name, and of a kind where one is given."""
        heard: list[Told] = []
        with closing(self.events(run)) as events:
            for one in events:
                if one.name == name and kind in ("", one.content.get("kind")):
                    return one
                heard.append(one)
        raise AssertionError(f"no {name} {kind} before {heard[-5:]}")

    def to_the_end(self, run: str) -> list[Told]:
        """All events of a run."""
        return list(self.events(run))

    def conversation(self) -> Json:
        """What the conversation is now."""
        answer = self.http.get(self.thread)
        assert answer.status_code == 200, answer.text
        told: Json = answer.json()
        return told


def named(events: Sequence[Told], name: str) -> list[Json]:
    """The contents of the events of a name."""
    return [one.content for one in events if one.name == name]


def tone(
    hertz: float = 220.0, seconds: float = 1.0, level: float = 0.2, channels: int = 1
) -> bytes:
    """A sine as the bytes of a WAV file."""
    times = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    sine = level * np.sin(2 * np.pi * hertz * times)
    content = io.BytesIO()
    soundfile.write(content, np.repeat(sine[:, None], channels, axis=1), RATE_HZ, format="WAV")
    return content.getvalue()


def sha256(content: bytes) -> str:
    """What an asset of this content is called."""
    return hashlib.sha256(content).hexdigest()


def in_background(work: threading.Thread) -> threading.Thread:
    """A thread that runs."""
    work.start()
    return work


def _planning_takes(seconds: float) -> list[Json]:
    """A supervisor that takes its time before it says that the draft is fine."""
    quick = [says(duty, {}, times=0) for duty in DUTIES if duty not in ("plan", "answer")]
    slow = says("plan", {}, first_seconds=seconds, times=0)
    return [slow, *quick, says("answer", {"sentences": []}, times=0)]
