"""The words that all agents share, as data: findings, tasks, criteria, reports, conflicts.

Each has one meaning, written in ``docs/architecture.md``. All are frozen: a fact that changes is a
new entry that supersedes the old one.
"""

import hashlib
import json
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from audio.assets import AssetRef
from memory.terms import Term

AgentName = Literal["gama", "qwen_vl", "coder"]
Evidence = Literal["measured", "executed", "heard", "seen", "inferred", "user"]
Op = Literal["==", "<=", ">="]
TaskStatus = Literal["planned", "done", "not_met", "failed", "skipped", "waiting"]
ArtifactKind = Literal["image", "script", "audio", "midi", "score", "session", "report"]
Level = Literal["project", "section", "element"]
NoteKind = Literal[
    "requirement", "api", "architecture", "performance", "design", "notation",
    "decision", "recommendation", "note",
]  # fmt: skip
ItemForm = Literal["full", "summary", "reference"]
WorkflowName = Literal["compose", "master", "unpack", "build"]
EventKind = Literal[
    "node_start", "node_end", "planning", "loading", "waiting", "thinking", "said", "planned",
    "task_start", "task_end", "progress", "retry", "judged", "integrating", "answering",
]  # fmt: skip

AGENTS: tuple[AgentName, ...] = ("gama", "qwen_vl", "coder")


def content_id(kind: str, *parts: JsonValue) -> str:
    """A short id that is the same for the same content, so that a replay writes nothing twice."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return f"{kind}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


class Word(BaseModel):
    """Base of everything that is stored, sent or written by a model."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Subject(Word):
    """What a finding is about."""

    kind: Literal["asset", "section", "element"]
    id: str
    """SHA-256 for an asset; the name for a section or an element."""
    start: float | None = None
    """Start of the region, in seconds."""
    end: float | None = None
    """End of the region, in seconds."""


class Finding(Word):
    """One fact with its evidence."""

    id: str
    subject: Subject
    aspect: str
    value: JsonValue
    """The value in ``unit``; None when it can't be told (the reason is in ``method``)."""
    unit: str = ""
    evidence: Evidence
    source: str
    """``agent/instrument-or-model@version``."""
    method: str = ""
    confidence: float = Field(ge=0, le=1)
    absent: bool = False
    """It was looked for and is not there: the value is None, and that is a fact."""
    turn: int = 0
    """The turn of the thread in which it was found."""
    at: str = ""
    """When it was found: ISO 8601 time, UTC; all that one turn finds has one time."""
    supersedes: str | None = None
    """The id of the finding that this one replaces."""

    @classmethod
    def make(
        cls,
        subject: Subject,
        aspect: str,
        value: JsonValue,
        *,
        unit: str,
        evidence: Evidence,
        source: str,
        method: str,
        confidence: float,
        absent: bool = False,
    ) -> Self:
        """Build a finding whose id comes from its content."""
        key = content_id("f", subject.model_dump(), aspect, value, evidence, source)
        return cls(
            id=key,
            subject=subject,
            aspect=aspect,
            value=value,
            unit=unit,
            evidence=evidence,
            source=source,
            method=method,
            confidence=confidence,
            absent=absent,
        )


class Criterion(Word):
    """A measurable condition that a task's result must meet."""

    aspect: str
    op: Op
    value: JsonValue
    """A number in the aspect's unit, or text such as a key."""
    tolerance: float | None = None
    """For ``==``: the largest distance, in the unit."""
    unit: str = ""
    measured: JsonValue = None
    met: bool | None = None


class Task(Word):
    """Work for one specialist."""

    id: str
    agent: AgentName
    objective: str
    inputs: tuple[str, ...] = ()
    """Ids of the assets it works on."""
    places: tuple["Place", ...] = ()
    """The sections and elements that it is about, where the plan tells."""
    needs: tuple[str, ...] = ()
    """Ids of the tasks that must end before it."""
    priority: int = Field(default=1, ge=1)
    reason: str = ""
    """Why the supervisor wants it."""
    criteria: tuple[Criterion, ...] = ()
    operations: tuple["Operation", ...] = ()
    """What to do, in order, as typed calls of the agent's own instruments."""
    order: "Order | None" = None
    """The workflow that the task is; its agent owns it."""
    save_as: tuple[str, ...] = ()
    """Where the request wants its results beside the output folder, in the request's own words."""
    status: TaskStatus = "planned"
    why: str = ""
    """Why it could not be done, or not better; empty while it can still be tried again."""
    rounds: int = 0


class Operation(Word):
    """One typed call of an instrument: a measure, a picture or a recipe, with its parameters."""

    name: str
    parameters: dict[str, JsonValue] = {}


class Order(Word):
    """A workflow that is asked for, with what it shall do in its own terms."""

    workflow: WorkflowName
    parameters: dict[str, JsonValue] = {}
    """What the workflow's own form of an order holds; it is checked there."""


class Ask(Word):
    """What the user must give before the work can go on."""

    question: str
    missing: str
    """What is missing: ``audio``, ``image``, ``target`` …"""


class Claim(Word):
    """What the user says that an existing file is; it loses to a measurement."""

    aspect: str
    value: JsonValue
    unit: str = ""
    about: str = ""
    """Name of the file that it is about; empty for the files at hand."""


class LookBack(Word):
    """An earlier moment that the user asks about."""

    thread: str = ""
    turn: int = 0
    """The turn of the thread after which it was; 0 where a time is named."""
    at: str = ""
    """ISO 8601 day or time."""


class Forget(Word):
    """Something that the user wants removed for good."""

    kind: Literal["asset", "goal", "style", "constraint", "deadline", "section", "element", "note"]
    id: str
    """Id of the asset or note, or the setting's words."""
    name: str
    """What it is called in answers."""


class Plan(Word):
    """What the supervisor decided to do with a request."""

    request: str = ""
    """The request that it answers, with the one that waited before it."""
    tasks: tuple[Task, ...] = ()
    asks: tuple[Ask, ...] = ()
    recalls: tuple[str, ...] = ()
    """Aspects or topics that the request asks of memory; no task is needed for them."""
    settings: tuple["ProjectSetting", ...] = ()
    """Project settings that the request states."""
    replaced: tuple["ProjectSetting", ...] = ()
    """Older settings that these take the place of; they stay on record."""
    facts: tuple["Note", ...] = ()
    """What else the user wants remembered."""
    terms: tuple[Term, ...] = ()
    """Words of the user's own that the request explains."""
    claims: tuple[Claim, ...] = ()
    """What the user says about a file, to be held against the measurement."""
    looks_back: LookBack | None = None
    """The earlier moment of which memory is asked; None for now."""
    forgets: tuple[Forget, ...] = ()
    """What the user wants removed from memory."""
    answers: tuple[str, ...] = ()
    """What was asked and arithmetic tells: notes and hertz, bars and seconds."""
    undoes: bool = False
    """Whether what was last stated is to be taken back."""
    taken_back: tuple["Note | Term", ...] = ()
    """Notes and words of the project's own that hold no longer; they stay on record."""
    notes: tuple[str, ...] = ()
    """What the answer must say beside the results, e.g. words that were not understood."""


class ProjectSetting(Word):
    """Project metadata that the user stated: on the command line or in chat, to the same effect."""

    field: Literal["goal", "style", "constraint", "deadline", "section", "element"]
    value: str


class Place(Word):
    """Where in the project's hierarchy an entry lives."""

    level: Level = "project"
    name: str = ""
    """Name of the section or element; empty for the project itself."""


class Moment(Word):
    """When something was said, found or given up, and why."""

    thread: str = ""
    """Empty when it was no turn: a command, or an import."""
    turn: int = 0
    at: str = ""
    """ISO 8601 time, UTC, with microseconds: later moments compare greater as text."""
    why: str = ""
    """In a few words, such as ``stated on the command line``."""


class Deadline(Word):
    """One point of the project's timeline."""

    what: str = ""
    """What is due, such as ``mix``; empty for the whole project."""
    date: str | None = None
    """ISO 8601 day; None when the words name none that can be told."""
    text: str
    """As the user said it."""


class Section(Word):
    """A named span of the piece."""

    name: str
    role: Literal["introduction", "main", "conclusion"] = "main"
    start: float | None = None
    """In seconds."""
    end: float | None = None
    """In seconds."""
    first_bar: int | None = None
    """Bars count from 1; the last one is part of the section."""
    last_bar: int | None = None
    text: str = ""
    """As the user said it."""


class Element(Word):
    """A part of the piece: an instrument track, an audio sample, an effects chain, parameters."""

    name: str
    kind: Literal["track", "sample", "effects_chain", "parameters"] = "track"
    section: str = ""
    """Name of the section that it belongs to; empty when it runs through the piece."""
    assets: tuple[str, ...] = ()
    """Ids of the files that hold or show it."""
    text: str = ""
    """As the user said it."""


class Note(Word):
    """What the project knows in words: a requirement, an API, a design, a decision, advice."""

    id: str
    kind: NoteKind
    text: str
    place: Place = Place()
    assets: tuple[str, ...] = ()
    """Ids of the files that it is about."""
    aspect: str = ""
    """What advice is about; empty for other notes."""
    evidence: Evidence = "user"
    source: str = "user"
    """``user``, or ``agent/instrument-or-model@version``."""
    thread: str = ""
    turn: int = 0
    at: str = ""
    """ISO 8601 time, UTC."""
    supersedes: str | None = None
    """The id of the note that this one replaces."""

    @classmethod
    def make(
        cls,
        kind: NoteKind,
        text: str,
        place: Place | None = None,
        *,
        assets: tuple[str, ...] = (),
        evidence: Evidence = "user",
        source: str = "user",
        supersedes: str | None = None,
    ) -> Self:
        """Build a note whose id comes from its content; the repository says when it was made."""
        where = place or Place()
        return cls(
            id=content_id("n", kind, text, where.level, where.name.casefold(), list(assets)),
            kind=kind,
            text=text,
            place=where,
            assets=assets,
            evidence=evidence,
            source=source,
            supersedes=supersedes,
        )


class Summary(Word):
    """What is known at one place and below it, in few sentences."""

    place: Place
    text: str
    entries: tuple[str, ...] = ()
    """Ids of the entries that its sentences come from."""
    covers: int = 0
    """How many entries lay below the place when it was written."""
    newest: int = 0
    """Number of the newest of them in the order of first writing."""
    stated: str = ""
    """Mark of what the user had stated of the place."""
    source: str
    turn: int = 0
    at: str = ""


class Thought(Word):
    """What a model was asked, thought and said: for inspection, never for answers or slices."""

    duty: str
    """What it was asked for: ``plan``, ``correct``, ``distil``, ``arbitrate``, ``adjust`` …"""
    model: str
    """The string that opens it."""
    thinking: str = ""
    said: str = ""
    fault: str = ""
    """Why what it said was not used; empty where it was."""
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    load_seconds: float = 0.0
    """Of these, how long the model was being loaded."""


class Interaction(Word):
    """One step of the processing history: who did what, what it saw, and what it cost."""

    id: str
    thread: str
    turn: int
    round: int
    who: str
    """``agent/instrument-or-model@version``."""
    task: str = ""
    what: str
    """The decision or the work, in one sentence."""
    outcome: str
    """``recalled``, ``planned``, a task's status, ``integrated``, ``evolved`` or ``answered``."""
    at: str
    saw: tuple[str, ...] = ()
    """Ids of the entries in its package."""
    tokens_in: int = 0
    """Size of its package, in tokens."""
    tokens_out: int = 0
    seconds: float = 0.0
    thoughts: tuple[Thought, ...] = ()
    """What a model thought and said in it."""


class PackageItem(Word):
    """One entry in a context package."""

    id: str
    """The entry's id: the handle that opens it in full."""
    kind: str
    place: Place = Place()
    form: ItemForm
    text: str
    tokens: int
    reason: str
    """Why it is in."""


class LeftOut(Word):
    """One entry that was considered for a package and is not in it."""

    id: str
    kind: str
    reason: str


class ContextPackage(Word):
    """What a context adapter hands to a model, within a token budget."""

    agent: str
    task: str = ""
    budget: int
    """Most tokens that it may have."""
    tokens: int
    items: tuple[PackageItem, ...] = ()
    """The most important first."""
    left_out: tuple[LeftOut, ...] = ()
    """What was weighed and left out, the most important first."""
    never_seen: dict[str, int] = {}
    """How many entries were passed over without being weighed, by reason."""
    text: str = ""
    """The items as the model reads them."""


class Recommendation(Word):
    """Advice that follows from findings."""

    text: str
    findings: tuple[str, ...]
    aspect: str


class Conflict(Word):
    """Findings that can't all be true, and what was made of them."""

    aspect: str
    findings: tuple[str, ...]
    kept: str | None
    """The id of the finding that is believed; None while open."""
    rule: str
    why: str
    status: Literal["open", "settled"]


class Flag(Word):
    """Something in an answer that contradicts what is known or wanted."""

    kind: Literal["constraint", "finding", "deadline", "work", "file"]
    text: str
    """One line for the user."""
    against: str = ""
    """The setting's words, the id of the finding, or the file's name that it contradicts."""
    aspect: str = ""
    findings: tuple[str, ...] = ()
    """Ids of the findings that show it."""


class Artifact(Word):
    """A file that the work left for the user."""

    id: str
    """SHA-256 of its content: it is an asset too."""
    name: str
    """File name for the user, such as ``mix-master.wav``."""
    kind: ArtifactKind
    made_by: str
    """``agent/instrument-or-model@version``."""
    task: str = ""
    folder: str = ""
    """The folder that it belongs in beside others, such as ``night-drive/stems``; empty: none."""


class Failure(Word):
    """Why a specialist could not do its task; the supervisor routes on it."""

    kind: Literal["failed", "skipped", "not_met"]
    why: str
    """One sentence: what was tried, what happened, what to do."""


class SliceReport(Word):
    """How much context an agent was handed."""

    agent: str
    tokens: int
    kept: int
    dropped: int


class Report(Word):
    """What one specialist returns for one task."""

    task: str
    agent: AgentName
    findings: tuple[Finding, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    slice: SliceReport | None = None
    failure: Failure | None = None
    summary: str = ""
    """One or two sentences that the findings don't say by themselves."""
    seconds: float = 0.0
    """How long the work took."""
    saw: tuple[str, ...] = ()
    """Ids of the entries in the package that it was handed."""
    tokens_out: int = 0
    """What a model wrote, in tokens; 0 on instruments."""
    degraded: tuple["Degraded", ...] = ()
    """What its model did not do, where instruments did their part without it."""
    criteria: tuple[Criterion, ...] = ()
    """What the author of code says that its results can be measured for, beside the task's."""
    trials: tuple["CodeTrial", ...] = ()
    """The versions of code that a model wrote for it, in their order."""


class CodeTrial(Word):
    """One version of code that a model wrote, and what came of it."""

    number: int
    """Counts from 1."""
    author: str
    """The string that opens the model, or ``user`` where a human changed the code."""
    files: tuple[str, ...] = ()
    """Ids of its files in the asset store, the program first."""
    decision: str = ""
    """What a human said to running it: ``approve``, ``edit`` or ``reject``; empty: unasked."""
    outcome: Literal["passed", "failed", "unsound", "refused", "none"]
    """``unsound``: it was not run, for its source has faults; ``none``: no code came."""
    faults: tuple[str, ...] = ()
    """What was wrong, with lines and numbers."""
    thought: Thought | None = None
    """What its model thought and what it cost; its text is in the files."""


class Event(Word):
    """Something that happens in a turn while its user waits; never a part of the answer."""

    kind: EventKind
    node: str
    """The node in which it happens."""
    text: str = ""
    """One line for the user; empty for a node's own start and end."""
    task: str = ""
    status: TaskStatus | None = None
    """What the task is now, where it is planned or judged."""
    model: str = ""
    """The string that opens the model that it is about."""
    seconds: float | None = None
    """How long it took, once it has ended."""
    share: float | None = None
    """How much of a workflow is done, from 0 to 1."""
    left: float | None = None
    """How many seconds a workflow will still take, as far as it can be told."""
    error: str = ""
    """Why a node ended without a result."""
    tokens: int | None = None
    """Size of the context that a specialist is handed, at its node's start."""
    kept: int | None = None
    """How many entries are in it."""
    dropped: int | None = None
    """How many were weighed for it and left out."""


class Degraded(Word):
    """A part that ran on less than what was wanted."""

    role: str
    wanted: str
    used: str
    why: str


class TurnRecord(Word):
    """One turn of the processing history."""

    thread: str
    turn: int
    when: str
    """ISO 8601 time, UTC."""
    request: str
    answer: str
    tasks: tuple[Task, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    findings: tuple[str, ...] = ()
    """Ids of the findings that the turn wrote."""
    attached: tuple[str, ...] = ()
    """Ids of the assets that came with the request."""
    models: tuple[str, ...] = ()
    """Runtimes that answered, or ``instruments``."""
    flags: tuple[Flag, ...] = ()
    """What in the answer contradicts what is known or wanted."""
    searchable: bool = True
    """Whether searches look at it; not when it only tells again what the memory holds."""
    undone: bool = False
    """Whether its user took it back; only the history tells of it then."""


class ProjectContext(Word):
    """The complete context that the supervisor reads and the adapters cut their slices from."""

    project: str
    thread: str
    turn: int
    request: str
    language: str = ""
    """The language that the request is said to be in; empty: told by its words."""
    writes_code: bool = False
    """Whether a model is there that writes what no recipe does."""
    assets: tuple[AssetRef, ...] = ()
    """Every asset of the project that matters now, newest last."""
    attached: tuple[str, ...] = ()
    """Ids of the assets that came with this request."""
    settings: tuple[ProjectSetting, ...] = ()
    sections: tuple[Section, ...] = ()
    elements: tuple[Element, ...] = ()
    findings: tuple[Finding, ...] = ()
    """What is believed now about these assets and this project, oldest first."""
    conflicts: tuple[Conflict, ...] = ()
    notes: tuple[Note, ...] = ()
    """What was recommended about these assets, oldest first."""
    facts: tuple[Note, ...] = ()
    """What the user told that the request's words recall, oldest first."""
    history: tuple[TurnRecord, ...] = ()
    """The latest turns of the project, oldest first."""
    waiting: str = ""
    """The request of this thread that still waits for what was asked of the user."""
    unfinished: tuple[Task, ...] = ()
    """The tasks of this thread's last turn, ended or not, when it was cut off before its answer."""
    terms: tuple[Term, ...] = ()
    """The project's own words."""
    order: Order | None = None
    """The workflow that this turn was started for; its words are not read for work then."""


Task.model_rebuild()
Report.model_rebuild()
Plan.model_rebuild()
