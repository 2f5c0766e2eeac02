"""Addresses of the home's own files in what a user writes: each becomes an attachment.

Chat pages that take no audio files can still name one: it is uploaded first, and its address stands
in the message, alone or as a Markdown link. In its place the file's name is read.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

from pydantic import JsonValue

from audio.assets import AssetRef, AssetStore
from grym_synth.addresses import opened
from grym_synth.errors import GrymError, UnknownName
from nodes.attachments import reference_block

Json = dict[str, JsonValue]

_URL = (
    r"<?(?:https?://[\w.:\[\]-]+)?/files/([A-Za-z0-9_-]{48,})/"
    r"[A-Za-z0-9%_.~-]*[A-Za-z0-9%_~-]>?"
)
_MENTION = re.compile(rf"!?\[[^\]\n]*\]\({_URL}\)|{_URL}")


def with_files(message: JsonValue, home: Path, assets: AssetStore) -> JsonValue:
    """A message of a user with the files that its words name; any other message as it is."""
    if isinstance(message, str):
        content = _read(message, home, assets)
        return message if content is None else {"role": "user", "content": content}
    if not isinstance(message, dict) or not is_users(message):
        return message
    content = _read(message.get("content"), home, assets)
    return message if content is None else {**message, "content": content}


def files_of(messages: Iterable[JsonValue]) -> Iterator[str]:
    """The ids of the stored files that messages refer to."""
    for message in messages:
        content = message.get("content") if isinstance(message, dict) else None
        for block in content if isinstance(content, list) else []:
            named = block.get("file_id") if isinstance(block, dict) else None
            if isinstance(named, str):
                yield named


def is_users(message: JsonValue) -> bool:
    """Whether the user said it: plain text, or a message in its name."""
    if isinstance(message, dict):
        return message.get("role", message.get("type")) in ("user", "human")
    return isinstance(message, str)


def text_of(message: JsonValue) -> str:
    """What a message says in words."""
    content = message.get("content") if isinstance(message, dict) else message
    blocks = content if isinstance(content, list) else [content]
    return "\n".join(filter(None, map(_words, blocks)))


def _read(content: JsonValue, home: Path, assets: AssetStore) -> list[JsonValue] | None:
    """The blocks of a message's content with the files that are named; None where none are."""
    blocks = content if isinstance(content, list) else [content]
    if not any(_MENTION.search(_words(one)) for one in blocks):
        return None
    return [part for one in blocks for part in _parts(one, home, assets)]


def _parts(block: JsonValue, home: Path, assets: AssetStore) -> Iterator[JsonValue]:
    """A block, with a reference after it for each file that its words name."""
    found: list[dict[str, object]] = []

    def name(mention: re.Match[str]) -> str:
        try:
            ref = _ref(mention[1] or mention[2], home, assets)
        except GrymError as fault:
            text = f"[attachment not taken: {fault}]"
            found.append({"type": "text", "text": text, "extras": {"rejected": str(fault)}})
            return "a file"
        found.append(reference_block(ref))
        return ref.name

    words = _words(block)
    text = _MENTION.sub(name, words)
    yield {"type": "text", "text": text} if found else block
    yield from (cast(JsonValue, one) for one in found)


def file_named(text: str, home: Path, assets: AssetStore) -> AssetRef:
    """The stored file of an address, or of an id.

    Raises:
        UnknownName: there is none.
    """
    mention = _MENTION.fullmatch(text.strip())
    return _ref(mention[1] or mention[2], home, assets) if mention else assets.ref(text.strip())


def _ref(token: str, home: Path, assets: AssetStore) -> AssetRef:
    named = opened(home, token)
    if named is None:
        raise UnknownName(
            "reading the address of a file", "it is none of this home", "Upload the file again"
        )
    return assets.ref(named[1])


def _words(block: JsonValue) -> str:
    if isinstance(block, dict):
        block = block.get("text") if block.get("type") == "text" else ""
    return block if isinstance(block, str) else ""
