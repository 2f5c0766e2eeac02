"""Reading MIDI files that may be damaged or hostile, and how long they play."""

import re
import struct
from io import BytesIO
from pathlib import Path

import mido

MOST_BYTES = 1_000_000
"""Larger files than this are refused: their events take the parser a minute and more."""
_ENDLESS_NUMBER = re.compile(rb"[\x80-\xff]{4096}")
"""A number goes on while its bytes are at least 128, four of them by the standard; the parser
takes any count, in a time that grows with its square. Text may hold such bytes too, but fewer."""
_FAULTS = (
    OSError, EOFError, ValueError, TypeError, AttributeError, LookupError, ArithmeticError,
    struct.error, mido.KeySignatureError,
)  # fmt: skip
"""What mido raises where a file is not what it should be."""


def midi_seconds(path: Path) -> float | None:
    """How long a MIDI file plays; None where its tracks have no common time (type 2).

    Raises:
        ValueError: it can't be read; the text says why.
    """
    try:
        file = parse_midi(path.read_bytes())
        if file.type == 2:
            return None
        return _film_seconds(file) if file.ticks_per_beat < 0 else float(file.length)
    except _FAULTS as fault:
        raise ValueError(_told(fault)) from fault


def parse_midi(content: bytes) -> mido.MidiFile:
    """The tracks and events of a MIDI file; text in it has one character for each byte.

    Raises:
        ValueError: it can't be read; the text says why.
    """
    if len(content) > MOST_BYTES:
        raise ValueError(f"it has {len(content):,} bytes, {MOST_BYTES:,} are allowed")
    if _ENDLESS_NUMBER.search(content):
        raise ValueError("a number in it does not end")
    try:
        file = mido.MidiFile(file=BytesIO(content), charset="latin1")
    except _FAULTS as fault:
        raise ValueError(_told(fault)) from fault
    if file.type not in (0, 1, 2):
        raise ValueError(f"there is no type {file.type}")
    return file


def _film_seconds(file: mido.MidiFile) -> float:
    """The length where a tick is a part of a film frame, whatever the tempo: by the MIDI standard.

    The two bytes of the division are then the frames a second, negated, and the ticks a frame.
    """
    frames, ticks = struct.unpack("bB", struct.pack(">h", file.ticks_per_beat))
    rate = 30_000 / 1001 if frames == -29 else float(-frames)
    longest = max((sum(message.time for message in track) for track in file.tracks), default=0)
    return float(longest / (rate * ticks))


def _told(fault: BaseException) -> str:
    """What is wrong, in words."""
    if isinstance(fault, EOFError):
        return "it breaks off"
    if isinstance(fault, OSError) and fault.strerror:
        return fault.strerror
    if isinstance(fault, OSError | ValueError | mido.KeySignatureError):
        return str(fault)
    return "an event in it is damaged"
