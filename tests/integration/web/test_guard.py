import os
import stat
from pathlib import Path

import httpx
import pytest

from grym_synth.errors import BadInput
from grym_synth.server_note import ServerNote, server_of
from grym_synth.web.guard import WORD_HEADER, Keys
from tests.integration.web.process import Page, Web, tone

API = "/api/studio"


def test_nothing_is_told_without_the_key(web: Web, page: Page) -> None:
    sent = page.upload(tone()).json()
    with httpx.Client(base_url=web.note.address, trust_env=False) as stranger:
        closed = [API, sent["url"], f"{page.project}/archive", "/api/nonsense"]
        refused = {path: stranger.get(path).status_code for path in closed}
        wrong = stranger.get(API, headers={"authorization": "Bearer " + "x" * 43})
        guessed = stranger.get("/", params={"key": "x" * 43})
        open_ = stranger.get("/healthz")

    assert set(refused.values()) == {401}
    assert (wrong.status_code, guessed.status_code, open_.status_code) == (401, 403, 200)
    assert "set-cookie" not in guessed.headers


def test_the_printed_address_gives_a_cookie_that_scripts_and_other_sites_do_not_get(
    web: Web,
) -> None:
    printed = web.said().split("The studio is at ")[1].split()[0]
    with httpx.Client(trust_env=False) as browser:
        opened = browser.get(printed)
        cookie, place = opened.headers["set-cookie"].lower(), opened.headers["location"]
        word = place.removeprefix("/?word=")
        told = browser.get(f"{web.note.address}{API}", headers={WORD_HEADER: word})

    assert (opened.status_code, len(word)) == (303, 64)
    assert "httponly" in cookie and "samesite=strict" in cookie
    assert web.note.key.lower() not in cookie + place
    assert told.status_code == 200


def test_who_stole_the_cookie_or_the_word_alone_reads_and_changes_nothing(
    web: Web, page: Page
) -> None:
    port = int(web.note.address.rpartition(":")[2])
    name, value, word = Keys(web.home).pass_of(port)
    thread, another = page.thread, Keys(web.home).pass_of(port + 1).word
    reads = [
        API,
        page.project,
        f"{page.project}/archive",
        thread,
        "/api/models",
        "/api/runs/x/events",
    ]
    stolen: list[tuple[dict[str, str], str]] = [
        ({name: value}, ""),
        ({}, word),
        ({name: value}, another),
    ]
    for cookies, said in stolen:
        with _shows(web, cookies, said) as thief:
            read = {path: thief.get(path).status_code for path in reads}
            read |= {"by address": thief.get(API, params={"word": "x" * 64}).status_code}
            wrote = [
                thief.post("/api/projects", json={"name": "stolen"}).status_code,
                thief.post(f"{thread}/runs", json={"request": "Hello", "assets": []}).status_code,
                thief.post(f"{page.project}/assets?name=a.wav", content=tone()).status_code,
            ]
        assert {*read.values(), *wrote} == {401}, read


def test_the_cookie_of_one_port_opens_no_other_and_is_no_key(web: Web) -> None:
    port = int(web.note.address.rpartition(":")[2])
    keys = Keys(web.home)
    here, there = keys.pass_of(port), keys.pass_of(port + 1)
    others = {there.cookie: there.value, here.cookie: there.value}
    with _shows(web, others, here.word) as browser:
        refused = browser.get(API).status_code
    bearer = {"authorization": f"Bearer {here.value}"}
    as_key = httpx.get(f"{web.note.address}{API}", headers=bearer, trust_env=False)

    assert (refused, as_key.status_code) == (401, 401)


def _shows(web: Web, cookies: dict[str, str], word: str) -> httpx.Client:
    """Who shows what a browser was given, or parts of it."""
    headers, address = {WORD_HEADER: word}, web.note.address
    return httpx.Client(base_url=address, cookies=cookies, headers=headers, trust_env=False)


@pytest.mark.parametrize("name", ["studio.key", "server.json"])
def test_a_secret_that_others_may_have_written_is_not_trusted(tmp_path: Path, name: str) -> None:
    keys, place = Keys(tmp_path), tmp_path / name
    note = ServerNote(address="http://127.0.0.1:9", key=keys.key, pid=1)
    place.write_text(keys.key if name == "studio.key" else note.model_dump_json())
    read = Keys if name == "studio.key" else server_of

    place.chmod(0o600)
    read(tmp_path)
    for rights in (0o640, 0o604, 0o620, 0o602):
        place.chmod(rights)
        with pytest.raises(BadInput, match="other users may use it"):
            read(tmp_path)
    if os.geteuid() == 0:
        place.chmod(0o600)
        os.chown(place, 12345, 12345)
        with pytest.raises(BadInput, match="another user"):
            read(tmp_path)
    place.rename(tmp_path / "elsewhere")
    place.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BadInput, match="no regular file"):
        read(tmp_path)


def test_what_opens_the_browser_is_good_once(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    ticket = keys.ticket()

    assert [keys.redeem(ticket), keys.redeem(ticket)] == [True, False]
    assert [keys.redeem(keys.key), keys.redeem(keys.key), keys.redeem("")] == [True, True, False]
    assert stat.S_IMODE((tmp_path / "studio.key").stat().st_mode) == 0o600
    assert Keys(tmp_path).key == keys.key


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "http://localhost:3000"},
        {"origin": "null"},
        {"host": "evil.example"},
        {"host": "127.0.0.1.evil.example:80"},
        {"host": "evil.example/127.0.0.1"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_pages_of_others_get_nothing_though_the_browser_has_the_cookie(
    web: Web, headers: dict[str, str]
) -> None:
    port = web.note.address.rpartition(":")[2]
    name, value, word = Keys(web.home).pass_of(int(port))
    with _shows(web, {name: value}, word) as browser:
        asked = browser.get(API, headers=headers)
        written = browser.post("/api/projects", json={"name": "evil"}, headers=headers)
        own = browser.get(API, headers={"sec-fetch-site": "same-origin"})

    assert (asked.status_code, written.status_code, own.status_code) == (403, 403, 200)


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/assets/..%2f..%2f..%2fapp.py",
        "/assets//etc/passwd",
        "/files/..%2f..%2fetc%2fpasswd/x",
        "/files/AAAA/../../memory.sqlite",
        "/api/projects/..%2f..%2fetc/assets/passwd/peaks",
        "/api/projects/default/assets/..%2f..%2fmemory.sqlite/peaks",
        "/api/runs/..%2fx/events",
        "/page.py",
    ],
)
def test_no_path_of_a_request_is_ever_opened(web: Web, path: str) -> None:
    key = web.note.key
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n"
    answer = _raw(web, request + "Connection: close\r\n\r\n")

    assert answer.split()[1] in (b"400", b"404"), answer
    assert b"root:" not in answer and b"SQLite" not in answer and b"import" not in answer


def test_answers_carry_what_keeps_browsers_from_misreading_them(web: Web, page: Page) -> None:
    headers = page.http.get(API).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers


def test_the_server_listens_on_this_machine_alone(web: Web) -> None:
    import socket

    port = int(web.note.address.rpartition(":")[2])
    outside = _other_address()
    if outside is None:
        pytest.skip("this machine has no address but loopback")
    with pytest.raises(OSError):
        socket.create_connection((outside, port), timeout=2).close()


def _other_address() -> str | None:
    """An address of this machine that others could reach."""
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # nothing is sent: TEST-NET-1 of RFC 5737
        except OSError:
            return None
        address = str(probe.getsockname()[0])
    return None if address.startswith("127.") else address


def _raw(web: Web, request: str) -> bytes:
    """Send a request as it stands: clients tidy paths up."""
    import socket

    port = int(web.note.address.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=20) as wire:
        wire.sendall(request.encode())
        held = b""
        while part := wire.recv(65536):
            held += part
    return held


def test_a_refusal_has_the_form_of_all_errors(web: Web) -> None:
    with httpx.Client(base_url=web.note.address, trust_env=False) as browser:
        answers = [
            browser.get(API),
            browser.get(API, headers={"host": "evil.example"}),
            browser.get(API, headers={"origin": "http://evil.example"}),
        ]

    assert [one.status_code for one in answers] == [401, 403, 403]
    assert all(set(one.json()["error"]) == {"tried", "happened", "do"} for one in answers)
