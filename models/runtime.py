"""What all runtimes share: checks before sending, limits while streaming, the whole answer."""

from abc import ABC, abstractmethod
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace

from grym_synth.errors import BadAnswer, ContextOverflow, ModelUnable
from models.base import Answer, Ending, Facts, Message, Options, Piece
from models.lessening import asked_twice
from models.thinking import split_thinking
from models.tokens import EstimatedTokens, conversation_tokens
from models.watch import Watch

_LEAST_ROOM = 256
"""Tokens that must be left for the answer."""

_FACTS_SECONDS = 10.0
"""Longest wait for what a model can do, where the caller sets no limit."""

_ESTIMATE = EstimatedTokens()


class ChatRuntime(ABC):
    """A chat model of one runtime, which says only how to ask for facts and for pieces."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._facts: Facts | None = None

    @property
    def name(self) -> str:
        """The string that opens it."""
        return self._name

    def facts(self, options: Options | None = None) -> Facts:
        """What the model can do; asked once, and again only after a failure."""
        with Watch(self._name, options or Options(seconds=_FACTS_SECONDS)) as watch:
            watch.check()
            return self._known(watch)

    def count(self, text: str) -> int:
        """Tokens of a text, on the high side."""
        return _ESTIMATE.count(text)

    def stream(
        self, messages: Sequence[Message], options: Options | None = None
    ) -> Generator[Piece, None, None]:
        """Answer piece by piece; the last piece is the ending."""
        chosen = options or Options()
        with Watch(self._name, chosen) as watch:
            yield from asked_twice(lambda: self._once(messages, chosen, watch), self._lessen)

    def answer(self, messages: Sequence[Message], options: Options | None = None) -> Answer:
        """Answer in whole.

        Raises:
            BadAnswer: there is no text: it thought till its tokens were spent, or said nothing.
        """
        answer = gathered(self.stream(messages, options))
        if not answer.text.strip():
            raise BadAnswer(
                f"asking {self._name}",
                f"it gave no answer ({answer.ending.finish})",
                "Give it more tokens, or ask without thinking",
            )
        return answer

    def _lessen(self) -> str:
        """Have the next answer take less memory; how it is given then, or nothing if it can't."""
        return ""

    def _once(
        self, messages: Sequence[Message], options: Options, watch: Watch
    ) -> Generator[Piece, None, None]:
        """One try."""
        watch.check()
        facts = self._known(watch)
        self._refuse_unable(messages, options, facts)
        sent = [replace(one, text=_encodable(one.text)) for one in messages]
        taken = self._conversation(sent, watch)
        chosen = replace(options, max_tokens=self._room(taken, options, facts))
        with closing(self._pieces(sent, chosen, watch)) as pieces:
            told = split_thinking(_checked(pieces, watch))
            yield from self._limited(told, taken, chosen, watch)

    @abstractmethod
    def _ask_facts(self, watch: Watch) -> Facts:
        """Ask the server or the file what the model can do."""

    @abstractmethod
    def _pieces(
        self, messages: Sequence[Message], options: Options, watch: Watch
    ) -> Generator[Piece, None, None]:
        """Send the messages and give what comes; ``options.max_tokens`` is a number."""

    def _known(self, watch: Watch) -> Facts:
        if self._facts is None:
            self._facts = self._ask_facts(watch)
        return self._facts

    def _conversation(self, messages: Sequence[Message], watch: Watch) -> int:
        """Tokens of the messages as the model will read them."""
        return conversation_tokens(messages, self.count)

    def _refuse_unable(self, messages: Sequence[Message], options: Options, facts: Facts) -> None:
        if not facts.images and any(one.pictures for one in messages):
            raise self._unable("it takes no pictures", "Choose a model that sees")
        if options.think and not facts.thinks:
            raise self._unable("it does not think before it answers", "Ask without thinking")
        if options.schema is not None and not facts.schema:
            raise self._unable("it can't be held to a schema", "Ask for the form in words")

    def _unable(self, happened: str, do: str) -> ModelUnable:
        return ModelUnable(f"asking {self._name}", happened, do)

    def _room(self, taken: int, options: Options, facts: Facts) -> int:
        """Tokens that the answer may have."""
        left = facts.context_tokens - taken
        wanted = options.max_tokens or _LEAST_ROOM
        if left < wanted:
            raise ContextOverflow(
                f"asking {self._name}",
                f"about {taken} tokens and {wanted} for the answer don't fit into its window"
                f" of {facts.context_tokens}",
                "Shorten the messages or choose a larger window",
            )
        return options.max_tokens or left

    def _limited(
        self, pieces: Iterable[Piece], taken: int, options: Options, watch: Watch
    ) -> Iterator[Piece]:
        thought = 0
        for piece in pieces:
            thought += bool(piece.thinking)
            if options.max_thinking is not None and thought > options.max_thinking:
                yield Piece(ending=Ending("thinking", taken, thought, watch.seconds))
                return
            yield piece
            if piece.ending is not None:
                return
        watch.check()
        raise BadAnswer(
            f"asking {self._name}",
            "the answer broke off before its end",
            "Ask again; see the server's log if it stays so",
        )


def _encodable(text: str) -> str:
    """The text without the halves of characters that names of files may hold."""
    return text.encode("utf-8", "replace").decode()


def _checked(pieces: Iterable[Piece], watch: Watch) -> Iterator[Piece]:
    for piece in pieces:
        watch.check()
        watch.token()
        yield piece


def gathered(pieces: Iterable[Piece]) -> Answer:
    """The whole answer of a stream that has an ending."""
    text, thinking, ending = "", "", None
    for piece in pieces:
        if piece.retracts:
            text, thinking = "", thinking + text
        text, thinking, ending = text + piece.text, thinking + piece.thinking, piece.ending
    if ending is None:
        raise ValueError("a stream of pieces ends with its ending")
    return Answer(text.strip(), thinking.strip(), ending)
