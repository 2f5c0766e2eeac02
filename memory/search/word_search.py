"""Search by words: Okapi BM25 (k1 1.2, b 0.75) on SQLite's full-text index, within a scope."""

import json
import math
import re
import sqlite3
from collections.abc import Iterable, Sequence

from memory.language.stopwords import STOPWORDS
from memory.storage.filters import Condition

MANY = 2000
"""Entries that a search scores by their words. In a scope with more, common words are left out
first (they tell little and cost most: Moffat and Zobel, Self-indexing inverted files, TOIS 1996),
then the oldest entries that have the word that is left."""

MOST = 10 * MANY
"""How far common words are told apart by the entries that hold them."""

_COUNT = "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)"

_ONE_WORD = (
    # The plus keeps SQLite from asking the word index once for each entry of the scope; the word
    # index skips what lies outside the range. A word that weighed endlessly much would be worth the
    # most that it can be, so the quotient is the part of BM25 that is about the entry alone, 0..1.
    "SELECT rowid, bm25(words) / bm25(words, 1e12) FROM words WHERE words MATCH ? "
    "AND rowid BETWEEN ? AND ? AND +rowid IN (SELECT value FROM json_each(?))"
)

_MOST = 2.2
"""What the part of BM25 about the entry alone comes to at most: k1 + 1, with SQLite's k1 of 1.2."""


def telling(text: str) -> list[str]:
    """The words of a text that tell what it is about, each once; all when none does."""
    words = dict.fromkeys(re.findall(r"\w+", text.lower()))
    return [word for word in words if word not in STOPWORDS] or list(words)


def best_by_words(
    connection: sqlite3.Connection,
    place: Condition,
    rest: Condition,
    words: Sequence[str],
    limit: int,
    common: dict[str, int],
) -> dict[int, float]:
    """The entries that hold any of some words, by number, with their BM25, > 0.

    Args:
        connection: a transaction of the truth.
        place: where entries lie; how rare a word is, is judged among these.
        rest: what else must hold.
        words: what is sought.
        limit: at most so many.
        common: words that earlier searches found in more than ``MANY`` entries, and in how many,
            which takes longest to count and hardly changes; what this one finds is added.
    """
    if not words:
        return {}
    inside = f"SELECT e.id FROM entries e WHERE {place.sql} LIMIT ? OFFSET ?"
    if connection.execute(inside, (*place.values, 1, MANY)).fetchone():
        rarest = _rarest(connection, words, common)
        return _in_large(connection, place, rest, rarest, limit) if rarest else {}
    held = connection.execute(inside, (*place.values, MANY, 0)).fetchall()
    return _in_small(connection, [row[0] for row in held], rest, words, limit)


def _in_small(
    connection: sqlite3.Connection,
    inside: Sequence[int],
    rest: Condition,
    words: Sequence[str],
    limit: int,
) -> dict[int, float]:
    """Score every entry; the index knows only how rare a word is among all entries there are.

    A project's own name is rare among all projects, and tells nothing within it.
    """
    scores: dict[int, float] = {}
    among = (min(inside, default=0), max(inside, default=0), json.dumps(inside))
    for word in words:
        rows = connection.execute(_ONE_WORD, (_any_of([word]), *among)).fetchall()
        rarity = _MOST * _rarity(len(rows), len(inside))
        for number, share in rows:
            scores[number] = scores.get(number, 0.0) + rarity * share
    fitting = connection.execute(
        f"SELECT e.id FROM entries e WHERE e.id IN (SELECT value FROM json_each(?)) AND {rest.sql}",
        (json.dumps([*scores]), *rest.values),
    ).fetchall()
    best = sorted(((scores[row[0]], row[0]) for row in fitting), reverse=True)[:limit]
    return {number: score for score, number in best}


def _rarity(held: int, entries: int) -> float:
    """Inverse document frequency, as SQLite's ``bm25`` has it."""
    weight = math.log((entries - held + 0.5) / (held + 0.5))
    return weight if weight > 0 else 1e-6


def _in_large(
    connection: sqlite3.Connection,
    place: Condition,
    rest: Condition,
    words: Sequence[str],
    limit: int,
) -> dict[int, float]:
    rows = connection.execute(
        "SELECT id, score FROM (SELECT e.id, -bm25(words) AS score "
        "FROM words CROSS JOIN entries e ON e.id = words.rowid "
        f"WHERE words MATCH ? AND {place.sql} AND {rest.sql} "
        "ORDER BY words.rowid DESC LIMIT ?) ORDER BY score DESC, id DESC LIMIT ?",
        (_any_of(words), *place.values, *rest.values, MANY, limit),
    ).fetchall()
    return dict(rows)


def _rarest(
    connection: sqlite3.Connection, words: Sequence[str], common: dict[str, int]
) -> list[str]:
    """The words that the fewest entries hold, as many as ``MANY`` entries hold together.

    Words that no entry holds are none of them; one of the others is, however common.
    """
    rare = [(_held(connection, word, MANY + 1), word) for word in words if word not in common]
    common.update({word: _held(connection, word, MOST) for many, word in rare if many > MANY})
    held = [(many, word) for many, word in rare if 0 < many <= MANY]
    held += [(common[word], word) for word in words if word in common]
    kept: list[str] = []
    entries = 0
    for many, word in sorted(held):
        entries += many
        if kept and entries > MANY:
            break
        kept.append(word)
    return kept


def _held(connection: sqlite3.Connection, word: str, most: int) -> int:
    """How many entries hold a word; counting ends at ``most``, unless that is below 0."""
    return int(connection.execute(_COUNT, (_any_of([word]), most)).fetchone()[0])


def _any_of(words: Iterable[str]) -> str:
    return " OR ".join(f'"{word}"' for word in words)
