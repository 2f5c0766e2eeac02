"""Search by words in PostgreSQL: Okapi BM25 (k1 1.2, b 0.75) over its text index, within a scope.

PostgreSQL's own ``ts_rank`` knows nothing of how rare a word is, so the scores are computed here
from what the index finds.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from psycopg import Connection
from psycopg.rows import TupleRow

from memory.search.word_search import MANY
from memory.storage.postgres.columns import words_of
from memory.storage.postgres.conditions import PgCondition
from memory.storage.postgres.schema import WORDS

K1, B = 1.2, 0.75
"""Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009."""

_STEMS = f"SELECT tsvector_to_array(to_tsvector('{WORDS}', %s))"

_HITS = """
SELECT e.id, e.length, {rest}, word.lexeme, cardinality(word.positions)
FROM entries e, unnest(e.words) word
WHERE e.id = ANY(%s) AND e.words @@ %s::tsquery AND word.lexeme = ANY(%s)
"""

_NEWEST_HITS = """
SELECT e.id FROM entries e WHERE e.words @@ %s::tsquery AND ({place}) AND ({rest})
ORDER BY e.id DESC LIMIT %s
"""

_HELD = "SELECT count(*) FROM (SELECT 1 FROM entries WHERE words @@ %s::tsquery LIMIT %s) held"

_SIZE = """
SELECT coalesce(max(id), 0), coalesce((SELECT avg(length) FROM (
    SELECT length FROM entries WHERE text <> '' ORDER BY id DESC LIMIT 1000) newest), 1)::float8
FROM entries
"""
"""How many entries there may be, and how long the newest are."""


class Hit(NamedTuple):
    """An entry that holds a word."""

    number: int
    length: int
    fits: bool
    stem: str
    times: int


class Among(NamedTuple):
    """What the scores of one word are reckoned among."""

    entries: int
    average: float
    """Words of an entry."""
    held: Mapping[str, int]
    """How many entries hold each word."""


def best_by_words(
    connection: Connection[TupleRow],
    place: PgCondition,
    rest: PgCondition,
    words: Sequence[str],
    limit: int,
    common: set[str],
) -> dict[int, float]:
    """The entries that hold any of some words, by number, with their BM25, > 0.

    Args:
        connection: a transaction of the truth.
        place: where entries lie; how rare a word is, is judged among these.
        rest: what else must hold.
        words: what is sought.
        limit: at most so many.
        common: stems that earlier searches found in more than ``MANY`` entries; what this one finds
            is added.
    """
    asked = " ".join(word for told in words for word in words_of(told))
    stems = [str(stem) for stem in connection.execute(_STEMS, (asked,)).fetchall()[0][0]]
    if not stems:
        return {}
    inside = connection.execute(
        f"SELECT e.id, e.length FROM entries e WHERE {place.sql} LIMIT %s",
        (*place.values, MANY + 1),
    ).fetchall()
    if len(inside) > MANY:
        hits, among = _in_large(connection, place, rest, stems, common)
    else:
        hits = _hits(connection, [row[0] for row in inside], rest, stems)
        average = sum(row[1] for row in inside) / max(len(inside), 1)
        among = Among(len(inside), average, _counted(hits))
    scores = _scored(hits, among)
    best = sorted(((score, number) for number, score in scores.items()), reverse=True)
    return {number: score for score, number in best[:limit]}


def _in_large(
    connection: Connection[TupleRow],
    place: PgCondition,
    rest: PgCondition,
    stems: Sequence[str],
    common: set[str],
) -> tuple[list[Hit], Among]:
    """What holds the rarest of the words: as many as ``MANY`` entries hold together.

    Words that no entry holds are none of them; one of the others is, however common.
    """
    entries, average = connection.execute(_SIZE).fetchall()[0]
    held = {stem: _held(connection, stem, MANY + 1) for stem in stems if stem not in common}
    common.update(stem for stem, many in held.items() if many > MANY)
    held |= {stem: _held(connection, stem, 10 * MANY) for stem in stems if stem in common}
    kept: list[str] = []
    total = 0
    for stem in sorted((stem for stem in stems if held[stem]), key=held.__getitem__):
        total += held[stem]
        if kept and total > MANY:
            break
        kept.append(stem)
    rows = connection.execute(
        _NEWEST_HITS.format(place=place.sql, rest=rest.sql),
        (_any_of(kept), *place.values, *rest.values, MANY),
    ).fetchall()
    hits = _hits(connection, [row[0] for row in rows], PgCondition("TRUE", ()), kept)
    return hits, Among(max(entries, *held.values()), average, held)


def _hits(
    connection: Connection[TupleRow], inside: Sequence[int], rest: PgCondition, stems: Sequence[str]
) -> list[Hit]:
    rows = connection.execute(
        _HITS.format(rest=rest.sql), (*rest.values, list(inside), _any_of(stems), list(stems))
    ).fetchall()
    return [Hit(*row) for row in rows]


def _counted(hits: Iterable[Hit]) -> dict[str, int]:
    held: dict[str, int] = {}
    for hit in hits:
        held[hit.stem] = held.get(hit.stem, 0) + 1
    return held


def _scored(hits: Iterable[Hit], among: Among) -> dict[int, float]:
    scores: dict[int, float] = {}
    for hit in hits:
        if hit.fits:
            length = 1 - B + B * hit.length / max(among.average, 1e-9)
            share = hit.times * (K1 + 1) / (hit.times + K1 * length)
            rarity = _rarity(among.held[hit.stem], among.entries)
            scores[hit.number] = scores.get(hit.number, 0.0) + rarity * share
    return scores


def _rarity(held: int, entries: int) -> float:
    """Inverse document frequency, as in ``memory.search.word_search``."""
    weight = math.log((max(entries, held) - held + 0.5) / (held + 0.5))
    return weight if weight > 0 else 1e-6


def _held(connection: Connection[TupleRow], stem: str, most: int) -> int:
    return int(connection.execute(_HELD, (_any_of([stem]), most)).fetchall()[0][0])


def _any_of(stems: Iterable[str]) -> str:
    """A ``tsquery``; stems are letters and digits alone."""
    return " | ".join(f"'{stem}'" for stem in stems)
