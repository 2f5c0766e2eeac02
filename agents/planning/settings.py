"""What is said of the project in chat: its settings, and notes beside them."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from agents.planning.criteria import targets
from agents.planning.ending import ended_by, says_end
from agents.planning.languages import Understood
from agents.planning.lexicon import lexicon
from agents.planning.text import sentences
from memory.context import Note, NoteKind, ProjectSetting
from memory.filing.junk import is_junk
from memory.filing.keys import setting_key
from memory.filing.stating import read_deadline, read_setting
from memory.language.dates import read_day

_LEAD = re.compile(
    r"^\W*(?:(?:please|bitte|por favor|s'il (?:te|vous) plaît|and|und|y|et|but|aber|pero|"
    r"mais|ok|okay|so|also|btw|fyi|set|put|make|note|actually|remember|keep in mind|"
    r"bear in mind|note that|remember that|just so you know|don't forget|that|down|"
    r"reminder|fact|decision|todo|setze?|merk(?:t)? (?:dir|euch)|denk daran|dass|"
    r"recuerda(?: que)?|apunta|anota|pon|que|retiens|note)\b"
    r"[\s,:]*)*",
    re.IGNORECASE,
)
_VALUE = {
    "goal": r"(?:goal|aim|objective|ziel|objetivo|meta|but|objectif)\b.{0,40}?"
    r"(?:\b(?:is|ist|es|est|to)\b|:|=)\s*",
    "deadline": r"(?:deadline|due(?: date)?|release date|abgabe\w*|termin|frist|plazo|échéance|"
    r"fecha (?:límite|limite|de entrega)|date limite)\b\s*"
    r"(?:(?:has |is |was )?(?:been |now )?(?:moved|shifted|changed|postponed|pushed(?: back)?|"
    r"extended)\b\s*)?"
    r"(?:(?:is|ist|es|est|to|on|for|by|auf|am|a|al|para|el|au|le|à)\b|:|=)?\s*"
    r"(?:(?:on|for|by|am|el|le|now)\b)?\s*",
    "constraint": r"^\W*(?:(?:the|a|our|my|new|project) )*"
    r"(?:constraints?|rules?|vorgaben?|regeln?)\b\s*(?:(?:is|ist|es|est)\b|:|=)\s*",
    "style": r"(?:styles?|genre|aesthetic|vibe|stil|estilo|género)\b\s*"
    r"(?:(?:is|ist|es|est|to|auf|zu|a|à)\b|:|=)?\s*(?:(?:now|jetzt|ahora|maintenant)\b\s*)?",
}
"""What stands before a setting's value, by its field."""
_CHANGED = re.compile(
    r"(?:please\s+)?(?:change|set|update|switch|move)\s+(?:(?:the|our|my)\s+)?"
    r"(?P<what>[\w ]{2,30}?)\s+(?:constraint|rule|limit|requirement)\s+to\s+(?P<value>.+)",
    re.IGNORECASE | re.DOTALL,
)
"""Such as "change the key constraint to D minor": the value needs the word before."""
_DUE = re.compile(
    r"^(?:(?:the|our|my|die|der|das|la|le|el)\s+)|"
    r"\s*\b(?:is|are|was|has|have|had|to|be|ist|sind|es|est|must|needs?)\s*$",
    re.IGNORECASE,
)
"""What only joins the name of what is due to its date."""
_INSTEAD = re.compile(
    r"\b(?:changed?|switch(?:ed)?|replaced?|update|set|make|new|now|instead|rather|no longer|"
    r"änder\w*|wechsl\w*|neue[rsn]?|jetzt|stattdessen|cambi\w*|nuev[oa]s?|ahora|chang\w*|"
    r"nouve\w+|maintenant)\b",
    re.IGNORECASE,
)
"""Words by which something takes the place of what was said before."""
_MOVED = re.compile(
    r"\b(?:deadline|due date|release)\b.{0,40}?"
    r"\b(?:moved|shifted|changed|postponed|pushed|extended|now)\b|"
    r"\b(?:move|shift|change|postpone|push|extend)\b.{0,20}?\bdeadline\b",
    re.IGNORECASE,
)
"""Words by which a deadline is another day than before."""
_PARTS = re.compile(r"\s*[;,]\s*(?:and\s+)?(?=[^\W\d]|the\b)|\s+(?:and|und|y|et)\s+", re.I)
_LABELS = re.compile(
    r"\s*(?:[;,]|\b(?:and|und|y|et)\b)\s*(?:(?:and|und|y|et)\s+)?(?:(?:the|our|my)\s+)?"
    r"(?=(?P<label>(?P<goal>goal|aim|ziel|objetivo|objectif)|(?P<style>style|stil|estilo|genre)|"
    r"(?P<constraint>constraint|rule|vorgabe|regel)|"
    r"(?P<deadline>deadline|abgabe|termin|frist|plazo|échéance))\s*[:=])",
    re.IGNORECASE,
)
"""Where the next setting begins in a sentence that names several, each before a colon."""
_LEAST_WORDS = 4
_FIELD = frozenset({"media", "setting", "aspect", "operation", "effect", "format", "role", "band"})
_NAMES = re.compile(r"\w\W+[A-ZÄÖÜÉ][\w']+|\d")
"""A name within a sentence, or a number: it tells more than the weather."""
_PERSONAL = frozenset(
    {"i", "i'm", "im", "me", "you", "you're", "your", "ich", "mir", "du", "yo", "tu", "je", "moi",
     "it", "it's", "its", "that", "that's", "this", "they", "he", "she"}
)  # fmt: skip
"""Words by which a sentence speaks of the moment, or of what only the talk before tells."""
_BARS = re.compile(r"\b(?:bars?|measures?)\s*\d|\d:\d\d", re.IGNORECASE)
_MOVING = re.compile(
    r"^(?:(?:now|and|please|actually)\s+)*(?:move|shift|push(?: back)?|postpone|change|extend|"
    r"set|put|update|verschiebe?)\s+(?=the|our|my|mix|master|final|\w+\s*$)",
    re.IGNORECASE,
)
"""Verbs before the name of what is due: "move the mix deadline to Friday"."""
_ANY = date(2000, 1, 1)
"""Some day, where only what is due is read."""
_REQUIRED = re.compile(
    r"\b(?:must|needs?|has to|have to|should|requires?|muss|müssen|soll\w*|debe\w*|doit)\b", re.I
)
_DECIDED = re.compile(
    r"\b(?:decided|decision|agreed|chose|picked|beschlossen|entschieden|decidi\w+|décidé)\b", re.I
)


def settings_of(understood: Understood) -> tuple[ProjectSetting, ...]:
    """The settings that the request states, in its own words."""
    return tuple(dict.fromkeys(_settings(understood)))


def replaced_by(
    stated: Sequence[ProjectSetting], held: Sequence[ProjectSetting], understood: Understood
) -> tuple[ProjectSetting, ...]:
    """The older settings of which the request says that the stated ones take their place.

    Args:
        stated: what the request states.
        held: what the project holds.
        understood: what was read from the request.
    """
    again = tuple(one for one in held if one not in stated and _key(one) in {*map(_key, stated)})
    ended = [one for one in ended_by(held, understood) if one not in again]
    others = [one for one in held if one not in again and one not in ended]
    return (*again, *ended, *_given_up(stated, others, understood.text.words))


def _key(setting: ProjectSetting) -> str:
    """What the memory keeps it under: saying the same thing's value anew takes its place."""
    return setting_key(read_setting(setting, _ANY, (), ()))


def _given_up(
    stated: Sequence[ProjectSetting], held: Sequence[ProjectSetting], words: str
) -> tuple[ProjectSetting, ...]:
    """The older settings that the request's words call replaced."""
    due = [one for one in held if one.field == "deadline"]
    if len(due) == 1 and _MOVED.search(words):
        return tuple(one for one in due if one not in stated and _moves(stated))
    if not _INSTEAD.search(words):
        return ()
    told = {one.field: one for one in stated if one.field in ("style", "constraint")}
    return tuple(
        old
        for old in held
        if old.field in told and old not in stated and _is_about(old, told[old.field])
    )


def notes_of(understood: Understood) -> tuple[Note, ...]:
    """What else the request wants remembered, in its own words: no demand on a sound."""
    told = (
        _value("note", understood.text.raw[begin:end])
        for field, begin, end in understood.reading.remembered
        if field in ("note", "name")
    )
    return tuple(Note.make(_kind(text), text) for text in told if text and not targets(text))


def statement_of(understood: Understood) -> tuple[Note, ...]:
    """A plain statement of which nothing else was made, to be remembered: "Jo plays the viola".

    Questions, orders, small talk and what people say of themselves are none.
    """
    text, reading = understood.text, understood.reading
    if reading.talk or reading.complaints or text.files or len(text.tokens) < _LEAST_WORDS:
        return ()
    tags = lexicon(understood.language).tags(text.tokens)
    opens = {(tag.group, tag.name) for tag in tags if tag.start == 0}
    words = {token.text for token in text.tokens}
    orders = any(group in ("verb", "operation") for group, _ in opens) or words & _PERSONAL
    asks = "?" in words or opens & {("grammar", "question"), ("grammar", "auxiliary")}
    tells = any(tag.group == "grammar" and tag.name in ("state", "performs") for tag in tags)
    tells = tells and (any(tag.group in _FIELD for tag in tags) or bool(_NAMES.search(text.raw)))
    if asks or orders or not tells or len(sentences(text.tokens)) > 1 or is_junk(text.raw):
        return ()
    said = _LEAD.sub("", text.raw.strip().rstrip(".;!").strip())
    return (Note.make(_kind(said), said[:500]),)


def _settings(understood: Understood) -> Iterator[ProjectSetting]:
    for spoken, begin, end in understood.reading.remembered:
        said = understood.text.raw[begin:end]
        if says_end(said):
            continue
        parts = [(field, part) for field, each in _labelled(spoken, said)
                 for part in _split(field, each)]  # fmt: skip
        for field, part in parts:
            value = _value(field, part)
            match field:
                case "goal" | "style" | "constraint" | "deadline" | "section" | "element" if value:
                    yield ProjectSetting(field=field, value=value)
                case "note" | "name" if value and targets(value):
                    yield ProjectSetting(field="constraint", value=value)


def _labelled(field: str, sentence: str) -> list[tuple[str, str]]:
    """The parts of "style: lo-fi, constraint: A minor", each with its field."""
    begins = [*_LABELS.finditer(sentence)]
    if not begins:
        return [(field, sentence)]
    parts = [(field, sentence[: begins[0].start()])]
    ends = [*(one.start() for one in begins[1:]), len(sentence)]
    for one, end in zip(begins, ends, strict=True):
        (named,) = (name for name, said in one.groupdict().items() if said and name != "label")
        parts.append((named, sentence[one.start("label") : end].rstrip()))
    return [part for part in parts if part[1].strip()]


def _split(field: str, sentence: str) -> list[str]:
    """The parts of a sentence that each name a day, or bars; without two such, the sentence."""
    parts = [part for part in _PARTS.split(sentence) if part.strip()]
    match field:
        case "deadline":
            each = all(read_day(part, _ANY) for part in parts)
        case "section":
            each = all(_BARS.search(part) for part in parts)
        case _:
            each = False
    return parts if each and len(parts) > 1 else [sentence]


def _value(field: str, sentence: str) -> str:
    """What the setting says: after its name where there is one, else the whole sentence."""
    text = sentence.strip().rstrip(".;!").strip()
    if changed := _CHANGED.match(text):
        return f"{changed['what']} {changed['value']}"
    pattern = _VALUE.get(field)
    found = re.search(pattern, text, re.IGNORECASE) if pattern else None
    rest = text[found.end() :].strip() if found else ""
    if rest and found and field == "deadline":
        rest = _due(text[: found.start()], rest)
    return (rest or _LEAD.sub("", text))[:500].strip(" ,:")


def _due(before: str, day: str) -> str:
    """``final mix: 20 November`` of "the final mix is due on 20 November"."""
    named = _MOVING.sub("", _LEAD.sub("", before.strip()))
    what = _DUE.sub("", _DUE.sub("", named)).strip()
    stage = read_deadline(what, _ANY).what
    return f"{what}: {day}" if stage and not read_deadline(day, _ANY).what else day


def _moves(stated: Sequence[ProjectSetting]) -> bool:
    """Whether a deadline is stated that names nothing that is due: it is the one there was."""
    return any(
        one.field == "deadline" and not read_deadline(one.value, _ANY).what for one in stated
    )


def _is_about(old: ProjectSetting, new: ProjectSetting) -> bool:
    """Whether a setting takes an older one's place: styles do, constraints by what they limit."""
    limits = {one.aspect for one in targets(new.value)}
    return new.field == "style" or bool(limits & {one.aspect for one in targets(old.value)})


def _kind(text: str) -> NoteKind:
    if _DECIDED.search(text):
        return "decision"
    return "requirement" if _REQUIRED.search(text) else "note"
