"""A server on another port of this machine, which the browser sends the studio's cookie to."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

from tests.integration.page.conftest import Opened
from tests.integration.web.process import Web


@contextmanager
def thief() -> Iterator[tuple[str, list[str]]]:
    """Its address, and the cookies that it was sent."""
    got: list[str] = []

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            got.append(self.headers.get("Cookie", ""))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>a page of somebody else</title>")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", got
    finally:
        server.shutdown()
        server.server_close()


def test_a_server_on_another_port_gets_the_cookie_and_nothing_by_it(
    opened: Opened, studio: Web
) -> None:
    window = opened()
    with thief() as (address, got):
        elsewhere = window.tab.context.new_page()
        elsewhere.goto(address)
        stored = elsewhere.evaluate("Object.keys(localStorage)")
    cookie = got[0]
    with httpx.Client(base_url=studio.note.address, trust_env=False) as other:
        answers = [
            other.get("/api/studio", headers={"cookie": cookie}).status_code,
            other.post(
                "/api/projects", headers={"cookie": cookie}, json={"name": "stolen"}
            ).status_code,
        ]
    window.tab.reload()
    window.message.wait_for()

    assert cookie.startswith("grym-"), "the browser told the other server"
    assert stored == []
    assert answers == [401, 401]
    assert "word" not in window.tab.url
    assert window.tab.evaluate("Object.keys(localStorage)") == ["grym-word"]
