"""What memory holds of the project's files, of its name, and of a part of the piece."""

import re
from collections.abc import Iterator, Mapping

from agents.planning.places import places_of
from agents.planning.text import read_text
from agents.remembering.remembering import facts_line
from agents.wording import finding_text
from memory.context import Finding, Note, Place, Plan, ProjectContext
from memory.filing.names import NOTE_KINDS, says
from memory.filing.records import RecordKind
from memory.recall.listing import Page, Query
from memory.repository import Repository

MOST_FILES = 40
"""Most files that are listed, the newest."""
MOST_TURNS = 500
"""Latest turns that tell which files the team made."""
MOST_CONFLICTS = 10
"""Most open contradictions that are told, the newest."""
MOST_NOTES = 40
"""Most notes that such questions look at, the newest."""
_OF_FILES = frozenset({"files", "project"})
_OF_NOTES = frozenset({"name", "project", "places", "notes"})
"""Topics that are about all files, or all notes, not only those that the request recalls."""
_TOLD: tuple[RecordKind, ...] = tuple(one for one in NOTE_KINDS if one != "recommendation")
_CALLED = re.compile(
    r"\b(?:called|named|titled|entitled|tit(?:le|el|ulo|re)(?: of \w+ \w+)?(?: now)?"
    r"(?: is| ist| es| est|:)(?: jetzt| now| ahora)?|name is|heißt|se llama|"
    r"s'appelle|(?:call|name) (?:it|this|the \w+))\s+(?P<name>\S.{0,80})",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:singer|drummer|bassist|guitarist|engineer|producer|patch|preset|plugin|sample|file|"
    r"label|client|kick|snare|bass|lead|pad|synth)\s+(?:is\s+)?(?:called|named)\b",
    re.IGNORECASE,
)


def widened(repository: Repository, context: ProjectContext, plan: Plan) -> ProjectContext:
    """The context with all files and notes of the project, where the plan asks for them."""
    if plan.looks_back:
        return context
    changes: dict[str, object] = {}
    if _OF_FILES.intersection(plan.recalls):
        assets = repository.assets(context.project)[-MOST_FILES:]
        findings = repository.findings(context.project, subjects=[one.id for one in assets])
        known = {one.id: one for one in (*context.findings, *findings)}
        changes["assets"] = (*{one.id: one for one in (*assets, *context.assets)}.values(),)
        changes["findings"] = (*known.values(),)
        turns = repository.history(context.project, limit=MOST_TURNS)
        changes["history"] = (*{(one.thread, one.turn): one for one in turns}.values(),)
    if _OF_NOTES.intersection(plan.recalls):
        found = repository.entries(context.project, Query(kinds=_TOLD), Page(size=MOST_NOTES))
        notes = [one.word for one in reversed(found.records) if isinstance(one.word, Note)]
        told = [one for one in notes if one.evidence == "user"]
        changes["facts"] = (*{one.id: one for one in (*context.facts, *told)}.values(),)
    if "conflicts" in plan.recalls:
        changes |= _disputed(repository, context)
    return context.model_copy(update=changes) if changes else context


def _disputed(repository: Repository, context: ProjectContext) -> dict[str, object]:
    """The open contradictions of the project, with their sides and the files of these."""
    conflicts = repository.open_conflicts(context.project, MOST_CONFLICTS)
    ids = dict.fromkeys(id_ for one in conflicts for id_ in one.findings)
    held = (repository.open(context.project, id_) for id_ in ids)
    sides = [one.word for one in held if one is not None and isinstance(one.word, Finding)]
    files = {one.subject.id for one in sides if one.subject.kind == "asset"}
    assets = repository.assets_of(context.project, sorted(files))
    return {
        "conflicts": conflicts,
        "findings": (*{one.id: one for one in (*context.findings, *sides)}.values(),),
        "assets": (*{one.id: one for one in (*assets, *context.assets)}.values(),),
    }


def files_held(context: ProjectContext, names: Mapping[str, str]) -> Iterator[str]:
    """Each file of the project, with what is known of it in a line."""
    made = {one.id for turn in context.history for one in turn.artifacts}
    for asset in context.assets:
        told = [asset.kind, *facts_line(context, asset)]
        if asset.id in made:
            told.append("made by the team")
        yield f"{names.get(asset.id, asset.name)}: {', '.join(told)}"
    if not context.assets:
        yield "the project has no file yet"


def title_lines(context: ProjectContext) -> Iterator[str]:
    """What was said of the piece's name, the newest last; else the project's own."""
    told = [one.text for one in context.facts] + [one.value for one in context.settings]
    told += [turn.request for turn in context.history if not turn.request.rstrip().endswith("?")]
    lines = [text for text in told if _CALLED.search(text) and not _OTHERS.search(text)]
    if lines:
        yield from dict.fromkeys(" ".join(text.split())[:200] for text in lines)
        return
    yield f"the project is called {context.project}; no other name was told"


def conflict_lines(context: ProjectContext) -> Iterator[str]:
    """How many contradictions are open; the answer tells each below."""
    if not (many := len(context.conflicts)):
        yield "no contradiction is open"
    elif many == 1:
        yield "one contradiction is open"
    else:
        yield f"{many} contradictions are open"


def place_lines(context: ProjectContext) -> Iterator[str]:
    """What is known of the parts of the piece that the request names."""
    for place in places_of(context, read_text(context.request).words):
        yield from dict.fromkeys(_of_place(context, place))


def _of_place(context: ProjectContext, place: Place) -> Iterator[str]:
    name = place.name.casefold()
    for section in context.sections:
        if place.level == "section" and section.name.casefold() == name:
            yield f"section: {section.text or section.name}"
    for element in context.elements:
        if name in (element.name.casefold(), element.section.casefold()):
            yield f"element: {element.text or element.name}"
    for note in context.facts:
        if note.place == place or says(note.text, place.name):
            yield f"{note.kind}: {note.text}"
    for setting in context.settings:
        if setting.field not in ("section", "element") and says(setting.value, place.name):
            yield f"{setting.field}: {setting.value}"
    for finding in context.findings:
        if finding.subject.kind == place.level and finding.subject.id.casefold() == name:
            yield finding_text(finding)
