import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from models.ollama_server import ollama_models

TAGS = b'{"models": [{"name": "deepseek-r1:14b"}, {"name": "qwen3"}]}'


def _http(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


@contextmanager
def _server(answer: bytes) -> Iterator[str]:
    """A server that answers the first call with these bytes, whatever was asked."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(5)
                connection.recv(65536)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join()


def test_the_models_of_a_server_are_named() -> None:
    with _server(_http(TAGS)) as url:
        assert ollama_models(f"{url}/", 5) == ("deepseek-r1:14b", "qwen3")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x16\x03\x01 what? \r\n\r\n",
        b"HTTP/1.1 nine\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        _http(b"<html>"),
        _http(b"\xff\xfe"),
        _http(b"[1, 2]"),
        _http(b'{"models": {"name": 1}}'),
        _http(b'{"models": null}'),
        _http(b"[" * 200_000),
    ],
)
def test_rubbish_in_place_of_an_answer_means_no_models(answer: bytes) -> None:
    with _server(answer) as url:
        assert ollama_models(url, 5) is None


def test_nobody_at_the_address_means_no_models() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    assert ollama_models(url) is None


@pytest.mark.parametrize("url", ["", "localhost:11434", "http://[", "http://\n", "ftp://127.0.0.1"])
def test_what_is_no_web_address_means_no_models(url: str) -> None:
    assert ollama_models(url) is None


def test_a_file_is_never_read_in_place_of_a_server(tmp_path: Path) -> None:
    (tmp_path / "api").mkdir()
    (tmp_path / "api" / "tags").write_bytes(TAGS)
    assert ollama_models(f"file://{tmp_path}") is None


def test_a_proxy_is_not_asked_for_a_local_server() -> None:
    with _server(_http(TAGS)) as url:
        os.environ["http_proxy"] = "http://127.0.0.1:9"  # the fixture of all tests takes it back
        assert ollama_models(url, 5) is not None
