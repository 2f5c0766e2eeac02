"""Frozen words and their bytes, kept while one checkpoint after the other holds the same ones.

A checkpoint holds the whole state, and a step changes little of it: a turn of three tasks encodes
half a megabyte, nine tenths of it again and again.
"""

import threading
from collections.abc import Callable
from typing import NamedTuple

import ormsgpack

MOST_BYTES = 3_000_000
"""Of the encoded words that are kept; those that were used last stay."""


class _Known(NamedTuple):
    word: object
    ext: ormsgpack.Ext


class KnownWords:
    """Words of some kinds in both forms; usable from several threads."""

    def __init__(self, kinds: tuple[type, ...], most_bytes: int = MOST_BYTES) -> None:
        """Know none yet.

        Args:
            kinds: frozen classes; what is of another class is never kept.
            most_bytes: of the encoded words that are kept.
        """
        self._kinds, self._most = frozenset(kinds), most_bytes
        self._lock = threading.Lock()
        self._by_content: dict[bytes, _Known] = {}
        """The least lately used first; they keep the words alive, so that ids stay theirs."""
        self._contents: dict[int, bytes] = {}
        """By the id of the word's object."""
        self._bytes = 0

    def encoded(self, value: object, encode: Callable[[object], bytes]) -> object:
        """A value with every word in it replaced by its encoded form, as ``packb`` takes it.

        Args:
            value: a word, or lists, tuples and dicts of words; anything else stays as it is.
            encode: gives a word's bytes.
        """
        if type(value) in self._kinds:
            return self._ext(value, encode)
        if type(value) is dict:
            return {name: self.encoded(part, encode) for name, part in value.items()}
        if type(value) is list or type(value) is tuple:
            return [self.encoded(part, encode) for part in value]
        return value

    def decoded(self, code: int, content: bytes, decode: Callable[[bytes], object]) -> object:
        """What an encoded object is.

        Args:
            code: the kind of the object.
            content: what it holds.
            decode: reads the bytes of an object.
        """
        with self._lock:
            if known := self._used(content):
                return known.word
        ext = ormsgpack.Ext(code, content)
        word = decode(ormsgpack.packb(ext))
        if type(word) in self._kinds:
            self._keep(content, _Known(word, ext))
        return word

    def _ext(self, word: object, encode: Callable[[object], bytes]) -> ormsgpack.Ext:
        with self._lock:
            content = self._contents.get(id(word))
            known = self._used(content) if content is not None else None
        if known is not None:
            return known.ext
        found: list[bytes] = []

        def take(code: int, content: bytes) -> ormsgpack.Ext:
            found.append(content)
            return ormsgpack.Ext(code, content)

        ext: ormsgpack.Ext = ormsgpack.unpackb(encode(word), ext_hook=take)
        self._keep(found[0], _Known(word, ext))
        return ext

    def _used(self, content: bytes) -> _Known | None:
        known = self._by_content.pop(content, None)
        if known is not None:
            self._by_content[content] = known
        return known

    def _keep(self, content: bytes, known: _Known) -> None:
        with self._lock:
            self._drop(content)
            self._by_content[content] = known
            self._contents[id(known.word)] = content
            self._bytes += len(content)
            while self._bytes > self._most:
                self._drop(next(iter(self._by_content)))

    def _drop(self, content: bytes) -> None:
        known = self._by_content.pop(content, None)
        if known is not None:
            self._bytes -= len(content)
            self._contents.pop(id(known.word), None)
