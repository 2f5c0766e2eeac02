"""Sections and elements that a request names: their files, their times, their places."""

import re
from collections.abc import Iterator

from agents.planning.quantities import Quantity
from audio.assets import AssetRef
from audio.media import AssetKind
from memory.context import Place, ProjectContext
from memory.hierarchy.spans import span_of, time_of


def places_of(context: ProjectContext, words: str) -> tuple[Place, ...]:
    """The project's sections and elements that a request's words name."""
    sections = [one.name for one in context.sections if _said(words, one.name)]
    elements = [one.name for one in context.elements if _said(words, one.name)]
    return (
        *(Place(level="section", name=name) for name in sections),
        *(Place(level="element", name=name) for name in elements),
    )


def element_files(context: ProjectContext, words: str, kind: AssetKind) -> tuple[AssetRef, ...]:
    """The files of a kind that hold the elements which a request's words name."""
    held = {id_ for one in context.elements if _said(words, one.name) for id_ in one.assets}
    return tuple(one for one in context.assets if one.id in held and one.kind == kind)


def section_times(context: ProjectContext, words: str) -> tuple[Quantity, ...]:
    """Start and end of each section that a request's words name, as if they said the seconds.

    A section that is stated in bars lies by the tempo of the newest file at hand that has one.
    """
    return tuple(_times(context, words))


def _times(context: ProjectContext, words: str) -> Iterator[Quantity]:
    told = (
        time_of(one for one in context.findings if one.subject.id == asset.id)
        for asset in reversed(context.assets)
    )
    time = next((one for one in told if one is not None), None)
    for section in context.sections:
        found, span = _said(words, section.name), span_of(section, time)
        if found is not None and span is not None:
            for seconds in span:
                yield Quantity("seconds", seconds, found.start(), found.end())


def _said(words: str, name: str) -> re.Match[str] | None:
    """Where words say a name, whatever joins its parts."""
    pattern = r"[\W_]+".join(map(re.escape, re.findall(r"\w+", name)))
    return re.search(rf"(?<!\w){pattern}(?!\w)", words, re.IGNORECASE) if pattern else None
