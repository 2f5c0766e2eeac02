"""What a project knows, as lines for people and as JSON for scripts."""

from collections.abc import Iterable, Iterator

from pydantic import BaseModel, JsonValue

from grym_synth.errors import BadInput, UnknownName
from grym_synth.result import show_finding
from memory.context import Place
from memory.filing.records import Record
from memory.recall.beliefs import Beliefs
from memory.repository import Repository

SHOWN = 300
"""Characters of an entry that one line shows."""


def known_json(known: Beliefs) -> dict[str, JsonValue]:
    """Everything of a project that holds at one time; every key is always present."""
    return {
        "at": known.at,
        "settings": _dumped(known.settings),
        "sections": _dumped(known.sections),
        "elements": _dumped(known.elements),
        "timeline": _dumped(known.timeline),
        "notes": _dumped(known.notes),
        "assets": _dumped(known.assets),
        "findings": _dumped(map(show_finding, known.findings)),
        "conflicts": _dumped(known.conflicts),
    }


def known_lines(known: Beliefs) -> Iterator[str]:
    """The same but for the findings, one line each."""
    for setting in known.settings:
        yield f"- {setting.field}: {setting.value}"
    for deadline in known.timeline:
        if deadline.date and deadline.date not in deadline.text:
            yield f"- due {deadline.date}: {deadline.what or 'the project'}"
    for note in known.notes:
        where = f" ({note.place.level} {note.place.name})" if note.place.name else ""
        yield f"- {note.kind}{where}: {note.text[:SHOWN]}"
    for asset in known.assets:
        yield f"- asset {asset.id[:12]} {asset.name} ({asset.kind})"
    for conflict in known.conflicts:
        if conflict.status == "open":
            yield f"- open conflict about {conflict.aspect}: {conflict.why}"


def record_json(record: Record) -> dict[str, JsonValue]:
    """One entry for scripts."""
    return {
        "id": record.id,
        "kind": record.kind,
        "place": record.place.model_dump(mode="json"),
        "text": record.text,
        "score": record.score,
        "began": record.began.model_dump(mode="json"),
        "ended": record.ended.model_dump(mode="json") if record.ended else None,
        "word": record.word.model_dump(mode="json"),
    }


def record_line(record: Record) -> str:
    """One entry for people."""
    score = f" ({record.score:.2f})" if record.score is not None else ""
    text = " ".join(record.text.split())[:SHOWN]
    return f"- `{record.id}` {record.kind}{score}: {text}" + _until(record)


def _until(record: Record) -> str:
    """When and why an entry was given up."""
    if record.ended is None:
        return ""
    when = f"{record.ended.at[:19]}Z"
    if record.ended.turn:
        when += f", turn {record.ended.turn} of {record.ended.thread}"
    return f" (until {when}: {record.ended.why or 'replaced'})"


def known_place(memory: Repository, project: str, section: str, element: str) -> Place:
    """The place that options name, as the project spells it.

    Raises:
        BadInput: a section and an element were named.
        UnknownName: the project has none of that name.
    """
    if section and element:
        raise BadInput(
            f"looking into project {project}", "a section and an element were named", "Name one"
        )
    level = "section" if section else "element"
    wanted = section or element
    if not wanted:
        return Place()
    held = memory.sections(project) if section else memory.elements(project)
    for one in held:
        if one.name.casefold() == wanted.casefold():
            return Place(level="section" if section else "element", name=one.name)
    raise UnknownName(
        f"looking for {level} {wanted}",
        f"project {project} has none of that name",
        f'State it with `grym project set {level} "{wanted}: …" --project {project}`',
    )


def _dumped(words: Iterable[BaseModel]) -> list[JsonValue]:
    return [word.model_dump(mode="json") for word in words]
