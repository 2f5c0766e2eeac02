"""Take attachments out of chat messages, so that state and checkpoints hold references only.

Three forms are read: LangChain's standard blocks (``base64``/``mime_type``, or ``file_id`` for an
asset that is stored already), the form of agent-chat-ui (``data``/``mimeType``), and OpenAI's
(``image_url`` with a data URL, ``input_audio``). A web address is never fetched.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass

from langchain_core.messages import AnyMessage, HumanMessage

from audio.assets import AssetKind, AssetRef, AssetStore
from grym_synth.errors import BadInput, GrymError

_KINDS: Mapping[str, AssetKind] = {"audio": "audio", "image": "image", "file": "text"}
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


def take_out(messages: list[HumanMessage], store: AssetStore) -> Taken:
    """Store every attachment and return the messages with references in their place."""
    texts: list[str] = []
    assets: list[AssetRef] = []
    rejected: list[str] = []
    cleaned: list[AnyMessage] = []
    for message in messages:
        content = message.content
        blocks = [content] if isinstance(content, str) else content
        kept: list[str | dict[str, object]] = []
        for block in blocks:
            if isinstance(block, str) or block.get("type") == "text":
                text = block if isinstance(block, str) else str(block.get("text", ""))
                texts.append(text)
                kept.append({"type": "text", "text": text})
                continue
            try:
                ref = _store_block(block, store)
            except GrymError as fault:
                rejected.append(str(fault))
                kept.append({"type": "text", "text": f"[attachment not taken: {fault}]"})
            else:
                assets.append(ref)
                kept.append(reference_block(ref))
        if not isinstance(content, str):
            message = message.model_copy(update={"content": kept})
        cleaned.append(message)
    return Taken("\n".join(texts).strip(), tuple(assets), tuple(rejected), cleaned)


def reference_block(ref: AssetRef) -> dict[str, object]:
    """The standard content block that refers to a stored asset."""
    kind = ref.kind if ref.kind in ("audio", "image") else "file"
    return {"type": kind, "file_id": ref.id, "extras": {"name": ref.name}}


def _store_block(block: Mapping[str, object], store: AssetStore) -> AssetRef:
    name = _name(block)
    if isinstance(file_id := block.get("file_id"), str):
        return store.ref(file_id).model_copy(update={"name": name} if name else {})
    kind = _KINDS.get(str(block.get("type")), "text")
    encoded, mime = block.get("base64") or block.get("data"), _mime(block)
    if isinstance(nested := block.get("image_url"), Mapping | str):
        kind, url = "image", nested if isinstance(nested, str) else nested.get("url")
        head, _, encoded = str(url).partition(",")
        if not head.startswith("data:"):
            encoded = None
    if isinstance(nested := block.get("input_audio"), Mapping):
        kind, encoded = "audio", nested.get("data")
    if not isinstance(encoded, str):
        raise BadInput(
            f"reading the attachment {name or block.get('type')}",
            "it has no content, only a reference to somewhere else",
            "Attach the file itself: grym-synth never fetches a web address",
        )
    try:
        content = base64.b64decode(encoded, validate=True)
    except binascii.Error as fault:
        raise BadInput(
            f"reading the attachment {name or kind}", "its base64 is broken", "Attach it again"
        ) from fault
    if mime in _MIDI:
        kind = "midi"
    return store.add_bytes(content, kind, name or f"attachment.{mime.rpartition('/')[2] or kind}")


def _mime(block: Mapping[str, object]) -> str:
    return str(block.get("mime_type") or block.get("mimeType") or "")


def _name(block: Mapping[str, object]) -> str:
    for holder in ("extras", "metadata"):
        if isinstance(told := block.get(holder), Mapping):
            found = told.get("name") or told.get("filename")
            if isinstance(found, str):
                return found[:200]
    return ""
