"""The service on Ray Serve: real replicas, one of them killed under load."""

import os
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest
from langchain_openai import ChatOpenAI

from tests.integration.service.conftest import GRYM, Running, free_port

pytest.importorskip("ray", reason="Ray is not installed: pip install -e '.[serve]'")
pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

KEY = "studio-key"
START_SECONDS = 180


@pytest.fixture(scope="module")
def service(script: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with served(script, tmp_path_factory.mktemp("ray"), KEY, "--replicas", "2") as found:
        yield found


@contextmanager
def served(script: Path, folder: Path, key: str, *options: str) -> Iterator[Running]:
    port = free_port()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [GRYM, "serve", "supervisor", "coder", "--ray", "--port", str(port),
             "--at-once", "4", "--most-waiting", "40", *options,
             "--model", f"supervisor=scripted:{script}", "--model", f"coder=scripted:{script}"],
            env={**os.environ, "GRYM_HOME": str(folder / "home"), "GRYM_SERVICE_KEY": key},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )  # fmt: skip
    try:
        found = Running(f"http://127.0.0.1:{port}", process)
        await_that(lambda: is_ready(found), START_SECONDS)
        yield found
    finally:
        left = psutil.Process(process.pid).children(recursive=True) if alive(process) else []
        process.kill()
        for one in left:
            one.kill() if one.is_running() else None
        process.wait()


def alive(process: subprocess.Popen[bytes]) -> bool:
    return process.poll() is None


def is_ready(service: Running) -> bool:
    assert alive(service.process), "it ended while it started"
    try:
        return service.get("/readyz").status_code == 200
    except httpx.TransportError:
        return False


def await_that(holds: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, f"not within {seconds} s"
        time.sleep(0.2)


def ask(service: Running, text: str, model: str = "supervisor", key: str = KEY) -> httpx.Response:
    return httpx.post(
        f"{service.url}/v1/chat/completions",
        json={"model": model, "messages": [{"role": "user", "content": text}]},
        headers={"Authorization": f"Bearer {key}"},
        trust_env=False,
        timeout=120,
    )


def replicas(service: Running) -> set[int]:
    """The processes that hold models."""
    parts = psutil.Process(service.process.pid).children(recursive=True)
    return {
        one.pid for one in parts if "ServeReplica:grym:models" in " ".join(one.cmdline() or [""])
    }


def test_an_unmodified_client_gets_an_answer_whole_and_streamed(service: Running) -> None:
    for model in ("supervisor", "coder"):
        chat = ChatOpenAI(model=model, base_url=f"{service.url}/v1", api_key=KEY)
        assert chat.invoke("Which key?").content == "It is in C major."
        pieces = [str(piece.content) for piece in chat.stream("slowly")]
        assert "".join(pieces).strip() == "one two three four" and len(pieces) > 3


def test_the_rules_of_the_door_are_those_of_one_process(service: Running) -> None:
    assert ask(service, "hi", key="wrong").status_code == 401
    assert ask(service, "hi", model="nobody").status_code == 404
    fault = ask(service, "break")
    assert fault.status_code >= 500 and "error" in fault.json()
    assert service.get("/metrics").status_code == 401
    told = httpx.get(f"{service.url}/metrics", headers={"Authorization": f"Bearer {KEY}"}).text
    assert "supervisor" in told


def test_no_part_of_the_cluster_answers_one_who_has_no_key(service: Running) -> None:
    parts = psutil.Process(service.process.pid).children(recursive=True)
    ports = {
        (one.laddr.ip, one.laddr.port)
        for part in parts
        for one in part.net_connections("tcp")
        if one.status == psutil.CONN_LISTEN
        and one.laddr.ip not in ("127.0.0.1", "::ffff:127.0.0.1", "::1")
    }
    for _, port in ports:
        trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        with (
            socket.create_connection(("127.0.0.1", port), 10) as plain,
            pytest.raises(OSError),
            trusting.wrap_socket(plain) as spoken,
        ):
            spoken.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0" * 9)
            assert spoken.recv(1) == b"", "it let in who has no certificate"
            raise ConnectionResetError


def test_a_replica_that_is_killed_under_load_loses_no_request_and_is_replaced(
    service: Running,
) -> None:
    await_that(lambda: len(replicas(service)) == 2, 60)
    before = replicas(service)
    with ThreadPoolExecutor(16) as pool:
        asked = [pool.submit(ask, service, f"slowly, {number}") for number in range(48)]
        time.sleep(1.5)
        killed = min(before)
        os.kill(killed, signal.SIGKILL)
        answers = [one.result() for one in asked]
    assert [one.status_code for one in answers] == [200] * 48
    said = {one.json()["choices"][0]["message"]["content"].strip() for one in answers}
    assert said == {"one two three four"}
    await_that(lambda: len(replicas(service) - {killed}) == 2, 90)
    assert ask(service, "Which key?").status_code == 200


def test_a_stream_whose_replica_is_killed_is_whole_or_ends_with_a_fault(service: Running) -> None:
    await_that(lambda: len(replicas(service)) == 2, 60)
    with ThreadPoolExecutor(8) as pool:
        streams = [pool.submit(streamed, service) for _ in range(8)]
        time.sleep(0.5)
        os.kill(max(replicas(service)), signal.SIGKILL)
        ended = [one.result() for one in streams]
    assert all(one.endswith("data: [DONE]\n\n") or '"error"' in one for one in ended)
    assert any(one.endswith("data: [DONE]\n\n") for one in ended)


def streamed(service: Running) -> str:
    """All events of a stream."""
    asked = {"role": "user", "content": "slowly"}
    return httpx.post(
        f"{service.url}/v1/chat/completions",
        json={"model": "supervisor", "stream": True, "messages": [asked]},
        headers={"Authorization": f"Bearer {KEY}"},
        trust_env=False,
        timeout=120,
    ).text


def test_what_is_being_answered_is_ended_before_the_service_ends(service: Running) -> None:
    parts = psutil.Process(service.process.pid).children(recursive=True)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(ask, service, "slowly")
        time.sleep(0.4)
        service.process.send_signal(signal.SIGTERM)
        assert asked.result().status_code == 200
    assert service.process.wait(120) == 0
    _, left = psutil.wait_procs(parts, timeout=20)
    assert left == []


def test_without_a_key_no_other_host_and_no_web_page_can_make_the_models_work(
    script: Path, tmp_path: Path
) -> None:
    with served(script, tmp_path, "") as open_:
        port = open_.url.rpartition(":")[2]
        for foreign in ({"Host": f"studio.example:{port}"}, {"Origin": "https://page.example"}):
            refused = httpx.post(
                f"{open_.url}/v1/chat/completions",
                json={"model": "supervisor", "messages": [{"role": "user", "content": "hi"}]},
                headers=foreign,
                trust_env=False,
                timeout=60,
            )
            assert refused.status_code == 403, foreign
        assert "C major" in ask(open_, "which key?").text


def test_more_than_the_machine_has_is_refused_at_once(script: Path, tmp_path: Path) -> None:
    ended = subprocess.run(
        [GRYM, "serve", "supervisor", "--ray", "--gpus", "9", "--port", str(free_port()),
         "--model", f"supervisor=scripted:{script}"],
        env={**os.environ, "GRYM_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )  # fmt: skip
    assert ended.returncode == 2
    assert "they need 9 GPUs" in ended.stderr and "Traceback" not in ended.stderr
