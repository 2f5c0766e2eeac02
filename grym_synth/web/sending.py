"""A stored file as a server sends it: whole or in ranges, and never as a page of that server."""

from pathlib import Path

from starlette.responses import FileResponse

from audio.assets import AssetRef
from audio.media import AssetKind
from grym_synth.web.uploads import plain_name

TYPES = {
    "wav": "audio/wav", "flac": "audio/flac", "ogg": "audio/ogg", "mp3": "audio/mpeg",
    "aiff": "audio/aiff", "png": "image/png", "jpg": "image/jpeg", "webp": "image/webp",
    "mid": "audio/midi", "musicxml": "application/vnd.recordare.musicxml+xml",
    "txt": "text/plain; charset=utf-8",
}  # fmt: skip
"""Media types by the suffix that the store gives a file after its content."""

_SHOWN: tuple[AssetKind, ...] = ("audio", "image")
"""Kinds that a browser may show; it saves all others."""


def sent(ref: AssetRef, path: Path) -> FileResponse:
    """The bytes of a file, whole or the range that is asked for.

    Args:
        ref: the file; its name is only told, its type comes from its content.
        path: where it lies.
    """
    return FileResponse(
        path,
        media_type=TYPES.get(ref.suffix, "application/octet-stream"),
        filename=plain_name(ref.name),
        content_disposition_type="inline" if ref.kind in _SHOWN else "attachment",
        headers={
            "cache-control": "private, max-age=3600",
            "content-security-policy": "sandbox; default-src 'none'",
        },
    )
