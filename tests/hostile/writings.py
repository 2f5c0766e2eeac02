"""Scores, MIDI files, texts and sessions that lie, break off, blow up, or are something else."""

import io
import zipfile

from tests.hostile.sounds import Make

_SCORE = '<?xml version="1.0"?><score-partwise version="4.0"><part-list/>{}</score-partwise>'


def midi(*tracks: bytes, form: int = 1, division: int = 480) -> bytes:
    """A MIDI file of raw tracks."""
    head = b"MThd\0\0\0\x06" + b"".join(
        one.to_bytes(2, "big") for one in (form, len(tracks), division)
    )
    return head + b"".join(b"MTrk" + len(one).to_bytes(4, "big") + one for one in tracks)


def _swelling_entities() -> bytes:
    lines = [f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10)]
    declared = '<!ENTITY e0 "swell">' + "".join(lines)
    return f"<?xml version='1.0'?><!DOCTYPE x [{declared}]><x>&e9;</x>".encode()


def _zipped(name: str, content: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, content)
    return held.getvalue()


def _deep(depth: int) -> str:
    return "<part>" * depth + "</part>" * depth


_TEMPO_0 = b"\x00\xff\x51\x03\0\0\0\x00\x90\x3c\x40\x60\x80\x3c\x40\x00\xff\x2f\x00"

BROKEN: dict[str, Make] = {
    "empty.mid": lambda: b"",
    "head only.mid": lambda: b"MThd\0\0",
    "no number ends.mid": lambda: midi(b"\xff" * 9000),
    "cut.mid": lambda: midi(b"\x00\x90\x3c\x40")[:-2],
    "a letter.mid": lambda: b"This is a letter. " * 20,
    "empty.txt": lambda: b"",
    "binary.txt": lambda: b"\0\x01\x02" * 100,
    "too long.txt": lambda: b"word " * 1_100_000,
}
"""None of these is taken, by file name."""

ODD: dict[str, Make] = {
    "no tracks.mid": midi,
    "no division.mid": lambda: midi(_TEMPO_0, division=0),
    "no tempo.mid": lambda: midi(_TEMPO_0),
    "film.mid": lambda: midi(_TEMPO_0, division=0x8000),
    "later still.mid": lambda: midi(b"\xff\xff\xff\x7f\x90\x3c\x40" * 40 + b"\x00\xff\x2f\x00"),
    "swelling.musicxml": _swelling_entities,
    "outside.musicxml": lambda: (
        b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><score-partwise>&f;'
        b"</score-partwise>"
    ),
    "deep.musicxml": lambda: _SCORE.format(_deep(200_000)).encode(),
    "cut.musicxml": lambda: _SCORE.format(_deep(9)).encode()[:90],
    "no score.musicxml": lambda: b"<html/>",
    "unknown letters.musicxml": lambda: b'<?xml version="1.0" encoding="klingon"?><x/>',
    "zipped above.mxl": lambda: _zipped("../../taken.musicxml", b"<x/>"),
    "swelling.mxl": lambda: _zipped("score.xml", bytes(60_000_000)),
    "latin.txt": lambda: "Größe \x80".encode("latin-1"),
    "turned.txt": lambda: "\u202eevil\u2066".encode(),
    "a long line.txt": lambda: b"a" * 400_000,
    "deep.json": lambda: b"[" * 100_000,
}
"""These are taken or refused; nothing else may come of them."""
