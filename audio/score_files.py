"""MusicXML files that anybody may have made, plain or compressed (.mxl), read within bounds."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

from grym_synth.errors import MediaRejected

MOST_BYTES = 30_000_000
"""Larger documents are refused, packed ones by what they unpack to."""
ROOTS = ("score-partwise", "score-timewise")

_PACKED = b"PK\x03\x04"
_CONTAINER = "META-INF/container.xml"
_PACK_FAULTS = (zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError, OSError, EOFError)


def read_musicxml(path: Path, name: str) -> str:
    """The document of a MusicXML file in UTF-8, whatever it was packed or encoded in.

    Args:
        path: the file.
        name: what the user calls it, for errors.

    Raises:
        MediaRejected: it can't be read, is no MusicXML, is too large, or declares entities.
    """
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise unreadable(name, fault.strerror or str(fault)) from fault
    if content.startswith(_PACKED):
        content = _unpacked(content, name)
    return checked(content, name)


def checked(document: str | bytes, name: str) -> str:
    """A document that is MusicXML, without a document type.

    Args:
        document: as text, or as bytes in the encoding that it declares.
        name: what the user calls it, for errors.

    Raises:
        MediaRejected: it is none, or declares entities.
    """
    content = document.encode() if isinstance(document, str) else document
    if len(content) > MOST_BYTES:
        raise unreadable(name, f"it has more than {MOST_BYTES:,} bytes")
    try:
        _refuse_entities(content, name)
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, expat.ExpatError, ValueError, LookupError) as fault:
        raise unreadable(name, f"it is no XML ({fault})") from fault
    if root.tag not in ROOTS:
        raise unreadable(name, "it is no MusicXML")
    if root.find(".//note") is None:
        raise unreadable(name, "there is no music in it")
    return ElementTree.tostring(root, encoding="unicode")


def unreadable(name: str, why: str) -> MediaRejected:
    """The error for a score that can't be used."""
    return MediaRejected(f"reading {name}", why, "Give a MusicXML file (.musicxml or .mxl)")


def _refuse_entities(content: bytes, name: str) -> None:
    def refuse(*told: object) -> None:
        raise unreadable(name, "it declares entities")

    parser = expat.ParserCreate()
    handler: Callable[..., None] = refuse
    parser.EntityDeclHandler = handler
    parser.Parse(content, True)


def _unpacked(content: bytes, name: str) -> bytes:
    """The first score of a packed file, which its container names."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as pack:
            container = _part(pack, _CONTAINER, name)
            _refuse_entities(container, name)
            files = ElementTree.fromstring(container).iter()
            named = [one.get("full-path") for one in files if one.tag.endswith("rootfile")]
            if not named or not named[0]:
                raise unreadable(name, "its container names no score")
            return _part(pack, named[0], name)
    except (*_PACK_FAULTS, ElementTree.ParseError, expat.ExpatError) as fault:
        raise unreadable(name, f"it can't be unpacked ({fault})") from fault


def _part(pack: zipfile.ZipFile, part: str, name: str) -> bytes:
    """A file of a pack, which may not be larger than is allowed, whatever its header says."""
    with pack.open(part) as held:
        content = held.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise unreadable(name, f"it unpacks to more than {MOST_BYTES:,} bytes")
    return content
