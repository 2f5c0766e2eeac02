"""The index on a real Chroma server (the Rust one), which these tests start."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from grym_synth.doctor import Check, examine
from grym_synth.errors import BadInput, MemoryFault
from grym_synth.settings import Settings
from memory.databases import Servers
from memory.storage.entries import Address, Entry
from memory.store import GrymStore
from memory.vectors import chroma_server
from tests.integration.memory.letters import Letters

PLACE = ("project", "demo", "findings")

COLLECTIONS = "/api/v2/tenants/default_tenant/databases/default_database/collections"


class Chroma:
    """A server on its own folder, which may be ended and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        program = str(Path(sys.executable).parent / "chroma")
        command = [program, "run", "--host", "127.0.0.1", "--port", str(self.port)]
        self._process = subprocess.Popen(
            [*command, "--path", str(self.folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder.parent,
            env={**os.environ, "ANONYMIZED_TELEMETRY": "False"},
        )
        until = time.monotonic() + 60
        while time.monotonic() < until and self._process.poll() is None:
            try:
                if httpx.get(f"{self.url}/api/v2/heartbeat").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError("chroma run did not start")

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def names(self) -> list[str]:
        """The collections that it holds."""
        return [one["name"] for one in httpx.get(f"{self.url}{COLLECTIONS}").json()]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chroma]:
    server = Chroma(tmp_path_factory.mktemp("chroma") / "data")
    try:
        server.start()
        yield server
    finally:
        server.kill()


@pytest.fixture
def chroma(running: Chroma) -> Chroma:
    for name in running.names():
        httpx.delete(f"{running.url}{COLLECTIONS}/{name}").raise_for_status()
    return running


def opened(home: Path, server: Chroma, embedder: Letters | None = None) -> GrymStore:
    return GrymStore(home, embedder or Letters(), servers=Servers(chroma=server.url))


def fill(store: GrymStore, texts: Sequence[str]) -> None:
    """Write entries whose keys are their texts, and bring them in."""
    store.write([Entry(PLACE, text, {"text": text}, text) for text in texts])
    assert store.flush() == 0


def closest(store: GrymStore, text: str) -> str:
    return store.search(("project",), query=text)[0].key


def waited_for_retry() -> None:
    time.sleep(chroma_server.RETRY_SECONDS + 0.1)


def test_what_is_near_in_meaning_is_found_and_nothing_lies_in_the_home(
    home: Path, chroma: Chroma
) -> None:
    with opened(home, chroma) as store:
        fill(store, ["aaab", "bbbc", "cccd", "dddh"])
        assert closest(store, "cccc") == "cccd"
        assert store.degraded is None
    assert not (home / "index").exists() and len(chroma.names()) == 1
    with opened(home, chroma) as store:
        store.write([], [Address(PLACE, "cccd")])
        assert store.flush() == 0
        assert closest(store, "cccc") == "bbbc"
        assert store.degraded is None


def test_an_index_that_the_server_lost_or_that_is_stale_is_built_anew(
    home: Path, chroma: Chroma
) -> None:
    with opened(home, chroma) as store:
        fill(store, ["aaab", "bbbc"])
    (name,) = chroma.names()
    httpx.delete(f"{chroma.url}{COLLECTIONS}/{name}").raise_for_status()
    with opened(home, chroma) as store:
        store.flush()
        assert closest(store, "bbbb") == "bbbc" and store.degraded is None
    (name,) = chroma.names()
    held = httpx.get(f"{chroma.url}{COLLECTIONS}/{name}").json()
    body = {"ids": ['["project.demo.findings", "aaab"]']}
    httpx.post(f"{chroma.url}{COLLECTIONS}/{held['id']}/delete", json=body).raise_for_status()
    with opened(home, chroma) as store:
        store.flush()
        assert closest(store, "aaaa") == "aaab" and store.degraded is None
    assert chroma.names() != [name] and len(chroma.names()) == 1


def test_another_embedder_gets_an_index_of_its_own(home: Path, chroma: Chroma) -> None:
    with opened(home, chroma) as store:
        fill(store, ["aaab", "bbbc"])
    before = chroma.names()
    with opened(home, chroma, Letters("other")) as store:
        store.flush()
        assert closest(store, "bbbb") == "bbbc"
    assert len(chroma.names()) == 1 and chroma.names() != before


def test_two_memories_on_one_server_do_not_see_each_other(tmp_path: Path, chroma: Chroma) -> None:
    with opened(tmp_path / "a", chroma) as one, opened(tmp_path / "b", chroma) as other:
        fill(one, ["aaab"])
        fill(other, ["bbbc"])
        one.scrub()
        assert closest(other, "bbbb") == "bbbc"
        assert other.degraded is None and len(chroma.names()) == 1


def test_without_its_server_the_memory_works_by_words_says_so_and_heals(
    tmp_path: Path, home: Path
) -> None:
    server = Chroma(tmp_path / "data")
    with opened(home, server) as store:
        store.write([Entry(PLACE, "a", {"text": "muddy chorus"}, "muddy chorus")])
        assert store.search(PLACE, query="muddy")[0].key == "a"
        assert store.degraded and f"127.0.0.1:{server.port} does not" in store.degraded.why
        try:
            server.start()
            waited_for_retry()
            assert store.flush() == 0
            assert store.search(PLACE, query="muddy")[0].key == "a"
            assert store.degraded is None
            server.kill()
            assert store.search(PLACE, query="chorus")[0].key == "a"
            assert store.degraded is not None
            with pytest.raises(MemoryFault, match="removing the old search index"):
                store.scrub()
            server.start()
            waited_for_retry()
            store.scrub()
            assert server.names() == []
            assert store.search(PLACE, query="chorus")[0].key == "a"
        finally:
            server.kill()


def test_a_password_in_the_address_is_never_shown(home: Path) -> None:
    servers = Servers(chroma="http://studio:hidden-pa55word@127.0.0.1:9")
    with GrymStore(home, Letters(), servers=servers) as store:
        store.flush()
        store.search(PLACE, query="muddy")
        assert store.degraded and "127.0.0.1:9" in store.degraded.why
        assert "hidden" not in store.degraded.why


@pytest.mark.parametrize("wrong", ["127.0.0.1:8000", "ftp://host", "http://", "http://[::1"])
def test_an_address_that_is_none_is_told(wrong: str, home: Path) -> None:
    with pytest.raises(BadInput, match="GRYM_CHROMA_URL"):
        GrymStore(home, Letters(), servers=Servers(chroma=wrong))


def test_the_doctor_tells_whether_the_server_answers(home: Path, chroma: Chroma) -> None:
    def told(address: str) -> Check:
        found = examine(Settings(home=home, chroma_url=SecretStr(address)))
        return next(one for one in found.checks if one.part == "chroma server")

    there = told(chroma.url)
    assert there.fine and re.search(r"version \d+\.\d+", there.says)
    away = told("http://user:hidden-pa55word@127.0.0.1:9")
    assert not away.fine and "`chroma run`" in away.says and "pa55" not in away.says
