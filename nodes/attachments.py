"""Take attachments out of chat messages, so that state and checkpoints hold references only.

Read are LangChain's standard blocks (``base64``/``mime_type``, or ``file_id`` for an asset that is
stored already), the form of agent-chat-ui (``data``/``mimeType``), OpenAI's (``image_url`` with a
data URL, ``input_audio``, ``file``) and Anthropic's (``source``). A web address is never fetched.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, cast

from langchain_core.messages import (
    AnyMessage,
    HumanMessage,
    MessageLikeRepresentation,
    convert_to_messages,
)
from pydantic import JsonValue

from audio.assets import AssetRef, AssetStore
from audio.media import AssetKind, kind_of
from grym_synth.errors import BadInput, GrymError

Block = Mapping[str, object]

_KINDS: Mapping[str, AssetKind] = {
    "audio": "audio",
    "input_audio": "audio",
    "image": "image",
    "image_url": "image",
}
_TYPES = {*_KINDS, "file"}
_NESTED = ("image_url", "input_audio", "file", "source")
_ENCODED = ("base64", "data", "file_data")
_MIDI = {"audio/midi", "audio/x-midi", "audio/mid"}


@dataclass(frozen=True)
class Taken:
    """What was in the messages."""

    request: str
    """The text of all blocks."""
    assets: tuple[AssetRef, ...]
    rejected: tuple[str, ...]
    """Why an attachment could not be taken, in words."""
    messages: list[AnyMessage]
    """The messages again, under their ids, with references in place of content."""


class _Content(NamedTuple):
    """An attachment's content as it came."""

    encoded: str
    """Base64."""
    mime: str


def take_out(messages: list[HumanMessage], store: AssetStore) -> Taken:
    """Store every attachment and return the messages with references in their place."""
    texts: list[str] = []
    assets: list[AssetRef] = []
    rejected: list[str] = []
    cleaned: list[AnyMessage] = []
    for message in messages:
        content = message.content
        kept = []
        for block in [content] if isinstance(content, str) else content:
            taken = _take(
                {"type": "text", "text": block} if isinstance(block, str) else block, store
            )
            if isinstance(taken, AssetRef):
                assets.append(taken)
                kept.append(reference_block(taken))
                continue
            kept.append(dict(taken))
            if why := _extras(taken).get("rejected"):
                rejected.append(str(why))
            else:
                texts.append(str(taken.get("text", "")))
        if not isinstance(content, str):
            message = message.model_copy(update={"content": kept})
        cleaned.append(message)
    return Taken("\n".join(texts).strip(), tuple(assets), tuple(rejected), cleaned)


def put_away(value: JsonValue, store: AssetStore) -> JsonValue:
    """The same JSON with the content of every attachment in the store, and references to it.

    What can't be stored becomes a text that says why, which ``take_out`` then reports.
    """
    if isinstance(value, list):
        return [put_away(one, store) for one in value]
    if not isinstance(value, dict):
        return value
    if _content(value) is None:
        return {key: put_away(one, store) for key, one in value.items()}
    taken = _take(value, store)
    block = reference_block(taken) if isinstance(taken, AssetRef) else dict(taken)
    return cast(JsonValue, block)


def stored(messages: Sequence[MessageLikeRepresentation], store: AssetStore) -> list[AnyMessage]:
    """Messages as ``put_away`` leaves them, for programs that hand them to the graph."""
    whole = cast(list[AnyMessage], convert_to_messages(messages))
    return [
        one.model_copy(update={"content": put_away(cast(JsonValue, one.content), store)})
        for one in whole
    ]


def reference_block(ref: AssetRef) -> dict[str, object]:
    """The standard content block that refers to a stored asset."""
    kind = ref.kind if ref.kind in ("audio", "image") else "file"
    return {"type": kind, "file_id": ref.id, "extras": {"name": ref.name}}


def _take(block: Block, store: AssetStore) -> AssetRef | Block:
    """The stored attachment; or the text, which may say why an attachment was not taken."""
    if block.get("type") == "text":
        return block
    try:
        return _store_block(block, store)
    except GrymError as fault:
        text = f"[attachment not taken: {fault}]"
        return {"type": "text", "text": text, "extras": {"rejected": str(fault)}}


def _store_block(block: Block, store: AssetStore) -> AssetRef:
    name = _name(block)
    if isinstance(file_id := block.get("file_id"), str):
        return store.ref(file_id).model_copy(update={"name": name} if name else {})
    content = _content(block)
    if content is None:
        raise BadInput(
            f"reading the attachment {name or block.get('type') or 'without a type'}",
            "it has no content, only a reference to somewhere else",
            "Attach the file itself: grym-synth never fetches a web address",
        )
    kind = _kind(block, content.mime, name)
    try:
        decoded = base64.b64decode("".join(content.encoded.split()), validate=True)
    except (binascii.Error, ValueError) as fault:
        raise BadInput(
            f"reading the attachment {name or kind}", "its base64 is broken", "Attach it again"
        ) from fault
    ending = content.mime.rpartition("/")[2] or kind
    return store.add_bytes(decoded, kind, name or f"attachment.{ending}")


def _kind(block: Block, mime: str, name: str) -> AssetKind:
    """What the media type says, else the block's type, else the suffix of the name."""
    if mime in _MIDI:
        return "midi"
    by_type = _KINDS.get(mime.partition("/")[0]) or _KINDS.get(str(block.get("type")))
    return by_type or kind_of(Path(name))


def _content(block: Block) -> _Content | None:
    """The content that an attachment's block brings; None when it brings none."""
    if block.get("type") not in _TYPES:
        return None
    for holder in _holders(block):
        for key in (*_ENCODED, "url", "image_url"):
            text = holder.get(key)
            if isinstance(text, str) and (text.startswith("data:") or key in _ENCODED):
                head, _, encoded = text.rpartition(",")
                told = (holder.get(key) for key in ("mime_type", "mimeType", "media_type"))
                mime = next((one for one in told if isinstance(one, str)), "")
                return _Content(encoded, mime or head.removeprefix("data:").partition(";")[0])
    return None


def _holders(block: Block) -> Iterator[Block]:
    """The block, and what is nested in it."""
    yield block
    for key in _NESTED:
        if isinstance(nested := block.get(key), Mapping):
            yield nested


def _extras(block: Block) -> Block:
    return extras if isinstance(extras := block.get("extras"), Mapping) else {}


def _name(block: Block) -> str:
    metadata = block.get("metadata")
    for holder in (_extras(block), metadata, *_holders(block)):
        if isinstance(holder, Mapping):
            found = holder.get("name") or holder.get("filename")
            if isinstance(found, str):
                return found[:200]
    return ""
