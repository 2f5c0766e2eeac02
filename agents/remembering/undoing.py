"""Taking back what was stated last: the older version holds again, the newer stays on record."""

from collections.abc import Sequence

from agents.planning.languages import read_request
from agents.planning.taking_back import fields_named
from agents.wording import listed
from memory.context import Note, Plan, ProjectContext, ProjectSetting
from memory.filing.names import NOTE_KINDS
from memory.filing.records import Record, RecordKind
from memory.filing.stating import Stated
from memory.forgetting.blanking import BLANK
from memory.recall.listing import Page, Query
from memory.repository import Repository
from memory.shelf.reading import as_setting
from memory.terms import Term

_KINDS: tuple[RecordKind, ...] = (
    "goal", "style", "constraint", "deadline", "section", "element", "term",
    *(kind for kind in NOTE_KINDS if kind != "recommendation"),
)  # fmt: skip
_MOST = 500
"""Newest entries among which what was stated last is looked for."""


def undone(plan: Plan, repository: Repository, context: ProjectContext) -> Plan:
    """The plan with what it takes back, and what holds again; as it is where nothing is undone.

    Args:
        plan: the draft.
        repository: knows what was stated when.
        context: the thread whose last statement is meant.
    """
    if not plan.undoes:
        return plan
    fields = fields_named(read_request(context))
    if not fields and (files := _made_last(context)):
        return plan.model_copy(update={"answers": (files,)})
    records = [one for one in _stated(repository, context) if not fields or one.kind in fields]
    last = max((one.began.turn for one in records if one.ended is None), default=0)
    new = [one for one in records if one.ended is None and one.began.turn == last]
    if not new:
        what = f"no {listed(sorted(fields))} was" if fields else "nothing was"
        return plan.model_copy(update={"answers": (f"Nothing to undo: {what} stated here.",)})
    old = [one for one in records if one.ended is not None and one.ended.turn == last]
    again = _settings(old)
    return plan.model_copy(
        update={
            "settings": again,
            "replaced": tuple(one for one in _settings(new) if one not in again),
            "facts": tuple(one.word for one in old if isinstance(one.word, Note)),
            "taken_back": tuple(one.word for one in new if isinstance(one.word, Note | Term)),
            "answers": (f"Undone: what was stated in turn {last}.{_gone(context, last)}",),
        }
    )


def _gone(context: ProjectContext, last: int) -> str:
    """What to add where something was forgotten later than that."""
    later = (one for one in context.history if one.thread == context.thread and one.turn > last)
    forgot = any(one.request == BLANK for one in later)
    return " What was forgotten since then is gone for good." if forgot else ""


def _stated(repository: Repository, context: ProjectContext) -> list[Record]:
    """What the user stated in this thread, also what holds no longer."""
    query = Query(kinds=_KINDS, ended=True)
    found = repository.entries(context.project, query, Page(size=_MOST)).records
    return [
        one
        for one in found
        if (one.began.thread == context.thread and one.began.turn > 0)
        or (one.ended is not None and one.ended.thread == context.thread)
        if not isinstance(one.word, Note) or one.word.source == "user"
    ]


def _settings(records: Sequence[Record]) -> tuple[ProjectSetting, ...]:
    return tuple(as_setting(one.word) for one in records if isinstance(one.word, Stated))


def _made_last(context: ProjectContext) -> str:
    """What to say where the thread's last turn made files: there is nothing to take back."""
    own = [one for one in context.history if one.thread == context.thread]
    made = [one.name for one in own[-1].artifacts if one.kind == "audio"] if own else []
    if not made:
        return ""
    names = {asset.id: asset.name for asset in context.assets}
    sources = {names[id_] for task in own[-1].tasks for id_ in task.inputs if id_ in names}
    kept = listed(sorted(sources - {*made})) or "The source"
    return (
        f"Nothing needs to be undone: {kept} was not changed. Turn {own[-1].turn} left its result "
        f"beside it as {listed(made)}; work goes on from {kept} unless you name the result."
    )
