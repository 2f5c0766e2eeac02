"""Thinking that a model writes into its answer between ``<think>`` tags, told apart."""

from collections.abc import Iterable, Iterator
from typing import Literal

from models.base import Piece

_OPEN, _CLOSE = "<think>", "</think>"


class ThinkSplitter:
    """Splits streamed text at its first ``<think>`` and ``</think>``, even where a tag is cut.

    Only an answer that begins with the opening tag has one: later ones are its own words. A closing
    tag without an opening one makes all text before it thinking, since templates that put the
    opening tag into the prompt leave the model to close it; what was given out is then retracted.
    """

    def __init__(self) -> None:
        self._held = ""
        self._at: Literal["start", "thinking", "answer", "after", "plain"] = "start"

    def apart(self) -> None:
        """Take note that the runtime tells thinking apart: tags are the answer's own words."""
        if self._at == "start":
            self._at = "after"

    def feed(self, text: str) -> list[Piece]:
        """Take the next text and give what is certain by now."""
        self._held += text
        pieces: list[Piece] = []
        if self._at == "start":
            self._begin()
        if self._at in ("thinking", "answer"):
            pieces += self._till_close()
        if self._at == "after":
            self._held = self._held.lstrip()
            self._at = "plain" if self._held else "after"
        if self._at == "plain":
            pieces.append(Piece(text=self._take(len(self._held))))
        return [piece for piece in pieces if piece != Piece()]

    def end(self) -> list[Piece]:
        """Give what was held back as a possible part of a tag."""
        held = self._take(len(self._held))
        piece = Piece(thinking=held) if self._at == "thinking" else Piece(text=held)
        return [piece] if held else []

    def _begin(self) -> None:
        self._held = self._held.lstrip()
        if self._held.startswith(_OPEN):
            self._held = self._held.removeprefix(_OPEN)
            self._at = "thinking"
        elif not _OPEN.startswith(self._held):
            self._at = "answer"

    def _till_close(self) -> list[Piece]:
        before, closed, after = self._held.partition(_CLOSE)
        if not closed:
            before = self._take(len(self._held) - _begun_tag(self._held))
        thinking = self._at == "thinking"
        pieces = [Piece(thinking=before) if thinking else Piece(text=before)]
        if closed:
            pieces += [] if thinking else [Piece(retracts=True)]
            self._held, self._at = after, "after"
        return pieces

    def _take(self, length: int) -> str:
        taken, self._held = self._held[:length], self._held[length:]
        return taken


def split_thinking(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The same stream with inline thinking told apart."""
    splitter = ThinkSplitter()
    for piece in pieces:
        if piece.thinking:
            splitter.apart()
        if piece.text:
            yield from splitter.feed(piece.text)
            continue
        if piece.ending is not None:
            yield from splitter.end()
        yield piece


def _begun_tag(text: str) -> int:
    longest = min(len(text), len(_CLOSE) - 1)
    return next((n for n in range(longest, 0, -1) if _CLOSE.startswith(text[-n:])), 0)
