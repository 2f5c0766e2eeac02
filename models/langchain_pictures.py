"""Pictures in LangChain's messages: bytes in them, or files of one folder; never an address."""

import base64
import binascii
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from grym_synth.errors import BadInput

_TRIED = "handing a picture to a model"


def picture_of(block: Mapping[str, object], folder: Path | None) -> bytes:
    """The bytes of a standard image block.

    Args:
        block: with ``base64``; or, naming a file of the folder, with ``file_id`` (its path within)
            or ``url`` (``file://`` and its whole path).
        folder: where pictures may be named; None: nowhere.

    Raises:
        BadInput: it has neither, names a file elsewhere, or names an address.
    """
    match block:
        case {"base64": str(coded)}:
            try:
                return base64.b64decode(coded, validate=True)
            except binascii.Error as fault:
                raise _refused(f"its base64 is broken ({fault})") from fault
        case {"file_id": str(name)}:
            return _read(Path(name), folder)
        case {"url": str(url)} if url.startswith("file:"):
            parts = urlsplit(url)
            if parts.netloc not in ("", "localhost"):
                raise _refused("it is on another machine")
            return _read(Path(unquote(parts.path)), folder)
        case {"url": _}:
            raise _refused("it is at an address, and nothing is fetched")
    raise _refused("it has neither bytes nor the name of a file")


def _read(path: Path, folder: Path | None) -> bytes:
    """A file of the folder; links out of it are outside."""
    if folder is None:
        raise _refused("pictures can't be named here")
    home = folder.resolve()
    try:
        file = (home / path).resolve()
        if not file.is_relative_to(home):
            raise _refused("it is outside the folder of pictures")
        return file.read_bytes()
    except (OSError, ValueError) as fault:
        raise _refused("there is no such file in the folder of pictures") from fault


def _refused(happened: str) -> BadInput:
    return BadInput(_TRIED, happened, "Send its bytes, or name a file of the folder")
