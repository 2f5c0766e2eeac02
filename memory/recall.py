"""What matters now: the part of a project's memory that a turn starts from."""

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePath

from audio.assets import AssetRef
from memory.context import Finding, ProjectContext, TurnRecord
from memory.entries import Found
from memory.shelf import Shelf

HISTORY = 10
"""Latest turns of the project that a turn sees."""

RECALLED = 6
"""Entries that the request's words recall beside these."""

RECALLED_ASSETS = 4
"""Most assets that these entries bring back."""


def recall(
    shelf: Shelf, thread: str, turn: int, request: str, attached: Sequence[str]
) -> ProjectContext:
    """Gather the complete context of one turn.

    The assets in focus are the attached ones and those whose file name the request says; else
    those that it names without the suffix; else those of the thread's latest turn; in a thread
    that has none, those that the request's words recall and those of the project's latest turn.
    A project without a turn has nothing to recall, and its first one waits for no index.
    """
    recent = shelf.turns(newest=HISTORY)
    found = shelf.store.find(shelf.place(), request, RECALLED) if recent and request.strip() else []
    focus = _focus(shelf, thread, request, attached, found, recent)
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
        settings=shelf.settings(),
        findings=tuple(kept.values()),
        conflicts=tuple(
            word for word in shelf.conflicts().values() if kept.keys() & set(word.findings)
        ),
        history=_in_order((*_recalled_turns(found), *recent)),
    )


def _focus(
    shelf: Shelf,
    thread: str,
    request: str,
    attached: Sequence[str],
    found: Sequence[Found],
    recent: Sequence[TurnRecord],
) -> list[str]:
    """Ids of the assets that the turn is about, the most certain ones last."""
    known = shelf.assets()
    by_file = [asset.id for asset in known if says(request, asset.name)]
    if attached or by_file:
        return _last_once([*by_file, *attached])
    by_name = [asset.id for asset in known if says(request, PurePath(asset.name).stem)]
    if by_name:
        return by_name
    own = _latest_assets(shelf.turns(thread, newest=HISTORY))
    if own:
        return own
    recalled = _last_once(_recalled_assets(found))[-RECALLED_ASSETS:]
    return _last_once([*recalled, *_latest_assets(recent)])


def says(text: str, name: str) -> bool:
    """Whether a text holds a name as whole words."""
    words = re.escape(name.strip())
    return bool(words) and bool(re.search(rf"(?<!\w){words}(?!\w)", text, re.IGNORECASE))


def _latest_assets(turns: Sequence[TurnRecord]) -> list[str]:
    """Assets of the newest turn that had any: what came with it, its inputs, what it made."""
    for turn in reversed(turns):
        ids = assets_of(turn)
        if ids:
            return ids
    return []


def assets_of(turn: TurnRecord) -> list[str]:
    """Ids of the assets that came with a turn, that it worked on, and that it made."""
    inputs = [asset for task in turn.tasks for asset in task.inputs]
    made = [artifact.id for artifact in turn.artifacts]
    return list(dict.fromkeys([*turn.attached, *inputs, *made]))


def _recalled_assets(found: Sequence[Found]) -> list[str]:
    """Assets that found entries speak of, the best match last."""
    ids: list[str] = []
    for hit in reversed(found):
        kind, word = hit.entry.namespace[2], hit.entry.value["word"]
        if kind == "assets":
            ids.append(AssetRef.model_validate(word).id)
        elif kind == "findings":
            subject = Finding.model_validate(word).subject
            ids += [subject.id] if subject.kind == "asset" else []
        elif kind == "turns":
            ids += assets_of(TurnRecord.model_validate(word))
    return ids


def _recalled_findings(found: Sequence[Found]) -> list[Finding]:
    """Found findings about sections and elements; those about assets come with the assets."""
    findings = [
        Finding.model_validate(hit.entry.value["word"])
        for hit in found
        if hit.entry.namespace[2] == "findings"
    ]
    return [finding for finding in findings if finding.subject.kind != "asset"]


def _recalled_turns(found: Sequence[Found]) -> list[TurnRecord]:
    return [
        TurnRecord.model_validate(hit.entry.value["word"])
        for hit in found
        if hit.entry.namespace[2] == "turns"
    ]


def _in_order(turns: Iterable[TurnRecord]) -> tuple[TurnRecord, ...]:
    once = {(turn.thread, turn.turn): turn for turn in turns}
    return tuple(sorted(once.values(), key=lambda turn: (turn.when, turn.turn)))


def _last_once(ids: Sequence[str]) -> list[str]:
    """Each id once, where it comes last."""
    return list(reversed(dict.fromkeys(reversed(ids))))
