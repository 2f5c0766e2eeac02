import base64
from pathlib import Path

import pytest
from langchain_core.messages import HumanMessage

from grym_synth.errors import BadInput
from models.base import Message
from models.langchain_chat import messages_of

PNG = b"\x89PNG picture"
CODED = base64.b64encode(PNG).decode()


@pytest.mark.parametrize(
    "block",
    [
        {"type": "image", "base64": CODED, "mime_type": "image/png"},
        {"type": "image", "source_type": "base64", "data": CODED, "mime_type": "image/png"},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{CODED}"}},
        {
            "type": "image",
            "source": {"type": "base64", "media_type": "image/png", "data": CODED},
        },
    ],
)
def test_the_bytes_of_a_picture_arrive_in_every_form(block: dict[str, str]) -> None:
    asked = HumanMessage([{"type": "text", "text": "What is this?"}, block])

    assert messages_of([asked]) == [Message("user", "What is this?", (PNG,))]


def test_a_picture_may_be_a_file_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "a b.png").write_bytes(PNG)
    named = [
        {"type": "image", "file_id": "a b.png"},
        {"type": "image", "url": (tmp_path / "a b.png").as_uri()},
    ]

    told = messages_of([HumanMessage([block]) for block in named], tmp_path)

    assert [one.pictures for one in told] == [(PNG,), (PNG,)]


@pytest.mark.parametrize(
    ("block", "why"),
    [
        ({"type": "image", "url": "http://127.0.0.1/a.png"}, "nothing is fetched"),
        ({"type": "image", "url": "https://example.org/a.png"}, "nothing is fetched"),
        ({"type": "image_url", "image_url": {"url": "http://127.0.0.1/"}}, "nothing is fetched"),
        ({"type": "image_url", "image_url": "http://127.0.0.1/"}, "image_url"),
        ({"type": "image", "url": "file:///etc/hostname"}, "outside"),
        ({"type": "image", "url": "file://host/etc/hostname"}, "another machine"),
        ({"type": "image", "file_id": "../secret.png"}, "outside"),
        ({"type": "image", "file_id": "/etc/hostname"}, "outside"),
        ({"type": "image", "file_id": "link.png"}, "outside"),
        ({"type": "image", "file_id": "none.png"}, "no such file"),
        ({"type": "image", "file_id": "a\0b"}, "no such file"),
        ({"type": "image", "file_id": "."}, "no such file"),
        ({"type": "image", "base64": "no base64!", "mime_type": "image/png"}, "base64"),
        ({"type": "image", "path": "/etc/hostname"}, "neither"),
        ({"type": "audio", "base64": CODED, "mime_type": "audio/wav"}, "audio"),
        ({"type": "file", "base64": CODED, "mime_type": "application/pdf"}, "file"),
    ],
)  # fmt: skip
def test_nothing_else_is_read_or_fetched(block: dict[str, str], why: str, tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(PNG)
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "link.png").symlink_to(tmp_path / "secret.png")

    with pytest.raises(BadInput, match=why):
        messages_of([HumanMessage([block])], folder)


def test_a_file_cannot_be_named_where_there_is_no_folder() -> None:
    with pytest.raises(BadInput, match="can't be named"):
        messages_of([HumanMessage([{"type": "image", "file_id": "a.png"}])])
