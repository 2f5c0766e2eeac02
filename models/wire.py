"""HTTP to a model server: straight to its address, and ended at once when a call is."""

import json
import socket
import ssl
from contextlib import suppress
from functools import cache
from urllib.parse import urlsplit

import httpcore
import httpx
from pydantic import JsonValue

from models.faults import Refused
from models.watch import Watch

_CONNECT_SECONDS = 5.0

_MOST_BYTES = 8 << 20
"""Of a short answer, no more is read."""


class WatchedTransport(httpx.HTTPTransport):
    """A transport whose connections are shut down when the watched call is cancelled or late.

    A blocked read can't be ended otherwise: Ollama sends not even headers before the first token.
    Connections aren't kept, since llama-server closes idle ones.
    """

    def __init__(self, url: str, watch: Watch) -> None:
        super().__init__(
            verify=_certificates() if url.startswith("https:") else False,
            limits=httpx.Limits(max_keepalive_connections=0),
            trust_env=False,
        )
        self._watch = watch

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and have its connection watched."""
        request.extensions["trace"] = self._note
        return super().handle_request(request)

    def _note(self, event: str, details: dict[str, object]) -> None:
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            stream = details["return_value"]
            if isinstance(stream, httpcore.NetworkStream):
                connection: socket.socket = stream.get_extra_info("socket")
                self._watch.unblock(lambda: _shut(connection))


def watched_client(url: str, watch: Watch, headers: dict[str, str] | None = None) -> httpx.Client:
    """A client for one call to one server; redirects and proxies are not followed."""
    return httpx.Client(
        base_url=url,
        transport=WatchedTransport(url, watch),
        timeout=call_timeout(watch),
        headers=headers,
        trust_env=False,
    )


def asked(
    url: str,
    path: str,
    body: dict[str, JsonValue] | None,
    watch: Watch,
    headers: dict[str, str] | None = None,
) -> bytes:
    """The short answer of a server to one request: a POST of the body, or a GET without one.

    Raises:
        Refused: it answered with an error.
        httpx.HTTPError: it did not answer.
        ValueError: its answer is longer than any such answer is.
    """
    method = "GET" if body is None else "POST"
    with (
        watched_client(url, watch, headers) as client,
        client.stream(method, path, json=body) as got,
    ):
        content = b""
        for part in got.iter_bytes():
            content += part
            if len(content) > _MOST_BYTES:
                raise ValueError("its answer is too long")
    refuse_error(got.status_code, content)
    return content


def refuse_error(status: int, content: bytes) -> None:
    """Raise ``Refused`` with the server's words when a status is no success."""
    if 200 <= status < 300:
        return
    try:
        told = json.loads(content)["error"]
        said = told["message"] if isinstance(told, dict) else told
    except (ValueError, LookupError, TypeError):
        said = content.decode(errors="replace")
    raise Refused(status, str(said))


def call_timeout(watch: Watch) -> httpx.Timeout:
    """Time for connecting; all else is the watch's."""
    return httpx.Timeout(None, connect=max(0.01, min(_CONNECT_SECONDS, watch.left_seconds)))


def is_http(url: str) -> bool:
    """Whether a text is the address of an HTTP server."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
