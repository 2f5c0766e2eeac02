"""What every model that sees can do, whichever runtime is behind it."""

from collections.abc import Sequence
from typing import Protocol

from models.base import Answer, ChatModel, Message, Options
from models.vision.eyes import Eyes


class VisionModel(ChatModel, Protocol):
    """A chat model whose messages may hold pictures.

    Pictures are the bytes of PNG, JPEG or WebP files. None is ever fetched: there is no form that
    could name an address or a path. One that can't be used (no picture, too large, broken) is a
    ``MediaRejected``; all else that fails is a ``ModelFault``, as of every chat model.
    """

    def eyes(self, options: Options | None = None) -> Eyes:
        """How it sees pictures, as its files or its server tell; no weights are loaded for it."""
        ...

    def look(
        self, pictures: Sequence[bytes], question: str, options: Options | None = None
    ) -> Answer:
        """Answer a question about pictures; ``stream`` of ``shown(…)`` gives it piece by piece."""
        ...

    def look_each(
        self, asked: Sequence[Sequence[Message]], options: Options | None = None
    ) -> list[Answer]:
        """Answer several conversations, together where the runtime can; limits hold for all.

        An answer without text is given as it is: the others are worth having.
        """
        ...


def shown(pictures: Sequence[bytes], question: str) -> list[Message]:
    """The conversation that shows pictures and asks a question about them."""
    return [Message("user", question, tuple(pictures))]
