"""What matters now: the part of a project's memory that a turn starts from."""

from collections.abc import Iterable, Mapping, Sequence
from os.path import basename, splitext
from pathlib import PurePath

from audio.aspects import SHOWS
from memory.context import Element, Finding, Note, ProjectContext, Section, TurnRecord
from memory.filing.keys import ASSETS, FINDINGS, NOTES, TURNS
from memory.filing.names import says
from memory.filing.records import assets_of, record_of, word_of
from memory.packing.file_names import says as says_name
from memory.recall.advice import advice_about
from memory.shelf.reading import as_setting
from memory.shelf.shelf import Shelf
from memory.storage.entries import Found

HISTORY = 10
"""Latest turns of the project that a turn sees."""

LOOKED_BACK = 200
"""Latest turns of the thread among which the file that it is about is looked for."""

RECALLED = 6
"""Entries that the request's words recall beside these."""

RECALLED_ASSETS = 4
"""Most assets that these entries bring back."""

_TELLING = (ASSETS, FINDINGS, TURNS)
"""Kinds of entries that bring back the assets that they are about."""


def recall(
    shelf: Shelf, thread: str, turn: int, request: str, attached: Sequence[str]
) -> ProjectContext:
    """Gather the complete context of one turn.

    The assets in focus are the attached ones and those whose file name the request says; else
    those that hold an element which it names, behind those of the thread's latest turn; else those
    that it names without the suffix; else those of the thread's latest turn, behind those that its
    last answer asked about; in a thread
    that has none lately, those that the request's words recall and what it was about last, or the
    project's latest turn.
    A project without a turn has nothing to recall, and its first one waits for no index.
    """
    recent = _lately(shelf)
    found = shelf.store.find(shelf.place(), request, RECALLED) if recent and request.strip() else []
    with shelf.store.at_once():
        return _gathered(shelf, thread, turn, request, attached, found, recent)


def _gathered(
    shelf: Shelf,
    thread: str,
    turn: int,
    request: str,
    attached: Sequence[str],
    found: Sequence[Found],
    recent: Sequence[TurnRecord],
) -> ProjectContext:
    """The context, once it is known what the request's words recall and which turns were last."""
    stated = shelf.stated()
    elements = tuple(one for one in stated if isinstance(one, Element))
    focus = _focus(shelf, thread, request, attached, found, recent, elements)
    focus = _last_once([*_shown(shelf, [*attached, *_pictures(shelf, focus)]), *focus])
    assets = shelf.assets_of(focus)
    findings = shelf.findings([asset.id for asset in assets])
    recalled = _recalled_findings(found)
    kept = {finding.id: finding for finding in (*recalled, *findings)}
    return ProjectContext(
        project=shelf.project,
        thread=thread,
        turn=turn,
        request=request,
        assets=assets,
        attached=tuple(attached),
        settings=tuple(map(as_setting, stated)),
        sections=tuple(one for one in stated if isinstance(one, Section)),
        elements=elements,
        findings=tuple(kept.values()),
        conflicts=shelf.conflicts_about(kept),
        notes=advice_about(shelf, focus),
        facts=_recalled_notes(found),
        history=_in_order((*_recalled_turns(found), *recent)),
        terms=shelf.terms(),
    )


def _lately(shelf: Shelf, thread: str | None = None) -> tuple[TurnRecord, ...]:
    """The newest turns of the project or of a thread that stand, oldest first."""
    return tuple(one for one in shelf.turns(thread, newest=HISTORY) if not one.undone)


def _focus(
    shelf: Shelf,
    thread: str,
    request: str,
    attached: Sequence[str],
    found: Sequence[Found],
    recent: Sequence[TurnRecord],
    elements: Sequence[Element],
) -> list[str]:
    """Ids of the assets that the turn is about, the most certain ones last."""
    said, names = _folded(request), shelf.asset_names()
    known = {
        id_: name
        for id_, name in names.items()
        if _folded(splitext(basename(name))[0].strip()) in said
    }
    by_file = [id_ for id_, name in known.items() if says(request, name)]
    if attached or by_file:
        return _last_once([*by_file, *attached])
    by_element = [id_ for one in elements if says_name(request, one.name) for id_ in one.assets]
    if by_element:
        return _last_once([*_latest_assets(_lately(shelf, thread)), *by_element])
    by_name = [id_ for id_, name in known.items() if says(request, PurePath(name).stem)]
    if by_name:
        return by_name
    lately = _lately(shelf, thread)
    asked = _asked_about(lately, names)
    if own := _latest_assets(lately):
        return _last_once([*asked, *own])
    recalled = _last_once(_recalled_assets(found))[-RECALLED_ASSETS:]
    if latest := _given_before(shelf, thread) or _latest_assets(recent):
        return _last_once([*recalled, *latest, *asked])
    return _last_once([*recalled, *asked])


def _pictures(shelf: Shelf, ids: Sequence[str]) -> list[str]:
    return [one.id for one in shelf.assets_of(ids) if one.kind == "image"]


def _shown(shelf: Shelf, pictures: Sequence[str]) -> list[str]:
    """Ids of the sounds that pictures show: what is seen in them is about these."""
    ties = shelf.findings(pictures) if pictures else ()
    return [str(one.value) for one in ties if one.aspect == SHOWS]


def _folded(text: str) -> str:
    """A text in which letters are equal that a pattern takes for the same, the dotless i too."""
    return text.casefold().replace("ı", "i")


def _latest_assets(turns: Sequence[TurnRecord]) -> list[str]:
    """Assets of the newest turn that had any: what came with it, its inputs, what it made."""
    for turn in reversed(turns):
        if ids := assets_of(turn):
            return [*ids]
    return []


def _asked_about(turns: Sequence[TurnRecord], names: Mapping[str, str]) -> list[str]:
    """The files that the question names with which the newest turn ended: a reply is about them."""
    ended = turns[-1].answer.rstrip().rpartition("\n")[2] if turns else ""
    return [id_ for id_, name in names.items() if name in ended] if ended.endswith("?") else []


def _given_before(shelf: Shelf, thread: str) -> list[str]:
    """The files of the newest turn of a thread that was about any, however much talk followed."""
    for turn in reversed(shelf.turns(thread, newest=LOOKED_BACK)):
        if ids := [*turn.attached, *(id_ for task in turn.tasks for id_ in task.inputs)]:
            return ids
    return []


def _recalled_assets(found: Sequence[Found]) -> list[str]:
    """Assets that found files, findings and turns speak of, the best match last."""
    telling = (hit.entry for hit in reversed(found) if hit.entry.namespace[2] in _TELLING)
    return [asset for entry in telling for asset in assets_of(record_of(entry).word)]


def _recalled_findings(found: Sequence[Found]) -> list[Finding]:
    """Found findings about sections and elements; those about assets come with the assets."""
    findings = [word_of(hit.entry, Finding) for hit in found if hit.entry.namespace[2] == FINDINGS]
    return [finding for finding in findings if finding.subject.kind != "asset"]


def _recalled_notes(found: Sequence[Found]) -> tuple[Note, ...]:
    """Found notes that the user told; advice about files comes with the files."""
    notes = (word_of(hit.entry, Note) for hit in found if hit.entry.namespace[2] == NOTES)
    return tuple(sorted((one for one in notes if one.evidence == "user"), key=lambda one: one.at))


def _recalled_turns(found: Sequence[Found]) -> list[TurnRecord]:
    return [word_of(hit.entry, TurnRecord) for hit in found if hit.entry.namespace[2] == TURNS]


def _in_order(turns: Iterable[TurnRecord]) -> tuple[TurnRecord, ...]:
    once = {(turn.thread, turn.turn): turn for turn in turns}
    return tuple(sorted(once.values(), key=lambda turn: (turn.when, turn.turn)))


def _last_once(ids: Sequence[str]) -> list[str]:
    """Each id once, where it comes last."""
    return list(reversed(dict.fromkeys(reversed(ids))))
