"""Words in a picture that pose as orders: told to the user, cut out of descriptions, not followed.

What a model sees is data. No form of its answers has room for an order; this tells that there was
one, so that nobody wonders about an answer that it may have coloured.
"""

import re
from collections.abc import Iterable

from grym_synth.plain_text import inert

_ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}?\b(?:instructions?|prompts?|rules?|"
    r"directions?|context|measure\w*|instruments?|guard\w*|everything|above|previous|prior)\b|"
    r"\b(?:system|developer)\s+(?:prompt|message|role|override)\b|"
    r"\byou\s+(?:are\s+now|must\s+now|will\s+now|must\s+(?:not\s+)?(?:say|report|answer|tell|run))\b|"
    r"\b(?:new|your|following)\s+instructions?\b|\bdo\s+not\s+(?:tell|mention|reveal|inform)\b|"
    r"\b(?:reveal|print|send|upload|post|leak|exfiltrate)\b.{0,40}?\b(?:password|secret|token|"
    r"api key|prompt|file|data|memory|https?|project)\b|"
    r"\b(?:delete|erase|wipe|remove)\b.{0,30}?\b(?:all|every|project|memory|files?|database)\b|"
    r"\b(?:run|execute|eval)\b.{0,30}?\b(?:command|code|script|shell|following|sudo|curl|rm)\b|"
    r"\brm\s+-rf?\b|\bsudo\b|\bcurl\s+\S|https?://|(?:^|[\s\"'])/(?:etc|root|home|proc|tmp)/|"
    r"<\|?\s*(?:im_start|system|assistant)|"
    r"\b(?:ignoriere|missachte|vergiss)\b.{0,40}?\b(?:anweisung\w*|regeln?|alles|bisherige\w*)\b|"
    r"\b(?:ignora|olvida)\b.{0,40}?\b(?:instrucciones|reglas|todo)\b|"
    r"\b(?:ignore[rz]?|oublie[rz]?)\b.{0,40}?\b(?:instructions|r[eè]gles|consignes)\b",
    re.IGNORECASE | re.DOTALL,
)
_SENTENCE = re.compile(r"(?<=[.!?;:])\s+|\n+")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\ufffd]+")
_LONGEST = 160


def orders_in(texts: Iterable[str]) -> tuple[str, ...]:
    """The lines that pose as orders, once each, made harmless and short."""
    found = (plain(one) for one in texts if _ORDER.search(_UNSEEN.sub(" ", one)))
    return tuple(dict.fromkeys(one[:_LONGEST] for one in found))


def without_orders(text: str) -> tuple[str, tuple[str, ...]]:
    """A description without the sentences that repeat or obey an order, and those sentences."""
    sentences = [one for one in _SENTENCE.split(text) if one.strip()]
    orders = orders_in(sentences)
    kept = [one for one in sentences if not _ORDER.search(_UNSEEN.sub(" ", one))]
    return " ".join(kept), orders


def plain(text: str) -> str:
    """Foreign words on one line, in which no tag begins and nothing is hidden."""
    return " ".join(inert(_UNSEEN.sub(" ", text)).split())
