"""Broken, lying and odd files of others, found through GRYM_TEST_DATA."""

import os
import signal
import socket
import time
from pathlib import Path

import httpx
import pytest

from tests.integration.web.process import Page, Web, tone

HOME = os.environ.get("GRYM_TEST_DATA", "")


@pytest.mark.long
@pytest.mark.skipif(not HOME, reason="GRYM_TEST_DATA names no folder of recordings")
def test_hostile_files_are_refused_in_words_or_looked_at(page: Page) -> None:
    files = [one for one in (Path(HOME) / "hostile").iterdir() if one.suffix != ".json"]
    answers = [answer for one in files for answer in _looked_at(page, one)]
    refused = [one for one in answers if one.status_code >= 400]

    assert len(files) > 20
    assert {one.status_code for one in refused} <= {400, 413, 422}
    assert all(set(one.json()["error"]) == {"tried", "happened", "do"} for one in refused)


def _looked_at(page: Page, path: Path) -> list[httpx.Response]:
    sent = page.upload(path.read_bytes(), path.name, kind="audio")
    if sent.status_code != 201:
        return [sent]
    asset = f"{page.project}/assets/{sent.json()['id']}"
    wanted = (f"{asset}/peaks", f"{asset}/spectrogram", f"{asset}/spectrogram?from=0&to=0.1")
    return [page.http.get(one) for one in (*wanted, sent.json()["url"])]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"request": 5}',
        b'{"request": "x", "models": {"drummer": "y"}}',
        b'{"request": "\\ud800"}',
        b"\xff\xfe",
        b'{"request": "' + b"a" * 3_000_000 + b'"}',
    ],
    ids=lambda body: body[:20].decode(errors="replace"),
)
def test_requests_that_are_none_are_refused_in_words(page: Page, body: bytes) -> None:
    answer = page.http.post(f"{page.thread}/runs", content=body)

    assert answer.status_code == 400
    assert set(answer.json()["error"]) == {"tried", "happened", "do"}


@pytest.mark.parametrize("where", ["history?limit=", "search?limit=", "threads/main?before="])
def test_numbers_without_end_are_refused_in_words(page: Page, where: str) -> None:
    page.upload(tone())
    page.http.post("/api/projects", json={"name": page.project.rpartition("/")[2]})
    answer = page.http.get(f"{page.project}/{where}{'9' * 5000}")

    assert answer.status_code == 400
    assert set(answer.json()["error"]) == {"tried", "happened", "do"}


@pytest.mark.parametrize("name", [".", ".."])
def test_no_project_has_a_name_that_an_address_can_not_hold(page: Page, name: str) -> None:
    assert page.http.post("/api/projects", json={"name": name}).status_code == 400


def test_an_upload_that_breaks_off_leaves_no_fault_in_the_log(mortal: Web) -> None:
    mortal.start()
    port = int(mortal.note.address.rpartition(":")[2])
    head = (
        "POST /api/projects/default/assets?name=a.wav HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: Bearer {mortal.note.key}\r\nContent-Length: 99999\r\n\r\nRIFF"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=20) as wire:
        wire.sendall(head.encode())
        until = time.monotonic() + 20
        while not list((mortal.home / "incoming").glob("*")) and time.monotonic() < until:
            time.sleep(0.02)
    while list((mortal.home / "incoming").glob("*")) and time.monotonic() < until:
        time.sleep(0.02)
    mortal.end(signal.SIGTERM)

    assert "Traceback" not in mortal.said()


@pytest.mark.parametrize(
    "query", ["from=5&to=2", "from=nan", "from=-1", "from=inf", "to=0", "scale=x", "from=x"]
)
def test_stretches_that_are_none_are_refused_in_words(page: Page, query: str) -> None:
    sent = page.upload(tone()).json()
    answer = page.http.get(f"{page.project}/assets/{sent['id']}/spectrogram?{query}")

    assert answer.status_code == 400
    assert set(answer.json()["error"]) == {"tried", "happened", "do"}
