"""Vision models behind a chat runtime: a server's, or a scripted one."""

import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace

from PIL import Image

from models.base import Answer, ChatModel, Message, Options, Piece
from models.before import BeforeChat
from models.runtime import gathered
from models.vision.base import shown
from models.vision.decoding import JPEG, PNG
from models.vision.eyes import Eyes
from models.vision.pictures import PictureLimits, picture_bytes, read_picture


class ServedVision(BeforeChat):
    """A chat model that takes pictures, with what is known of how it sees.

    A picture is brought to the size at which it is seen before it is sent: servers differ in their
    limits, and places are told in that size.
    """

    def __init__(
        self, chat: ChatModel, ask_eyes: Callable[[Options | None], Eyes], limits: PictureLimits
    ) -> None:
        """Take who answers.

        Args:
            chat: a chat model.
            ask_eyes: tells how it sees.
            limits: what pictures may be.
        """
        super().__init__(chat)
        self._ask_eyes, self._limits = ask_eyes, limits
        self._eyes: Eyes | None = None

    def eyes(self, options: Options | None = None) -> Eyes:
        """How it sees pictures; asked once."""
        if self._eyes is None:
            self._eyes = self._ask_eyes(options)
        return self._eyes

    def stream(
        self, messages: Sequence[Message], options: Options | None = None
    ) -> Generator[Piece, None, None]:
        """Answer piece by piece; the last piece is the ending."""
        yield from self._model.stream(self._sent(messages, options), options)

    def answer(self, messages: Sequence[Message], options: Options | None = None) -> Answer:
        """Answer in whole; an answer without text is a ``BadAnswer``."""
        return self._model.answer(self._sent(messages, options), options)

    def look(
        self, pictures: Sequence[bytes], question: str, options: Options | None = None
    ) -> Answer:
        """Answer a question about pictures."""
        return self.answer(shown(pictures, question), options)

    def look_each(
        self, asked: Sequence[Sequence[Message]], options: Options | None = None
    ) -> list[Answer]:
        """Answer several conversations, one after the other."""
        chosen = options or Options()
        until = time.monotonic() + chosen.seconds
        answers: list[Answer] = []
        for each in asked:
            left = replace(chosen, seconds=max(0.0, until - time.monotonic()))
            answers.append(gathered(self.stream(each, left)))
        return answers

    def _sent(self, messages: Sequence[Message], options: Options | None) -> list[Message]:
        """The messages with each picture as it is seen."""
        if not any(one.pictures for one in messages):
            return list(messages)
        eyes = self.eyes(options)
        return [
            replace(one, pictures=tuple(self._fitted(picture, eyes) for picture in one.pictures))
            for one in messages
        ]

    def _fitted(self, content: bytes, eyes: Eyes) -> bytes:
        picture = read_picture(content, self._limits)
        seen = eyes.seen(*picture.size)
        if picture.size == seen and content.startswith((PNG, JPEG)):
            return content
        return picture_bytes(picture.resize(seen, Image.Resampling.BICUBIC))
