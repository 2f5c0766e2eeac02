"""Kinds of files, and the formats that are taken."""

from pathlib import Path
from typing import Literal

AssetKind = Literal["audio", "image", "midi", "score", "text", "archive"]

AUDIO_FORMATS = {
    "WAV": "wav", "WAVEX": "wav", "RF64": "wav", "FLAC": "flac", "OGG": "ogg", "MPEG": "mp3",
    "MP3": "mp3", "AIFF": "aiff",
}  # fmt: skip
"""libsndfile's major formats that are taken, with the suffix that the store gives them."""

IMAGE_FORMATS = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}
"""Pillow's formats that are taken, with the suffix that the store gives them."""

ARCHIVES = ("dawproject", "whl", "gz")
"""Archives that the studio itself makes, by the suffix that the store gives them."""

_SUFFIXES: dict[str, AssetKind] = {
    **dict.fromkeys((".wav", ".flac", ".ogg", ".oga", ".mp3", ".aif", ".aiff"), "audio"),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".webp"), "image"),
    **dict.fromkeys((".mid", ".midi"), "midi"),
    **dict.fromkeys((".musicxml", ".mxl", ".xml"), "score"),
}


def kind_of(path: Path) -> AssetKind:
    """What a file is by its suffix: text when the suffix says nothing."""
    return _SUFFIXES.get(path.suffix.lower(), "text")
