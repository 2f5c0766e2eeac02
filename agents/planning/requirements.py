"""What a project's settings demand of its sound, clause by clause, and what they bar.

A clause that speaks of one instrument, section or element demands nothing of a whole file.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from agents.planning.criteria import targets
from agents.planning.languages import language_of
from agents.planning.levels import DEFAULT_LUFS
from agents.planning.lexicon import lexicon
from agents.planning.text import read_text
from audio.aspects import is_number
from memory.context import Criterion, ProjectSetting

_DEMANDING = ("goal", "style", "constraint")
_CLAUSE = re.compile(r"[;\n]|,(?!\d)|\.(?:\s|$)|\s+(?:and|but|und|aber|y|pero|et|mais)\s+")
_ABOUT_PARTS = {"channels"}
"""Words such as "mono bass" speak of a part of the mix, not of the file."""
_BARRED = re.compile(
    r"\b(?:no|never(?:\s+(?:use|add|put))?|without(?:\s+any)?|avoid|don't\s+(?:use|add)|keine?n?|"
    r"ohne|sin|sans|pas\s+de)\s+(?:any\s+|a\s+|the\s+)?(?P<thing>[^\W\d_][\w' -]{2,40}?)"
    r"(?=\s+(?:anywhere|at\s+all|please|in\s+(?:this|the|any)\s+\w+|for\s+this\s+\w+)\b|\s*$|[.,;:!)(])",
    re.IGNORECASE,
)
_NO_THING = re.compile(
    r"^(?:more|less|louder|longer|higher|lower|faster|slower|over|under|above|below|exceed\w*|need|"
    r"mehr)\b|\d|\s(?:on|in|at|for|auf|im|en)\s",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Requirement:
    """One measurable demand of a setting."""

    setting: ProjectSetting
    clause: str
    """The part of the setting that states it."""
    criterion: Criterion


def requirements(settings: Iterable[ProjectSetting]) -> tuple[Requirement, ...]:
    """The measurable demands on a whole file that settings state, in their order."""
    return tuple(
        Requirement(setting, clause, criterion)
        for setting in settings
        if setting.field in _DEMANDING
        for clause in clauses(setting.value)
        if not _is_about_a_part(clause, settings)
        for criterion in targets(clause)
        if criterion.aspect not in _ABOUT_PARTS
    )


def demands_of(settings: Sequence[ProjectSetting]) -> dict[str, float]:
    """The loudness and the true peak that settings want of a whole file, by aspect.

    A loudness that is only limited is that of a usual master, within the limit.
    """
    demands: dict[str, float] = {}
    for one in (requirement.criterion for requirement in requirements(settings)):
        if not is_number(one.value):
            continue
        if one.aspect == "loudness.integrated_lufs":
            usual = demands.get(one.aspect, DEFAULT_LUFS)
            limited = min(usual, one.value) if one.op == "<=" else max(usual, one.value)
            demands[one.aspect] = one.value if one.op == "==" else limited
        elif one.aspect == "loudness.true_peak_dbtp" and one.op != ">=":
            demands[one.aspect] = one.value
    return demands


def barred(settings: Iterable[ProjectSetting]) -> Iterator[tuple[ProjectSetting, str]]:
    """What settings rule out by name, such as ``vocals`` of "no vocals"."""
    for setting in settings:
        if setting.field in _DEMANDING:
            for clause in clauses(setting.value):
                for found in _BARRED.finditer(clause):
                    thing = found["thing"].strip().casefold()
                    if not _NO_THING.match(thing):
                        yield setting, thing


def clauses(text: str) -> list[str]:
    """The parts of a setting that each say one thing."""
    return [part.strip() for part in _CLAUSE.split(text) if part and part.strip()]


def _is_about_a_part(clause: str, settings: Iterable[ProjectSetting]) -> bool:
    text = read_text(clause)
    tags = lexicon(language_of(text)).tags(text.tokens)
    if text.files or any(tag.group == "media" and tag.name == "instrument" for tag in tags):
        return True
    if any(tag.group == "setting" and tag.name == "section" for tag in tags):
        return True
    words = {token.text for token in text.tokens}
    return any(
        set(re.findall(r"[^\W_]+", one.value.split(":")[0].casefold())) <= words
        for one in settings
        if one.field in ("section", "element") and ":" in one.value
    )
