"""A SoundFont with one instrument, made for the tests."""

import struct

import numpy as np

_RATE = 48_000


def square_soundfont(hertz: float = 480.0) -> bytes:
    """An ``.sf2`` file whose program 0 is a looped square wave, tuned to its own root key."""
    period = round(_RATE / hertz)
    cycle = np.where(np.arange(period) < period // 2, 12_000, -12_000).astype("<i2")
    wave = np.concatenate((np.tile(cycle, 40), np.zeros(46, "<i2")))
    end = 40 * period
    root = 69 + 12 * np.log2(_RATE / period / 440)
    key, cents = int(np.floor(root)), round(100 * (root % 1))
    generators = ((54, 1), (53, 0))  # loop while the key is held; sample 0
    return _chunk(
        b"RIFF",
        b"sfbk"
        + _list(b"INFO", _chunk(b"ifil", struct.pack("<HH", 2, 1)), _chunk(b"INAM", b"Test\0\0"))
        + _list(b"sdta", _chunk(b"smpl", wave.tobytes()))
        + _list(
            b"pdta",
            _chunk(b"phdr", _preset(b"Square", 0) + _preset(b"EOP", 1)),
            _chunk(b"pbag", struct.pack("<HHHH", 0, 0, 1, 0)),
            _chunk(b"pmod", bytes(10)),
            _chunk(b"pgen", struct.pack("<HHHH", 41, 0, 0, 0)),
            _chunk(b"inst", _named(b"Square", 0) + _named(b"EOI", 1)),
            _chunk(b"ibag", struct.pack("<HHHH", 0, 0, len(generators), 0)),
            _chunk(b"imod", bytes(10)),
            _chunk(b"igen", b"".join(struct.pack("<HH", *one) for one in (*generators, (0, 0)))),
            _chunk(
                b"shdr",
                b"Square".ljust(20, b"\0")
                + struct.pack("<IIIIIBbHH", 0, end, period, end - period, _RATE, key, -cents, 0, 1)
                + b"EOS".ljust(20, b"\0")
                + bytes(26),
            ),
        ),
    )


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def _list(name: bytes, *chunks: bytes) -> bytes:
    return _chunk(b"LIST", name + b"".join(chunks))


def _named(name: bytes, bag: int) -> bytes:
    return name.ljust(20, b"\0") + struct.pack("<H", bag)


def _preset(name: bytes, bag: int) -> bytes:
    return name.ljust(20, b"\0") + struct.pack("<HHHIII", 0, 0, bag, 0, 0, 0)
