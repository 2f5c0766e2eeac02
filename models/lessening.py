"""Where memory runs out under a model, it is asked once more in a way that takes less."""

import logging
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import replace

from grym_synth.errors import ContextOverflow, MemoryUsedUp
from models.base import Piece

LEAST_WINDOW = 2048
"""Tokens; a smaller window holds no question."""

logger = logging.getLogger(__name__)


def half_window(tokens: int) -> int:
    """Half of a window, whose memory grows with it; 0 where that is too small to be of use."""
    return tokens // 2 if tokens >= 2 * LEAST_WINDOW else 0


def asked_twice(
    ask: Callable[[], Generator[Piece, None, None]], lessen: Callable[[], str]
) -> Generator[Piece, None, None]:
    """The pieces of an answer; if memory runs out, those of a second try that takes less of it.

    Args:
        ask: begins a try.
        lessen: has the next try take less; says what that gives up, or nothing where it can't.

    Raises:
        MemoryUsedUp: it ran out in both tries, or nothing could be lessened.
    """
    begun, fault = False, None
    try:
        with closing(ask()) as pieces:
            for piece in pieces:
                begun = True
                yield piece
    except MemoryUsedUp as told:
        fault = told
    if fault is None:
        return
    less = lessen()
    if not less:
        raise fault
    logger.warning("%s: %s; it is asked once more, %s", fault.tried, fault.happened, less)
    if begun:
        yield Piece(retracts=True)
    try:
        with closing(ask()) as pieces:
            for piece in pieces:
                yield _marked(piece, less)
    except (MemoryUsedUp, ContextOverflow) as again:
        happened = f"{fault.happened}; once more {less}: {again.happened}"
        raise MemoryUsedUp(fault.tried, happened, fault.do) from again


def _marked(piece: Piece, less: str) -> Piece:
    if piece.ending is None:
        return piece
    return replace(piece, ending=replace(piece.ending, lessened=f"memory ran out; answered {less}"))
