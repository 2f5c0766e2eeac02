"""The models that take part in an eval, with a meter on each."""

import threading
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field

from agents.roles.casting import Casting
from agents.roles.models import INSTRUMENTS, Role
from grym_synth.settings import Settings
from memory.context import Degraded
from models.base import Answer, ChatModel, Ending, Message, Options, Piece
from models.before import BeforeChat
from models.vision.base import VisionModel
from models.vision.eyes import Eyes


@dataclass
class Meter:
    """What models were asked and what it cost."""

    answers: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    stood_in: list[str] = field(default_factory=list)
    """Why instruments did a model's part, each time: it failed, or said nothing of use."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, ending: Ending) -> None:
        """Count one answer."""
        with self._lock:
            self.answers += 1
            self.tokens_in += ending.tokens_in
            self.tokens_out += ending.tokens_out

    def judge(self, degraded: Sequence[Degraded]) -> None:
        """Count whether a model's part was done without it."""
        with self._lock:
            self.stood_in += ["; ".join(one.why for one in degraded)] if degraded else []


class MeteredChat(BeforeChat):
    """A chat model whose answers are counted."""

    def __init__(self, model: ChatModel, meter: Meter) -> None:
        super().__init__(model)
        self._meter = meter

    def stream(
        self, messages: Sequence[Message], options: Options | None = None
    ) -> Generator[Piece, None, None]:
        """Answer piece by piece."""
        for piece in self._model.stream(messages, options):
            if piece.ending is not None:
                self._meter.note(piece.ending)
            yield piece

    def answer(self, messages: Sequence[Message], options: Options | None = None) -> Answer:
        """Answer in whole."""
        told = self._model.answer(messages, options)
        self._meter.note(told.ending)
        return told


class MeteredEyes(MeteredChat):
    """A model that sees, whose answers are counted."""

    def __init__(self, model: VisionModel, meter: Meter) -> None:
        super().__init__(model, meter)
        self._seeing = model

    def eyes(self, options: Options | None = None) -> Eyes:
        """How it sees pictures."""
        return self._seeing.eyes(options)

    def look(
        self, pictures: Sequence[bytes], question: str, options: Options | None = None
    ) -> Answer:
        """Answer a question about pictures."""
        told = self._seeing.look(pictures, question, options)
        self._meter.note(told.ending)
        return told

    def look_each(
        self, asked: Sequence[Sequence[Message]], options: Options | None = None
    ) -> list[Answer]:
        """Answer several conversations."""
        told = self._seeing.look_each(asked, options)
        for one in told:
            self._meter.note(one.ending)
        return told


class Chairs:
    """Who plays each role in an eval."""

    def __init__(self, settings: Settings, models: Mapping[Role, str]) -> None:
        """Take the strings of models; each is opened once, when it is first asked for.

        Args:
            settings: limits, and where servers are.
            models: by role; a role without one has its instruments.
        """
        self.settings = settings
        self.models = {role: spec for role, spec in models.items() if spec != INSTRUMENTS}
        self.meter = Meter()
        self._casting = Casting(settings)

    def of(self, roles: Sequence[Role]) -> dict[Role, str]:
        """The models of some roles."""
        return {role: self.models[role] for role in roles if role in self.models}

    def chat(self, role: Role) -> ChatModel | None:
        """The chat model of a role; None for its instruments.

        Raises:
            BadInput: it can't be opened.
        """
        model = self._casting.open(self.models.get(role, INSTRUMENTS))
        return None if model is None else MeteredChat(model, self.meter)

    def eyes(self) -> VisionModel | None:
        """The model that sees; None for instruments.

        Raises:
            BadInput: it can't be opened.
        """
        model = self._casting.open_eyes(self.models.get("qwen_vl", INSTRUMENTS))
        return None if model is None else MeteredEyes(model, self.meter)
