"""The labelled set for sharing efficiency: projects, tasks, and the entries that each task needs.

The form is documented in ``evals/datasets/sharing/README.md``. This module reads and checks it; it
scores nothing.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, JsonValue, TypeAdapter, ValidationError, field_validator

from audio.media import AssetKind
from grym_synth.errors import BadInput
from memory.context import AgentName, Evidence, Subject, Word

Level = Literal["project", "section", "element"]
SettingKind = Literal["goal", "style", "constraint", "deadline"]
NoteKind = Literal[
    "requirement",
    "api",
    "architecture",
    "performance",
    "design",
    "notation",
    "decision",
    "recommendation",
    "note",
]

DATASETS = Path(__file__).parent / "datasets" / "sharing"


class Placed(Word):
    """What every entry says beside its content."""

    id: str = Field(min_length=1)
    level: Level = "project"
    place: str = ""
    """The name of the section or element that it belongs to; empty at project level."""
    turn: int = Field(ge=0)
    """The turn that wrote it, counted through the whole project."""
    at: str
    """ISO 8601 time, UTC; all that one turn writes may have one time."""
    supersedes: str | None = None
    """The id of the earlier entry that this one replaces."""
    comment: str = ""
    """For people who read the file; no part of the project's context."""

    @field_validator("at")
    @classmethod
    def _is_utc(cls, value: str) -> str:
        moment = datetime.fromisoformat(value)
        offset = moment.utcoffset()
        if offset is None or offset.total_seconds() != 0:
            raise ValueError("give a UTC time such as 2026-03-02T10:00:00Z")
        return value


class SettingEntry(Placed):
    """A goal, style guideline, constraint or deadline."""

    kind: SettingKind
    text: str


class SectionEntry(Placed):
    """A span of the timeline; ``place`` is its name."""

    kind: Literal["section"]
    text: str = ""
    start: float | None = None
    """In seconds."""
    end: float | None = None
    """In seconds."""
    start_bar: int | None = None
    """First bar, counted from 1."""
    end_bar: int | None = None
    """Last bar, included."""


class ElementEntry(Placed):
    """An instrument track, a sample, an effects chain or a set of parameters."""

    kind: Literal["element"]
    role: Literal["track", "sample", "chain", "parameters"]
    text: str = ""
    parameters: dict[str, JsonValue] = Field(default_factory=dict)
    """Technical parameters by name, units in the names."""


class AssetEntry(Placed):
    """A file of the project with what its header says."""

    kind: Literal["asset"]
    media: AssetKind
    name: str
    text: str = ""
    """What it is, in a sentence."""
    seconds: float | None = None
    sample_rate_hz: int | None = None
    channels: int | None = None
    width: int | None = None
    """In pixels."""
    height: int | None = None
    """In pixels."""
    shows: str | None = None
    """The asset whose sound a picture shows."""
    axes: str = ""
    """What the axes of a picture are: ranges, units, scale."""


class FindingEntry(Placed):
    """One fact with its evidence."""

    kind: Literal["finding"]
    subject: Subject
    """Its id is an asset entry's id, or the name of a section or an element."""
    aspect: str
    value: JsonValue
    unit: str = ""
    evidence: Evidence
    source: str
    method: str = ""
    confidence: float = Field(ge=0, le=1)
    absent: bool = False


class ConflictEntry(Placed):
    """Findings that can't all be true, and what was made of them."""

    kind: Literal["conflict"]
    aspect: str
    findings: tuple[str, ...]
    kept: str | None = None
    rule: str
    why: str
    status: Literal["open", "settled"]


class TurnEntry(Placed):
    """What the user said in one turn, and what was answered."""

    kind: Literal["turn"]
    thread: str
    request: str
    answer: str
    attached: tuple[str, ...] = ()
    """Ids of the assets that came with the request."""


class NoteEntry(Placed):
    """A piece of text: a specification, a decision, advice, what was done to a sound."""

    kind: NoteKind
    title: str
    text: str
    about: tuple[str, ...] = ()
    """Ids of the entries that it is about."""


Entry = Annotated[
    SettingEntry
    | SectionEntry
    | ElementEntry
    | AssetEntry
    | FindingEntry
    | ConflictEntry
    | TurnEntry
    | NoteEntry,
    Field(discriminator="kind"),
]


class Need(Word):
    """An entry without which a task can't be done well."""

    id: str
    why: str


class LabelledTask(Word):
    """A task for one specialist, with the entries that it really needs."""

    id: str = Field(min_length=1)
    agent: AgentName
    objective: str
    inputs: tuple[str, ...] = ()
    """Ids of the asset entries that it works on; they are handed over with the task."""
    section: str = ""
    element: str = ""
    necessary: tuple[Need, ...] = Field(min_length=1)
    comment: str = ""


class ProjectHead(Word):
    """The project's name and what it is."""

    name: str = Field(min_length=1)
    title: str = ""
    text: str = ""


class SharingSet(Word):
    """One project with its entries, in the order of their turns, and its labelled tasks."""

    form: Literal[1]
    project: ProjectHead
    entries: tuple[Entry, ...]
    tasks: tuple[LabelledTask, ...]
    comment: str = ""

    @property
    def superseded(self) -> frozenset[str]:
        """Ids of the entries that a later one replaces."""
        return frozenset(one.supersedes for one in self.entries if one.supersedes is not None)


_SETS: TypeAdapter[SharingSet] = TypeAdapter(SharingSet)


def load(path: Path) -> list[SharingSet]:
    """Read the sets of a file, which holds one or a list of them, or of a folder of files.

    Raises:
        BadInput: it can't be read; the error names the file, the line or entry, and the fault.
    """
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    if not files:
        raise _refused(path, "the folder holds no .json file")
    return [one for file in files for one in _read(file)]


def _read(file: Path) -> Iterator[SharingSet]:
    try:
        content: JsonValue = json.loads(file.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as fault:
        raise _refused(file, f"line {fault.lineno}, column {fault.colno}: {fault.msg}") from fault
    except (OSError, UnicodeDecodeError) as fault:
        raise _refused(file, str(fault)) from fault
    for number, raw in enumerate(content if isinstance(content, list) else [content]):
        where = f"set {number}: " if isinstance(content, list) else ""
        try:
            one = SharingSet.model_validate(raw)
        except ValidationError as fault:
            raise _refused(file, where + _first_fault(raw, fault)) from fault
        wrong = next(_faults(one), None)
        if wrong is not None:
            raise _refused(file, where + wrong)
        yield one


def _refused(file: Path, happened: str) -> BadInput:
    return BadInput(
        f"reading the sharing set {file}",
        happened,
        "Correct it; evals/datasets/sharing/README.md describes the form",
    )


def _first_fault(raw: JsonValue, fault: ValidationError) -> str:
    """The first thing that is wrong with the form, with the entry's or task's own id."""
    errors = fault.errors(include_url=False)
    place = [*errors[0]["loc"]]
    said = errors[0]["msg"]
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    match place:
        case [("entries" | "tasks" as part), int(number), *rest]:
            # The loc of an entry goes on with its kind, which is no field.
            field = ".".join(str(step) for step in (rest[1:] if part == "entries" else rest))
            where = f"{part}[{number}]{_id_of(raw, part, number)}"
            return f"{where}: {field + ': ' if field else ''}{said}{more}"
        case _:
            return f"{'.'.join(str(step) for step in place) or 'the top'}: {said}{more}"


def _id_of(raw: JsonValue, part: str, number: int) -> str:
    entries = raw.get(part) if isinstance(raw, dict) else None
    entry = entries[number] if isinstance(entries, list) and number < len(entries) else None
    return f" (id {entry['id']})" if isinstance(entry, dict) and "id" in entry else ""


def _faults(one: SharingSet) -> Iterator[str]:
    """What is wrong between entries: doubled ids, references to nothing, times that run back."""
    yield from _doubled("entry", [entry.id for entry in one.entries])
    yield from _doubled("task", [task.id for task in one.tasks])
    known = {entry.id: entry for entry in one.entries}
    places = {
        "section": {entry.place for entry in one.entries if isinstance(entry, SectionEntry)},
        "element": {entry.place for entry in one.entries if isinstance(entry, ElementEntry)},
    }
    for entry in one.entries:
        yield from _entry_faults(entry, known, places)
    yield from _backward_times(one.entries)
    for task in one.tasks:
        yield from _task_faults(task, known, places, one.superseded)


def _doubled(what: str, ids: list[str]) -> Iterator[str]:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            yield f"two {what} ids are {one}"
        seen.add(one)


def _entry_faults(
    entry: Entry, known: dict[str, Entry], places: dict[str, set[str]]
) -> Iterator[str]:
    here = f"entry {entry.id}"
    if (entry.level == "project") != (entry.place == ""):
        yield f"{here}: `place` names the section or element, and is empty at project level"
    elif entry.level != "project" and entry.place not in places[entry.level]:
        yield f"{here}: no {entry.level} entry has the place {entry.place!r}"
    for told in _references(entry):
        if told not in known:
            yield f"{here}: it refers to {told!r}, which is no entry"
    if entry.supersedes in known and known[entry.supersedes].turn > entry.turn:
        yield f"{here}: it supersedes {entry.supersedes}, which is later"
    if isinstance(entry, FindingEntry):
        subject = entry.subject
        there = known if subject.kind == "asset" else places[subject.kind]
        if subject.id not in there:
            yield f"{here}: its subject {subject.id!r} is no {subject.kind} of the set"


def _references(entry: Entry) -> Iterator[str]:
    if entry.supersedes is not None:
        yield entry.supersedes
    match entry:
        case AssetEntry(shows=str(shown)):
            yield shown
        case ConflictEntry():
            yield from (*entry.findings, *([] if entry.kept is None else [entry.kept]))
        case TurnEntry():
            yield from entry.attached
        case NoteEntry():
            yield from entry.about


def _backward_times(entries: tuple[Entry, ...]) -> Iterator[str]:
    ordered = sorted(entries, key=lambda one: one.turn)
    latest: Entry | None = None
    for entry in ordered:
        moment = datetime.fromisoformat(entry.at)
        if latest is not None and entry.turn > latest.turn:
            if moment < datetime.fromisoformat(latest.at):
                yield f"entry {entry.id}: turn {entry.turn} is before turn {latest.turn} in time"
            latest = entry
        latest = latest or entry


def _task_faults(
    task: LabelledTask,
    known: dict[str, Entry],
    places: dict[str, set[str]],
    superseded: frozenset[str],
) -> Iterator[str]:
    here = f"task {task.id}"
    for asset in task.inputs:
        if not isinstance(known.get(asset), AssetEntry):
            yield f"{here}: its input {asset!r} is no asset entry"
    for kind, place in (("section", task.section), ("element", task.element)):
        if place and place not in places[kind]:
            yield f"{here}: no {kind} entry has the place {place!r}"
    yield from (f"{here}: {fault}" for fault in _need_faults(task, known, superseded))


def _need_faults(
    task: LabelledTask, known: dict[str, Entry], superseded: frozenset[str]
) -> Iterator[str]:
    yield from _doubled("necessary", [need.id for need in task.necessary])
    for need in task.necessary:
        if need.id not in known:
            yield f"it needs {need.id!r}, which is no entry"
        elif need.id in superseded:
            yield f"it needs {need.id}, which a later entry supersedes"
