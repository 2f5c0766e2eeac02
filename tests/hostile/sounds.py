"""Sound files that lie, break off, or are something else."""

import io
import struct
import zipfile
from collections.abc import Callable

import numpy as np
import soundfile
from numpy.typing import ArrayLike

RATE = 22_050
Make = Callable[[], bytes]


def sound(samples: ArrayLike, form: str = "WAV", rate: int = RATE, subtype: str = "") -> bytes:
    """Samples as a file.

    Args:
        samples: (frames,) or (frames, channels).
        form: libsndfile's name of the format.
        rate: in hertz.
        subtype: libsndfile's name of the encoding; by default that of the format.
    """
    held = io.BytesIO()
    soundfile.write(held, np.asarray(samples), rate, format=form, subtype=subtype or None)
    return held.getvalue()


def tone(seconds: float = 0.4) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """A sine of 220 Hz."""
    return np.asarray(0.2 * np.sin(2 * np.pi * 220 / RATE * np.arange(int(seconds * RATE))))


def wav(
    channels: int = 1, rate: int = RATE, bits: int = 16, form: int = 1, said: int | None = None,
    content: bytes = b"\x11\x05" * 4000, before: bytes = b"",
) -> bytes:  # fmt: skip
    """A WAV file whose header says what it is told to.

    Args:
        channels: as the header says, as are the next ones.
        rate: in hertz.
        bits: of a sample.
        form: number of the encoding.
        said: bytes of sound; by default as many as there are.
        content: the sound.
        before: chunks before it.
    """
    frame = channels * bits // 8 & 0xFFFF
    head = struct.pack("<HHIIHH", form, channels, rate, rate * frame & 0xFFFFFFFF, frame, bits)
    length = len(content) if said is None else said
    body = b"WAVEfmt " + struct.pack("<I", len(head)) + head + before
    body += b"data" + struct.pack("<I", length) + content
    return b"RIFF" + struct.pack("<I", len(body)) + body


def chunk(name: bytes, content: bytes) -> bytes:
    """A chunk of a RIFF file."""
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def _comment(length: int) -> bytes:
    return chunk(b"ICMT", b"x" * length)


def _flac_with(block: int, content: bytes) -> bytes:
    """A FLAC file with one more block of metadata behind its first."""
    plain = sound(tone(), "FLAC")
    first = bytes([plain[4] & 0x7F]) + plain[5:42]
    head = bytes([block]) + len(content).to_bytes(3, "big")
    return b"fLaC" + first + head + content + plain[42:]


def _flac_of_garbage() -> bytes:
    plain = sound(tone(), "FLAC")
    return plain[:120] + bytes(len(plain) - 120)


def _flac_saying(channels: int) -> bytes:
    content = bytearray(sound(tone(), "FLAC"))
    content[20] = content[20] & 0xF1 | (channels - 1) << 1
    return bytes(content)


def hours_of_silence() -> bytes:
    """Over four hours: 3 MB that would be 0.5 GB."""
    held = io.BytesIO()
    with soundfile.SoundFile(held, "w", 8000, 1, format="FLAC") as file:
        minute = np.zeros(8000 * 60, np.int16)
        for _ in range(4 * 60 + 1):
            file.write(minute)
    return held.getvalue()


def _archive() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        file.writestr("../../taken.wav", sound(tone()))
    return held.getvalue()


def _id3(length: int, said: int | None = None) -> bytes:
    size = length if said is None else said
    parts = bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + parts + bytes(length) + sound(tone(), "MP3")


def _aiff_saying(frames: int) -> bytes:
    content = bytearray(sound(tone(), "AIFF"))
    at = content.index(b"COMM") + 10
    content[at : at + 4] = struct.pack(">I", frames)
    return bytes(content)


BROKEN: dict[str, Make] = {
    "empty.wav": lambda: b"",
    "one byte.wav": lambda: b"R",
    "head only.wav": lambda: b"RIFF\x24\0\0\0WAVEfmt ",
    "no sound.wav": lambda: wav()[:36],
    "no samples.wav": lambda: wav(content=b""),
    "no channel.wav": lambda: wav(channels=0),
    "too many channels.wav": lambda: wav(channels=64),
    "most channels.wav": lambda: wav(channels=65535),
    "no rate.wav": lambda: wav(rate=0),
    "a million hertz.wav": lambda: wav(rate=1_000_000),
    "fastest.wav": lambda: wav(rate=0xFFFFFFFF),
    "slowest.wav": lambda: wav(rate=1),
    "no bits.wav": lambda: wav(bits=0),
    "unknown encoding.wav": lambda: wav(form=0x4242),
    "garbage.flac": _flac_of_garbage,
    "no stream.flac": lambda: b"fLaC",
    "no pages.ogg": lambda: b"OggS" + bytes(200),
    "cut.ogg": lambda: sound(tone(), "OGG")[:60],
    "no frames.mp3": lambda: b"ID3\x03\0\0\0\0\0\x0a" + bytes(10),
    "a letter.mp3": lambda: b"This is a letter, not a song. " * 40,
    "a page.wav": lambda: b"<html><script>alert(1)</script></html>",
    "an archive.wav": _archive,
    "a program.wav": lambda: b"\x7fELF" + bytes(400),
    "zeros.aiff": lambda: bytes(5000),
    "noise.wav": lambda: np.random.default_rng(3).bytes(5000),
}
"""None of these is a sound that is taken, by file name."""

ODD: dict[str, Make] = {
    "one sample.wav": lambda: sound([0.5]),
    "two samples.flac": lambda: sound([0.5, -0.5], "FLAC"),
    "no numbers.wav": lambda: sound(np.full(9000, np.nan), subtype="FLOAT"),
    "endless.wav": lambda: sound(np.full(9000, np.inf), subtype="FLOAT"),
    "huge numbers.wav": lambda: sound(np.full(9000, 1e30), subtype="FLOAT"),
    "tiny numbers.wav": lambda: sound(np.full(9000, 1e-310), subtype="DOUBLE"),
    "silence.wav": lambda: sound(np.zeros(9000)),
    "eight channels.wav": lambda: sound(np.tile(tone()[:, None], 8)),
    "said longer.wav": lambda: wav(said=0xFFFFFFFF),
    "said shorter.wav": lambda: wav(said=200),
    "cut.wav": lambda: sound(tone())[:3001],
    "cut.flac": lambda: sound(tone(2.0), "FLAC")[:-900],
    "cut.mp3": lambda: sound(tone(2.0), "MP3")[:-900],
    "said endless.aiff": lambda: _aiff_saying(0xFFFFFFFF),
    "said more channels.flac": lambda: _flac_saying(8),
    "large tags.wav": lambda: wav(before=chunk(b"LIST", b"INFO" + _comment(5_000_000))),
    "many chunks.wav": lambda: wav(before=chunk(b"junk", b"") * 20_000),
    "large tags.flac": lambda: _flac_with(1, bytes(8_000_000)),
    "a lying comment.flac": lambda: _flac_with(4, b"\xff\xff\xff\x7f" * 8),
    "a lying picture.flac": lambda: _flac_with(6, b"\xff\xff\xff\xff" * 8),
    "large tags.mp3": lambda: _id3(3_000_000),
    "lying tags.mp3": lambda: _id3(100, 0x0FFFFFFF),
    "and a page.wav": lambda: sound(tone()) + b"<html><script>alert(1)</script></html>",
    "and an archive.wav": lambda: sound(tone()) + _archive(),
    "a flac.wav": lambda: sound(tone(), "FLAC"),
}  # fmt: skip
"""These are taken or refused; nothing else may come of them."""
