"""A real `langgraph dev` process for tests, on its own home and a free port."""

import base64
import io
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import numpy as np
import soundfile
from PIL import Image

ROOT = Path(__file__).parents[2]

READY_SECONDS = 120


class Server:
    """One home that a server serves; it may be killed and started again."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder, self.settings = folder, settings
        self.home = folder / "home"
        self.log = folder / "log.txt"
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._process = self.spawn(self.port)
        last = time.monotonic() + READY_SECONDS
        while time.monotonic() < last and self._process.poll() is None:
            try:
                if httpx.get(f"{self.url}/ok").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.2)
        raise AssertionError(f"the server did not start:\n{self.log.read_text()[-4000:]}")

    def spawn(self, port: int) -> subprocess.Popen[bytes]:
        """Start a server process on the home, as `make dev` does, without a network or a key."""
        program = Path(sys.executable).parent / "langgraph"
        command = [str(program), "dev", "--config", f"{ROOT}/langgraph.json", "--port", str(port)]
        self.folder.mkdir(parents=True, exist_ok=True)
        foreign = ("GRYM_", "LANGSMITH_", "LANGCHAIN_", "LANGGRAPH_")
        inherited = {name: it for name, it in os.environ.items() if not name.startswith(foreign)}
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [*command, "--no-browser", "--no-reload", "--n-jobs-per-worker", "4"],
                cwd=self.folder,
                stdout=log,
                stderr=log,
                env=inherited
                | {
                    "GRYM_HOME": str(self.home),
                    "GRYM_MODELS": "instruments",
                    "LANGSMITH_TRACING": "false",
                    "LANGGRAPH_NO_VERSION_CHECK": "true",
                    "LANGGRAPH_CLI_NO_ANALYTICS": "1",
                }
                | self.settings,
            )

    def kill(self) -> None:
        """End the process as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End the process as Ctrl-C does."""
        self._end(signal.SIGINT)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(30)
        self._process = None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def song(seconds: float, hz: float) -> str:
    """A chord over a beat of 120 per minute, as the base64 of a FLAC file.

    Args:
        seconds: its length.
        hz: the chord's root; another root makes another file.
    """
    times = np.arange(int(seconds * 44100)) / 44100
    chord = sum(np.sin(2 * np.pi * hz * ratio * times) for ratio in (1, 1.2, 1.5))
    beat = np.exp(-60 * (times % 0.5)) * np.sin(2 * np.pi * 90 * times)
    content = io.BytesIO()
    stereo = np.stack([0.1 * chord + 0.5 * beat, 0.08 * chord + 0.5 * beat], axis=1)
    soundfile.write(content, stereo.astype(np.float32), 44100, format="FLAC")
    return base64.b64encode(content.getvalue()).decode()


def picture() -> str:
    """A small picture, as the base64 of a PNG file."""
    noise = np.random.default_rng(7).integers(0, 255, (64, 96, 3), dtype=np.uint8)
    content = io.BytesIO()
    Image.fromarray(noise).save(content, "PNG")
    return base64.b64encode(content.getvalue()).decode()
