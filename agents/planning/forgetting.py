"""What a request wants forgotten: a file, or something stated of the project; else a question back.

Forgetting can't be undone, so only what is named without doubt is forgotten.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from agents.planning.languages import Understood
from agents.planning.lexicon import lexicon
from agents.planning.text import fold
from agents.wording import listed
from audio.assets import AssetRef
from memory.context import Ask, Forget, ProjectContext, ProjectSetting
from memory.language.stopwords import STOPWORDS

_FIELDS = ("deadline", "goal", "style", "constraint", "section", "element")
_ALL = frozenset(
    {"all", "every", "everything", "alle", "alles", "todo", "todos", "todas", "tout", "tous",
     "toutes", "whole", "entire", "ganze", "entero"}
)  # fmt: skip
_PROJECT = frozenset({"project", "projekt", "proyecto", "projet"})
_VERBS = frozenset(
    {"forget", "erase", "wipe", "purge", "delete", "remove", "drop", "clear", "unlearn", "vergiss",
     "vergesst", "losch", "losche", "olvida", "borra", "elimina", "oublie", "oubliez", "efface",
     "supprime", "about", "memory", "please", "uber", "sobre", "said", "told", "gesagt", "project",
     "projekt", "proyecto", "projet", "setting", "file", "datei"}
)  # fmt: skip
"""Words of the request that don't tell what is meant."""
_LEAST_SHARE = 0.2
"""Share of a setting's telling words that a request must say to mean all of it."""
_MOST = 6
"""Most names that a question lists."""


class Wanted(NamedTuple):
    """What is to be forgotten, and what must be asked first."""

    forgets: tuple[Forget, ...] = ()
    asks: tuple[Ask, ...] = ()
    notes: tuple[str, ...] = ()
    """Why nothing is forgotten, where there is nothing to choose from."""


def forgets_of(context: ProjectContext, understood: Understood) -> Wanted:
    """What the request wants forgotten; nothing where it wants something else.

    Args:
        context: the files and settings that can be meant.
        understood: what was read from the request.
    """
    if "forget" not in understood.reading.talk:
        return Wanted()
    if understood.text.files or _said_files(context, understood):
        return _files(context, understood)
    if _ALL & _words(understood) and _PROJECT & _words(understood):
        return _whole(context)
    if fields := _fields(understood):
        return _settings(context, understood, fields)
    if notes := _notes(context, understood):
        return Wanted(forgets=notes)
    by_words = _fitting(context.settings, _telling(understood))
    if len(by_words) == 1 and not _is_meant(by_words[0], _telling(understood)):
        question = "That stands in {what}, with more. Shall I forget all of it? Say its words."
        if not _ALL & _words(understood):
            return _ask(question, [f"“{by_words[0].value}”"])
    if len(by_words) == 1:
        return Wanted(forgets=(_setting(by_words[0]),))
    if (about := _about(context, understood)).forgets:
        return about
    if by_words:
        return _ask("Which of these shall I forget: {what}?", [one.value for one in by_words])
    if _ALL & _words(understood) and not _telling(understood):
        return _whole(context)
    return _anything(context)


def _about(context: ProjectContext, understood: Understood) -> Wanted:
    """All notes and settings about something: "forget everything about the hall"."""
    words = _telling(understood)
    if not (words and _ALL & _words(understood)):
        return Wanted()
    notes = (
        Forget(kind="note", id=one.id, name=f"the note “{one.text}”")
        for one in context.facts
        if words <= set(re.findall(r"[\w#]+", fold(one.text)))
    )
    return Wanted(forgets=(*notes, *map(_setting, _fitting(context.settings, words))))


def _files(context: ProjectContext, understood: Understood) -> Wanted:
    said = _said_files(context, understood)
    unknown = [
        name for name in understood.text.files if fold(name) not in {fold(one.name) for one in said}
    ]
    if unknown:
        known = [asset.name for asset in context.assets]
        if not known:
            return _nothing(f"this project has no {listed(unknown)}")
        question = f"Nothing was forgotten: this project has no {listed(unknown)}. "
        return _ask(question + "Which file do you mean? It has {what}.", known)
    twins = [one for one in said if sum(other.name == one.name for other in said) > 1]
    if twins:
        ids = [f"{one.id[:12]} ({one.seconds or 0:.1f} s)" for one in twins]
        return _ask(
            f"There are {len(twins)} files called {twins[0].name}. Which one shall I forget: "
            "{what}? `grym project forget PROJECT --asset ID` takes one of these.",
            ids,
        )
    if understood.text.files or _ALL & _words(understood):
        return Wanted(forgets=tuple(Forget(kind="asset", id=one.id, name=one.name) for one in said))
    return _ask(
        "Shall I delete all that I know about {what}? Then say “forget everything about {what}”.",
        [one.name for one in said],
    )


def _said_files(context: ProjectContext, understood: Understood) -> list[AssetRef]:
    """The project's files that the request names, with their suffix or without it."""
    text = fold(understood.text.raw)
    full = [one for one in context.assets if _says(text, fold(one.name))]
    stems = [one for one in context.assets if _says(text, fold(one.name.rpartition(".")[0]))]
    return full or [one for one in stems if len(one.name.rpartition(".")[0]) > 3]


def _settings(context: ProjectContext, understood: Understood, fields: Sequence[str]) -> Wanted:
    held = [one for one in context.settings if one.field in fields]
    if not held:
        return _nothing(f"no {listed(list(fields))} is set")
    if len(held) == 1 or _ALL & _words(understood):
        return Wanted(forgets=tuple(map(_setting, held)))
    fitting = _fitting(held, _telling(understood))
    if len(fitting) == 1:
        return Wanted(forgets=(_setting(fitting[0]),))
    return _ask(f"Which {fields[0]} shall I forget: " + "{what}?", [one.value for one in held])


def _notes(context: ProjectContext, understood: Understood) -> tuple[Forget, ...]:
    """The one note that holds all telling words of the request."""
    words = _telling(understood)
    fitting = [
        one
        for one in context.facts
        if words and words <= set(re.findall(r"[\w#]+", fold(one.text)))
    ]
    if len(fitting) != 1 or _fitting(context.settings, words):
        return ()
    return (Forget(kind="note", id=fitting[0].id, name=f"the note “{fitting[0].text}”"),)


def _fitting(settings: Sequence[ProjectSetting], words: set[str]) -> list[ProjectSetting]:
    """The settings that hold all telling words of the request."""
    return [
        one for one in settings if words and words <= set(re.findall(r"[\w#]+", fold(one.value)))
    ]


def _is_meant(setting: ProjectSetting, words: set[str]) -> bool:
    """Whether words name a setting as a whole, not one thing among several that it says."""
    said = {one for one in re.findall(r"[\w#]+", fold(setting.value)) if one not in STOPWORDS}
    return _LEAST_SHARE * len(said) <= len(words)


def _telling(understood: Understood) -> set[str]:
    tags = lexicon(understood.language).tags(understood.text.tokens)
    fields = {
        index
        for tag in tags
        if tag.group == "setting" and tag.name in _FIELDS
        for index in range(tag.start, tag.end)
    }
    return {
        token.text
        for index, token in enumerate(understood.text.tokens)
        if token.text.isalnum()
        and index not in fields
        and token.text not in STOPWORDS | _VERBS | _ALL
    }


def _fields(understood: Understood) -> tuple[str, ...]:
    tags = lexicon(understood.language).tags(understood.text.tokens)
    named = dict.fromkeys(tag.name for tag in tags if tag.group == "setting")
    return tuple(name for name in named if name in _FIELDS)


def _whole(context: ProjectContext) -> Wanted:
    if not (context.assets or context.settings or context.history):
        return _nothing("this project is empty")
    question = (
        f"That would be all of project {context.project}, and it can't be undone. Nothing was "
        "forgotten. Which thing do you mean (a file, the deadline, a constraint)? "
        f"`grym project forget {context.project}` takes all of it."
    )
    return Wanted(asks=(Ask(question=question, missing="target"),))


def _anything(context: ProjectContext) -> Wanted:
    held = [*(asset.name for asset in context.assets), *(one.value for one in context.settings)]
    if not held:
        return _nothing("I know nothing about that")
    return _ask("Nothing was forgotten: what do you mean exactly? I could forget {what}.", held)


def _nothing(why: str) -> Wanted:
    return Wanted(notes=(f"Nothing was forgotten: {why}.",))


def _ask(question: str, names: Sequence[str]) -> Wanted:
    shown = list(dict.fromkeys(names))
    more = [f"{len(shown) - _MOST} more"] if len(shown) > _MOST else []
    told = listed([*shown[:_MOST], *more])
    return Wanted(asks=(Ask(question=question.replace("{what}", told), missing="target"),))


def _setting(setting: ProjectSetting) -> Forget:
    return Forget(kind=setting.field, id=setting.value, name=f"{setting.field} {setting.value}")


def _words(understood: Understood) -> set[str]:
    return {token.text for token in understood.text.tokens}


def _says(text: str, name: str) -> bool:
    return bool(name) and bool(re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", text))
