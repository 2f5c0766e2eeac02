import io
import zipfile

from tests.integration.web.process import Page, Web, sha256, tone


def test_a_stretch_of_a_sound_comes_as_the_player_asks_for_it(page: Page) -> None:
    content = tone()
    sent = page.upload(content, "späte Probe.wav").json()
    whole = page.http.get(sent["url"])
    part = page.http.get(sent["url"], headers={"range": "bytes=100-199"})
    beyond = page.http.get(sent["url"], headers={"range": f"bytes={len(content)}-"})

    assert (sent["id"], sent["name"]) == (sha256(content), "späte Probe.wav")
    assert (whole.content, whole.headers["content-type"]) == (content, "audio/wav")
    assert whole.headers["content-disposition"].startswith("inline")
    assert (part.status_code, part.content) == (206, content[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(content)}"
    assert beyond.status_code == 416


def test_what_is_neither_sound_nor_picture_is_saved_and_never_shown(page: Page) -> None:
    text = b"<script>alert(1)</script>"
    sent = page.upload(text, "notes.html").json()
    got = page.http.get(sent["url"])

    assert (sent["kind"], got.content) == ("text", text)
    assert got.headers["content-type"].startswith("text/plain")
    assert got.headers["content-disposition"].startswith("attachment")
    assert got.headers["content-security-policy"].startswith("sandbox")


def test_an_address_opens_one_file_of_one_project(web: Web, page: Page) -> None:
    other = Page(page.http, f"{page.project.rpartition('/')[2]}-other")
    mine, theirs = page.upload(tone(200)).json(), other.upload(tone(300)).json()
    token = mine["url"].split("/")[2]
    forged = token[:-2] + ("AA" if token[-2:] != "AA" else "BB")
    asked = other.http.post(f"{other.thread}/runs", json={"request": "x", "assets": [mine["id"]]})

    assert page.http.get(f"/files/{forged}/a.wav").status_code == 404
    assert page.http.get(f"{page.project}/assets/{theirs['id']}/peaks").status_code == 404
    assert page.http.get(f"{other.project}/assets/{theirs['id']}/peaks").status_code == 200
    assert asked.status_code == 404


def test_uploads_have_limits_and_leave_nothing_behind(web: Web, page: Page) -> None:
    large = page.upload(b"\x89PNG" + bytes(1_100_000), "large.png")
    unsized = page.http.post(
        f"{page.project}/assets",
        params={"name": "large.png"},
        content=(bytes(100_000) for _ in range(11)),
    )
    broken = page.upload(b"RIFF nonsense", "take.wav")
    wrong = page.upload(tone(), "take.wav", kind="image")
    unknown = page.upload(tone(), "take.wav", kind="poem")

    statuses = [one.status_code for one in (large, unsized, broken, wrong, unknown)]
    assert statuses == [413, 413, 422, 422, 400]
    assert "1,000,000" in large.json()["error"]["happened"]
    assert list((web.home / "incoming").iterdir()) == []


def test_names_of_files_are_data_and_never_paths(page: Page) -> None:
    sent = page.upload(tone(), "../../../etc/cron.d/evil\x00\n.wav").json()

    assert sent["name"] == "evil.wav"
    assert page.http.get(sent["url"]).status_code == 200


def test_everything_that_was_made_comes_as_one_archive(page: Page) -> None:
    empty = page.http.get(f"{page.project}/archive")
    for hertz in (200, 300):
        sent = page.upload(tone(hertz)).json()
        page.to_the_end(page.ask("Normalise this to -20 LUFS", [sent["id"]]))
    packed = page.http.get(f"{page.project}/archive")
    files = zipfile.ZipFile(io.BytesIO(packed.content))
    messages = page.conversation()["messages"]
    assert isinstance(messages, list)
    made = {a["id"] for one in messages if isinstance(one, dict) for a in _made(one["artifacts"])}

    assert empty.status_code == 404
    assert files.testzip() is None
    assert {sha256(files.read(name)) for name in files.namelist()} == made
    assert {"take-normalised.wav", "take-normalised-2.wav"} <= set(files.namelist())


def _made(value: object) -> list[dict[str, str]]:
    assert isinstance(value, list)
    return value
