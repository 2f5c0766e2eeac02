"""What integration reads from and writes to project memory beside findings: frames and advice."""

from collections.abc import Iterable, Sequence

from memory.context import (
    Element,
    Finding,
    Moment,
    Note,
    Plan,
    ProjectContext,
    Recommendation,
    Section,
)
from memory.distilling.conflicts import Frame
from memory.distilling.distill import recommended
from memory.filing.records import now
from memory.hierarchy.spans import span_of, time_of
from memory.recall.listing import Page, Query
from memory.repository import Repository

_MOST_HELD = 200
"""Most older notes about one file that new advice is compared with, the newest first."""


def frame_of(repository: Repository, context: ProjectContext) -> Frame:
    """Where the project's sections and elements lie in the files of a turn."""
    sections = repository.sections(context.project)
    elements = repository.elements(context.project)
    return _frame(sections, elements, context)


def states(plan: Plan) -> bool:
    """Whether a plan holds what is to be remembered, though it may have no task."""
    stated = (plan.settings, plan.claims, plan.facts, plan.terms)
    return any((*stated, plan.replaced, plan.taken_back))


def keep_stated(repository: Repository, project: str, plan: Plan, when: Moment) -> None:
    """Remember what a request states; what it takes the place of stays on record."""
    repository.withdraw(project, plan.replaced, when.model_copy(update={"why": "stated otherwise"}))
    repository.take_back(project, plan.taken_back, when.model_copy(update={"why": "taken back"}))
    stated = when.model_copy(update={"why": "stated in the request"})
    for setting in plan.settings:
        repository.set(project, setting, stated)
    repository.add_notes(project, plan.facts, stated)
    for term in plan.terms:
        repository.put_term(project, term, stated)


def keep_advice(
    repository: Repository,
    context: ProjectContext,
    advice: Iterable[Recommendation],
    findings: Sequence[Finding],
) -> None:
    """Remember a turn's recommendations as notes; what is known already is not said again."""
    grounds = {one.id: one for one in (*context.findings, *findings)}
    advice = tuple(advice)
    files = {grounds[name].subject.id for one in advice for name in one.findings if name in grounds}
    held = [note for file in sorted(files) for note in _held(repository, context.project, file)]
    elements = _holders(repository.elements(context.project))
    names = {file: name for name, file in elements.items()}
    notes = recommended(advice, grounds.values(), held, names)
    repository.add_notes(context.project, notes, now(context.thread, context.turn))


def _held(repository: Repository, project: str, asset: str) -> list[Note]:
    query = Query(kinds=("recommendation",), asset=asset)
    records = repository.entries(project, query, Page(size=_MOST_HELD)).records
    return [one.word for one in records if isinstance(one.word, Note)]


def _frame(
    sections: Sequence[Section], elements: Sequence[Element], context: ProjectContext
) -> Frame:
    """Bars are counted in the tempo of the newest whole piece that has one."""
    parts = {id_ for one in elements for id_ in one.assets}
    whole = [one for one in context.assets if one.kind == "audio" and one.id not in parts]
    times = (
        time_of(one for one in context.findings if one.subject.id == asset.id)
        for asset in reversed(whole)
    )
    time = next((one for one in times if one is not None), None)
    spans = {one.name: span for one in sections if (span := span_of(one, time)) is not None}
    last = max((span.end for span in spans.values()), default=0.0)
    pieces = [one.id for one in whole if (one.seconds or 0.0) >= last]
    return Frame(elements=_holders(elements), sections=spans, piece=(pieces or [""])[-1])


def _holders(elements: Sequence[Element]) -> dict[str, str]:
    """The one file that holds an element, by the element's name."""
    return {one.name: one.assets[0] for one in elements if len(one.assets) == 1}
