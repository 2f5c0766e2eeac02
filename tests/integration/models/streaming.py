"""What every runtime's stream must keep, whatever it is asked about."""

import threading
from collections.abc import Callable, Generator
from contextlib import closing

import pytest

from grym_synth.errors import Cancelled
from models.base import Options, Piece
from models.runtime import gathered

Stream = Generator[Piece, None, None]
Ask = Callable[[Options], Stream]


def check_pieces(ask: Ask, options: Options, whole: str) -> None:
    """Its pieces come one by one, add up to the answer, and the last one is the ending."""
    pieces = list(ask(options))

    assert sum(bool(piece.text) for piece in pieces) >= 2
    assert [bool(piece.ending) for piece in pieces] == [False] * (len(pieces) - 1) + [True]
    assert gathered(pieces).text == whole


def check_cancelling(ask: Ask) -> None:
    """It ends once it is cancelled, and is not begun where it was cancelled before."""
    options = Options(max_tokens=900)
    stream = ask(options)
    next(stream)
    options.cancel.set()

    with pytest.raises(Cancelled):
        for _ in stream:
            pass
    with pytest.raises(Cancelled):
        next(ask(options))


def check_closing(ask: Ask, few: Options) -> None:
    """A stream that is closed half way leaves the model ready for the next question."""
    with closing(ask(Options(max_tokens=300))) as pieces:
        next(pieces)

    assert gathered(list(ask(few))).text


def check_two_at_once(ask: Ask, few: Options) -> None:
    """Two threads may ask one model."""
    answers: list[str] = []
    threads = [
        threading.Thread(target=lambda: answers.append(gathered(list(ask(few))).text))
        for _ in range(2)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert len(answers) == 2
    assert all(answers)


def check_most_tokens(ask: Ask) -> None:
    """An answer has no more tokens than it may."""
    ending = gathered(list(ask(Options(max_tokens=5)))).ending

    assert (ending.finish, ending.tokens_out) == ("length", 5)
