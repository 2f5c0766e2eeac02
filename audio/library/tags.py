"""What a file says of itself: title, artist, genre … Data to search in, never to believe."""

from pathlib import Path

import soundfile

_FIELDS = ("title", "artist", "album", "genre", "comment", "date", "tracknumber")
_LONGEST = 200


def read_tags(path: Path) -> dict[str, str]:
    """The embedded tags of a sound file; empty where it has none, or they can't be read."""
    try:
        with soundfile.SoundFile(str(path)) as file:
            held = file.copy_metadata()
    except (soundfile.SoundFileError, UnicodeDecodeError):
        return {}
    told = {name: _printable(str(held[name])) for name in _FIELDS if name in held}
    return {name: text for name, text in told.items() if text}


def _printable(text: str) -> str:
    """One line without control characters, at most 200 characters long."""
    line = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    return line.encode(errors="replace").decode()[:_LONGEST]
