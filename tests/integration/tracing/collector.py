"""A receiver of traces on this machine: a collector of OpenTelemetry's, or LangSmith's door."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

Value = str | bool | int | float


@dataclass(frozen=True)
class Told:
    """One span as it arrived."""

    name: str
    trace: bytes
    id: bytes
    parent: bytes
    seconds: float
    failed: bool
    facts: dict[str, Value]


@dataclass
class Collector:
    """What came in."""

    url: str
    requests: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    """Method, path, headers (names in lower case) and body of each."""

    def spans(self) -> list[Told]:
        """Every span, in the order of their ends."""
        told = []
        for _, _, _, body in self.requests:
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                for scope in resource.scope_spans:
                    for one in scope.spans:
                        facts: dict[str, Value] = {
                            fact.key: getattr(fact.value, str(fact.value.WhichOneof("value")))
                            for fact in one.attributes
                        }
                        seconds = (one.end_time_unix_nano - one.start_time_unix_nano) / 1e9
                        failed = one.status.code == 2
                        ids = (one.trace_id, one.span_id, one.parent_span_id)
                        told.append(Told(one.name, *ids, seconds, failed, facts))
        return told

    def named(self, name: str) -> Told:
        """The one span of a name."""
        (found,) = [one for one in self.spans() if one.name == name]
        return found

    def everything(self) -> str:
        """All that was sent, headers apart, as one text."""
        return b"".join(body for *_, body in self.requests).decode("utf-8", "replace")


@contextmanager
def listening() -> Iterator[Collector]:
    """Listen on a free port of this machine until the block ends."""
    held: list[Collector] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            headers = {name.lower(): text for name, text in self.headers.items()}
            held[0].requests.append((self.command, self.path, headers, body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_PATCH = do_POST  # noqa: N815  (as its base calls them)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    held.append(Collector(f"http://127.0.0.1:{server.server_port}"))
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    try:
        yield held[0]
    finally:
        server.shutdown()
        server.server_close()
        serving.join()
