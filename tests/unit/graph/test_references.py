from pathlib import Path

import pytest
from pydantic import JsonValue

from audio.assets import AssetRef, AssetStore
from graph.references import text_of, with_files
from grym_synth.addresses import sign
from grym_synth.settings import MediaLimits


@pytest.fixture
def assets(tmp_path: Path) -> AssetStore:
    return AssetStore(tmp_path / "assets", MediaLimits())


@pytest.fixture
def note(assets: AssetStore) -> AssetRef:
    return assets.add_bytes(b"bars 1 to 8", "text", "my notes.txt")


def blocks(message: JsonValue) -> list[JsonValue]:
    assert isinstance(message, dict)
    content = message["content"]
    assert isinstance(content, list)
    return content


def kinds(message: JsonValue) -> list[str]:
    return [str(one["type"]) for one in blocks(message) if isinstance(one, dict)]


@pytest.mark.parametrize(
    "form",
    [
        "Read http://127.0.0.1:2024/files/{}/my%20notes.txt, please",
        "Read /files/{}/my%20notes.txt, please",
        "Read [the notes](http://localhost:2024/files/{}/my%20notes.txt), please",
        "Read <http://[::1]:2024/files/{}/my%20notes.txt>, please",
        "Read ![](https://studio.local/files/{}/x.txt), please",
    ],
    ids=["address", "path", "link", "in brackets", "picture"],
)
def test_an_address_in_a_message_becomes_an_attachment(
    tmp_path: Path, assets: AssetStore, note: AssetRef, form: str
) -> None:
    said: JsonValue = {"role": "user", "content": form.format(sign(tmp_path, "album", note.id))}
    told = with_files(said, tmp_path, assets)
    assert text_of(told) == "Read my notes.txt, please"
    assert kinds(told) == ["text", "file"]


def test_several_files_in_several_blocks_are_all_attached(
    tmp_path: Path, assets: AssetStore, note: AssetRef
) -> None:
    address = f"/files/{sign(tmp_path, 'album', note.id)}/a.txt"
    text: JsonValue = {"type": "text", "text": f"Compare {address} and {address}"}
    picture: JsonValue = {"type": "image", "file_id": "ab" * 32}
    said: JsonValue = {"type": "human", "id": "1", "content": [text, picture, text]}
    told = with_files(said, tmp_path, assets)
    assert kinds(told) == ["text", "file", "file", "image", "text", "file", "file"]


def test_a_forged_address_is_told_and_opens_nothing(
    tmp_path: Path, assets: AssetStore, note: AssetRef
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    said = f"Read /files/{sign(other, 'album', note.id)}/a.txt"
    told = with_files(said, tmp_path, assets)
    assert "attachment not taken" in text_of(told)
    assert kinds(told) == ["text", "text"]


@pytest.mark.parametrize(
    "message",
    [
        "How loud is it?",
        {"role": "user", "content": "See https://example.org/files/list/a.wav"},
        {"role": "assistant", "content": "/files/" + "a" * 64 + "/x.wav"},
        {"role": "user", "content": [{"type": "text", "text": "no file"}, {"type": "image"}]},
        {"role": "user", "content": None},
        7,
    ],
    ids=["words", "elsewhere", "not the user", "blocks", "empty", "no message"],
)
def test_any_other_message_stays_as_it_is(
    tmp_path: Path, assets: AssetStore, message: JsonValue
) -> None:
    assert with_files(message, tmp_path, assets) is message
