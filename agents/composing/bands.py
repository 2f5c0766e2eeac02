"""The band in a brief's words: instruments, ensembles, who plays the melody, who must not play."""

import re
from functools import cache
from typing import NamedTuple

from agents.composing.order import InstrumentOrder
from audio.composing.plan import Role
from audio.composing.styles import style_words
from audio.songs.instruments import INSTRUMENTS, instrument_of


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ENSEMBLES = {
    "string quartet": ("Violin", "Violin", "Viola", "Cello"),
    "streichquartett": ("Violin", "Violin", "Viola", "Cello"),
    "string trio": ("Violin", "Viola", "Cello"),
    "jazz trio": ("Piano", "Double Bass", "Jazz Kit"),
    "piano trio": ("Piano", "Double Bass", "Drum Kit"),
    "jazz quartet": ("Tenor Sax", "Piano", "Double Bass", "Jazz Kit"),
    "rock band": ("Electric Guitar", "Overdriven Guitar", "Electric Bass", "Rock Kit"),
    "power trio": ("Overdriven Guitar", "Electric Bass", "Rock Kit"),
    "brass quintet": ("Trumpet", "Trumpet", "French Horn", "Trombone", "Tuba"),
    "wind quintet": ("Flute", "Oboe", "Clarinet", "French Horn", "Bassoon"),
    "rhythm section": ("Piano", "Electric Bass", "Drum Kit"),
}
_STRANGERS = (
    r"\b(?:ukulele|kazoo|theremin|bagpipes?|didgeridoo|mandolin|lute|erhu|oud|tablas?|djembe|"
    r"shakuhachi|hurdy[- ]gurdy|zither|dulcimer|ocarina|vuvuzela|cajon|melodica|concertina|"
    r"mandoline|dudelsack|laute|drehleier|hackbrett|alphorn)\b"
)
"""Instruments that General MIDI has no good sound for."""
_COUNTS = {"two": 2, "three": 3, "zwei": 2, "drei": 3, "2": 2, "3": 3, "4": 4}
_BEGINS = (
    r"\b(?:with|featuring|feat\.?|played by|mit|instruments?\s*:|instrumentation\s*:|band\s*:|"
    r"besetzung\s*:|instrumente\s*:|using|for|für)\s+"
)
_LIST = re.compile(rf"{_BEGINS}((?:(?!{_BEGINS})[^.;\n])+)", re.I)
_SURE_LIST = re.compile(r"\b(?:instruments?|instrumentation|band|besetzung|instrumente)\s*:", re.I)
_WITHOUT = re.compile(r"\b(?:no|without(?: any)?|ohne|kein(?:e[nr]?)?)\s+([^.;,\n]+)", re.I)
_FILLER = _words(
    "a an the some one two three solo soft warm bright light gentle big little only just also and "
    "ein eine einen einem der die das dem den weiche warme helle leise laute nur auch und dry wet "
    "fat deep clean live muted distorted lush punchy electric acoustic analog vintage funky"
)
_NO_INSTRUMENT = _words(
    "mood feel feeling vibe groove energy melody melodies chord chords progression harmony "
    "harmonies tempo swing atmosphere ending hook hooks fill fills section sections sound sounds "
    "character dynamics lyrics rhythm rhythms theme form structure bar bars notes note key scale "
    "style intro verse chorus outro bridge drop break build solo solos motif line lines touch "
    "emotion riff riffs film movie scene game video advert commercial dancing dance club party "
    "radio stimmung gefühl charakter melodie harmonien akkorde akkorden rhythmus film szene "
    "slow fast quick quickly slowly lively calm happy sad cheerful melancholic energetic dark "
    "dreamy upbeat uplifting gentle driving langsam schnell fröhlich traurig ruhig düster "
    "me us you it that this fun cadence cadences modulation variation variations part parts "
    "syncopation tension texture layers arrangement children kids wedding minute minutes"
)


_LED_BY = re.compile(
    r"(?:melody|theme|lead line|melodie|thema)\s+(?:on|by|in|for|played by|von|auf|in der|im)"
    r"(?:\s+(?:the|a|an|der|dem|einer?))?\s*$",
    re.I,
)
_LEADS = re.compile(
    r"\s+(?:plays?|takes?|carries|sings?|has|with|spielt|übernimmt)\s+(?:the|die|das)?\s*"
    r"(?:melody|theme|lead|melodie|thema)|\s+melody\b",
    re.I,
)


class Band(NamedTuple):
    """The band that a brief tells."""

    players: tuple[InstrumentOrder, ...]
    without: tuple[str, ...]
    unknown: tuple[str, ...]
    """What stands in a list of instruments and is none that is known."""
    style: str | None
    """The style that an ensemble's name tells."""
    rest: str
    """The text without instruments."""


def read_band(text: str) -> Band:
    """Find the instruments of a brief, in the order in which it names them."""
    guarded = _styles_apart(text)
    excluded: list[str] = []
    for found in _WITHOUT.finditer(guarded):
        excluded += [name for _, _, name in _named(found[1])]
        guarded = guarded[: found.start()] + " " * len(found[0]) + guarded[found.end() :]
    players = [*_ensembles(guarded)]
    style = (
        "classical" if any("quartet" in one or "quint" in one for one in _told(guarded)) else None
    )
    for word in _told(guarded):
        guarded = re.sub(re.escape(word), " " * len(word), guarded, flags=re.I)
    rest = guarded
    for start, end, name in _without_beats(guarded, _named(guarded)):
        count = _COUNTS.get(_word_before(guarded, start), 1)
        role = _role(guarded, start, end)
        players += [InstrumentOrder(name=name, role=role if not number else None)
                    for number in range(count)]  # fmt: skip
        rest = rest[:start] + " " * (end - start) + rest[end:]
    once = _distinct(players, excluded)
    return Band(tuple(once), tuple(dict.fromkeys(excluded)), _unknown(guarded), style, text)


def instruments_in(text: str) -> tuple[str, ...]:
    """The instruments that a text names, in its order."""
    return tuple(name for _, _, name in _named(text))


def _styles_apart(text: str) -> str:
    """The text without names of styles that sound like instruments, such as drum and bass."""
    for word in style_words():
        if " " in word or "'" in word or "-" in word:
            text = re.sub(
                rf"(?<!\w){re.escape(word)}(?!\w)",
                lambda found: (
                    " " * len(found[0]) if found[0].lower() not in _ENSEMBLES else found[0]
                ),
                text,
                flags=re.I,
            )
    return text


def _told(text: str) -> list[str]:
    return [word for word in _ENSEMBLES if re.search(rf"\b{word}\b", text, re.I)]


def _ensembles(text: str) -> list[InstrumentOrder]:
    return [InstrumentOrder(name=name) for word in _told(text) for name in _ENSEMBLES[word]]


def _distinct(players: list[InstrumentOrder], excluded: list[str]) -> list[InstrumentOrder]:
    """Each instrument as often as one place names it; a second mention is no second player."""
    made: list[InstrumentOrder] = []
    for place, one in enumerate(players):
        again = one.name in [other.name for other in players[:place]]
        following = place and players[place - 1].name == one.name
        if one.name not in excluded and (not again or following):
            made.append(one)
        elif one.role and again:
            index = next((i for i, other in enumerate(made) if other.name == one.name), None)
            if index is not None:
                made[index] = one
    return made


@cache
def _pattern() -> re.Pattern[str]:
    words = {word for one in INSTRUMENTS.values() for word in (one.name.casefold(), *one.words)}
    ordered = sorted(words, key=lambda word: (-len(word), word))
    either = "|".join(re.escape(word).replace(r"\ ", r"[\s-]+") for word in ordered)
    return re.compile(rf"(?<![\w-])({either})(?:e?s|n|en)?(?![\w])", re.I)


def _named(text: str) -> list[tuple[int, int, str]]:
    found = [
        (one.start(), one.end(), instrument_of(one[1]).name) for one in _pattern().finditer(text)
    ]
    return _single(text, found)


def _single(text: str, named: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """The same without a second word for what stands just before: ``reese bass`` is one bass."""
    made: list[tuple[int, int, str]] = []
    for one in named:
        before = made[-1] if made else None
        joined = before is not None and not text[before[1] : one[0]].strip(" -")
        same = before and INSTRUMENTS[before[2]].family == INSTRUMENTS[one[2]].family
        if not (joined and same):
            made.append(one)
    return made


def _without_beats(text: str, named: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """The same without a "beat" that means the piece: beside a kit, or where nothing else is named.

    "Only a beat" is one that the kit plays.
    """
    beats = [one for one in named if re.fullmatch("beats?", text[one[0] : one[1]], re.I)]
    kits = [one for one in named if INSTRUMENTS[one[2]].is_drums and one not in beats]
    alone = len(beats) == len(named) and not re.search(
        r"\b(?:only|just|nur|solo|seulement)\b", text, re.I
    )
    return [one for one in named if one not in beats] if kits or alone else named


def _word_before(text: str, place: int) -> str:
    words = text[:place].split()
    return words[-1].casefold() if words else ""


def _role(text: str, start: int, end: int) -> Role | None:
    """Whether an instrument is said to have the melody."""
    before, after = text[max(0, start - 40) : start], text[end : end + 40]
    return "melody" if _LED_BY.search(before) or _LEADS.match(after) else None


def _unknown(text: str) -> tuple[str, ...]:
    """What a list of instruments names that is none: in a list where others are known."""
    unknown = [found[0] for found in re.finditer(_STRANGERS, text, re.I)]
    for found in _LIST.finditer(text):
        parts = re.split(r",|&|\+|\band\b|\bund\b|\bplus\b|\bor\b", found[1])
        known = [bool(_named(part)) for part in parts]
        if not (any(known) or _SURE_LIST.match(found[0])):
            continue
        unknown += [
            word
            for part, is_known in zip(parts, known, strict=True)
            if not is_known and (word := _instrument_like(part))
        ]
    return tuple(unknown)


def _instrument_like(part: str) -> str:
    """The one or two words of a list's item that could name an instrument; else empty."""
    words = [word for word in re.findall(r"[\w'-]+", part) if word.casefold() not in _FILLER]
    plain = [word.casefold() for word in words]
    if not 1 <= len(words) <= 2 or re.search(r"\d", part):
        return ""
    styled = any(word in style_words() for word in (*plain, " ".join(plain)))
    abstract = any(word in _NO_INSTRUMENT or word.rstrip("s") in _NO_INSTRUMENT for word in plain)
    return "" if styled or abstract else " ".join(words)
