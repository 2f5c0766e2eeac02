"""What all model servers of the tests share: a port, requests on record, and faults of the wire."""

import json
import socket
import struct
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Literal, Self

from pydantic import JsonValue

from models.base import Piece

Json = dict[str, JsonValue]

FaultKind = Literal[
    "busy", "crashed", "silent", "garbage", "moved", "truncated", "cut", "reset", "error"
]


@dataclass(frozen=True)
class Fault:
    """How the next answer goes wrong; the last four kinds in mid-stream, after some frames."""

    kind: FaultKind
    after: int = 2


_FIRST = ("busy", "crashed", "silent", "garbage", "moved")


class Exchange(BaseHTTPRequestHandler):
    """One request and the ways to answer it."""

    protocol_version = "HTTP/1.1"
    owner: "ModelServer"

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            body = json.loads(content or b"{}")
        except ValueError as fault:
            self.send_json({"error": str(fault)}, 400)
            return
        self._answer(body)

    def _answer(self, body: Json) -> None:
        self.owner.requests.append((self.path, body))
        try:
            self.owner.answer(self, body)
        except (BrokenPipeError, ConnectionResetError):
            self.owner.left_early += 1
            self.close_connection = True

    def send_json(self, body: JsonValue, status: int = 200) -> None:
        """Answer with one JSON value."""
        self.send_bytes(json.dumps(body).encode(), "application/json; charset=utf-8", status)

    def send_bytes(self, content: bytes, kind: str, status: int = 200) -> None:
        """Answer with some content."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def send_frames(self, frames: Iterator[bytes], kind: str, error: bytes) -> None:
        """Answer with a stream; headers go out with the first frame, as Ollama's do."""
        fault = self.owner.fault_in_stream()
        begun = False
        for number, frame in enumerate(frames):
            if not begun:
                self._begin_stream(kind)
                begun = True
            if fault is not None and number >= fault.after:
                self._break(fault, frame, error)
                return
            self._chunk(frame)
        self._end_stream()

    def _begin_stream(self, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def _break(self, fault: Fault, frame: bytes, error: bytes) -> None:
        match fault.kind:
            case "error":
                self._chunk(error)
                self._end_stream()
            case "cut":
                self._chunk(frame[: len(frame) // 2])
                self._end_stream()
            case "reset":
                linger = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                self.connection.close()
                self.close_connection = True
            case _:
                self._end_stream()

    def _chunk(self, content: bytes) -> None:
        self.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")

    def _end_stream(self) -> None:
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no error."""


class ModelServer(ABC):
    """A server that can be stopped and started again at the same address."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, Json]] = []
        """All that was asked: paths and bodies."""
        self.faults: deque[Fault] = deque()
        """How the next answers go wrong, one each."""
        self.left_early = 0
        """How many clients went away before the end of their answer."""
        self._port = 0
        self._http: _Http | None = None
        self._stopping = threading.Event()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Begin to answer."""
        handler = type("Bound", (Exchange,), {"owner": self})
        self._stopping.clear()
        self._http = _Http(("127.0.0.1", self._port), handler)
        self._port = self._http.server_address[1]
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        """Answer no more; what is under way may end."""
        self._stopping.set()
        if self._http is not None:
            self._http.shutdown()
            self._http.server_close()
            self._http = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @abstractmethod
    def answer(self, exchange: Exchange, body: Json) -> None:
        """Answer one request."""

    def fault_first(self, exchange: Exchange) -> bool:
        """Let the next fault happen if it is one that comes before any answer."""
        if not self.faults or self.faults[0].kind not in _FIRST:
            return False
        match self.faults.popleft().kind:
            case "busy":
                exchange.send_json(self.error(BUSY), 503)
            case "crashed":
                exchange.send_json(self.error(CRASHED), 500)
            case "garbage":
                exchange.send_bytes(b"<html><body>It works!</body></html>", "text/html")
            case "moved":
                exchange.send_response(307)
                exchange.send_header("Location", f"{self.url}/elsewhere")
                exchange.send_header("Content-Length", "0")
                exchange.end_headers()
            case _:
                self._stopping.wait(30)
                exchange.close_connection = True
        return True

    def fault_in_stream(self) -> Fault | None:
        """The next fault, which happens in mid-stream."""
        return self.faults.popleft() if self.faults else None

    @abstractmethod
    def error(self, said: str) -> Json:
        """An error's body in this protocol."""


BUSY = "server busy, please try again.  maximum pending requests exceeded"
CRASHED = (
    "model runner has unexpectedly stopped, this may be due to resource limitations or an internal"
    " error, check ollama server logs for details"
)


def tagged(pieces: Iterable[Piece], opening: str = "<think>") -> Iterator[Piece]:
    """Pieces as a server that does not tell thinking apart sends them: all text, with tags."""
    thinking = False
    for piece in pieces:
        if piece.thinking:
            yield Piece(text=piece.thinking if thinking else opening + piece.thinking)
        elif piece.text and thinking:
            yield Piece(text=f"</think>\n\n{piece.text}")
        else:
            yield piece
        thinking = bool(piece.thinking)
