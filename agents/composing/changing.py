"""Changing a session: some parts of some sections are composed anew, all else stays as it is."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from agents.composing.bands import instruments_in
from agents.composing.order import Change
from agents.composing.session import Session
from audio.composing.composer import part_notes
from audio.composing.harmony import section_chords
from audio.composing.plan import ROLES, Part, PiecePlan, PlannedSection
from audio.songs.instruments import instrument_of
from audio.songs.sections import role_of
from audio.songs.song import ChordSpan, Note, Song, in_order
from grym_synth.errors import BadInput, UnknownName

_TRIES = 8
_ROLE_WORDS = {
    "melody": "melody|lead|tune|topline|melodie", "counter": "counter(?:melody|line)?",
    "harmony": "harmony|comping|accompaniment|begleitung", "pad": "pads?|fläche",
    "bass": "bass(?:line)?", "drums": "drums?|beat|groove|schlagzeug", "chords": "chords?|akkorde",
}  # fmt: skip


class Changed(NamedTuple):
    """A changed session's plan and song."""

    plan: PiecePlan
    song: Song
    places: tuple[str, ...]
    """What was composed anew, such as ``Chorus 1: bass``."""
    windows: tuple[tuple[str, int, int], ...]
    """Tracks that may differ, and from which tick to which one."""


def read_changes(text: str, session: Session) -> tuple[Change, ...]:
    """The changes that words ask for, such as ``change only the bass of the chorus``.

    Raises:
        BadInput: they name no part.
    """
    sections = [one.name for one in session.plan.sections if _says(text, one.name)]
    kinds = dict.fromkeys(one.kind for one in session.plan.sections)
    sections = sections or [kind for kind in kinds if _says(text, kind)]
    if not sections and (role := role_of(text)):
        sections = [one.kind for one in session.plan.sections if role_of(one.kind) == role][:1]
    parts = [
        role for role, words in _ROLE_WORDS.items() if re.search(rf"\b(?:{words})\b", text, re.I)
    ]
    played = {one.instrument for one in session.plan.parts}
    named = [name for name in instruments_in(text) if name in played]
    covered = {part.instrument for part in session.plan.parts if part.role in parts}
    parts += [name for name in named if name not in covered]
    if not parts:
        raise BadInput(
            "reading what is to change",
            "it names no part",
            "Name one and where: change only the bass of the chorus",
        )
    return tuple(Change(section=where, part=one) for where in sections or [""] for one in parts)


def _says(text: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", text, re.I) is not None


def changed(session: Session, changes: Sequence[Change]) -> Changed:
    """Compose the named parts anew; every other note of the song is the same as before.

    Raises:
        UnknownName: the session has no such section or part.
    """
    plan, song = session.plan, session.song
    places: list[str] = []
    windows: list[tuple[str, int, int]] = []
    for change in changes:
        sections = _sections(plan, change.section)
        parts = _parts(plan, change.part)
        for kind in dict.fromkeys(one.kind for one in sections):
            here = [one for one in sections if one.kind == kind]
            newer = _newer(plan, kind, here, parts, chords=change.part == "chords")
            for section in here:
                song = _replaced(song, plan, newer, section, parts, change.part == "chords")
                places += [f"{section.name}: {change.part}"]
                start, end = _span(plan, section)
                windows += [(part.track, start, end) for part in parts]
            plan = newer
    return Changed(plan, song, tuple(dict.fromkeys(places)), tuple(dict.fromkeys(windows)))


def _sections(plan: PiecePlan, wanted: str) -> list[PlannedSection]:
    word = wanted.strip().casefold()
    if not word:
        return list(plan.sections)
    found = [one for one in plan.sections if one.name.casefold() == word]
    found = found or [one for one in plan.sections if one.kind.casefold() == word]
    if not found and (role := role_of(wanted)):
        found = [one for one in plan.sections if role_of(one.kind) == role]
    if not found:
        names = ", ".join(one.name for one in plan.sections)
        raise UnknownName(
            f"finding the section {wanted!r}",
            "the session has none of that name",
            f"It has {names}",
        )
    return found


def _parts(plan: PiecePlan, wanted: str) -> list[Part]:
    word = wanted.strip().casefold()
    if word == "chords":
        return [one for one in plan.parts if one.role != "drums"]
    found = [one for one in plan.parts if one.track.casefold() == word]
    found = found or [one for one in plan.parts if word in (one.role, one.name)]
    if not found and word not in ROLES:
        try:
            name = instrument_of(wanted).name
            found = [one for one in plan.parts if one.instrument == name]
        except UnknownName:
            found = []
    if not found:
        names = (name for one in plan.parts for name in (one.name, one.track))
        there = ", ".join(dict.fromkeys(names))
        raise UnknownName(
            f"finding the part {wanted!r}", "the session has none of that name", f"It has {there}"
        )
    return found


def _newer(
    plan: PiecePlan, kind: str, sections: list[PlannedSection], parts: list[Part], *, chords: bool
) -> PiecePlan:
    """The plan with the next revision of some parts, whose notes really are others."""
    before = [_notes(plan, section, part) for section in sections for part in parts]
    newer = _without_given(plan, kind, parts, chords)
    for _ in range(_TRIES):
        names = ["chords"] if chords else [part.name for part in parts]
        keys = [f"{kind}/{name}" for name in names]
        revisions = {key: newer.revisions.get(key, 0) + 1 for key in keys}
        newer = newer.model_copy(update={"revisions": {**newer.revisions, **revisions}})
        if [_notes(newer, section, part) for section in sections for part in parts] != before:
            break
    return newer


def _without_given(plan: PiecePlan, kind: str, parts: list[Part], chords: bool) -> PiecePlan:
    """A sketch's notes of a part that is composed anew hold no longer."""
    material = plan.material(kind)
    kept = {
        role: notes
        for role, notes in material.notes.items()
        if chords or role not in {part.role for part in parts}
    }
    update = {"notes": kept} | ({"chords": ()} if chords else {})
    return plan.model_copy(
        update={"materials": {**plan.materials, kind: material.model_copy(update=update)}}
    )


def _notes(plan: PiecePlan, section: PlannedSection, part: Part) -> tuple[Note, ...]:
    return part_notes(plan, section, part, section_chords(plan, section))


def _span(plan: PiecePlan, section: PlannedSection) -> tuple[int, int]:
    place = plan.sections.index(section)
    start = sum(one.bars for one in plan.sections[:place]) * plan.meter_words.ticks
    return start, start + section.bars * plan.meter_words.ticks


def _replaced(
    song: Song,
    plan: PiecePlan,
    newer: PiecePlan,
    section: PlannedSection,
    parts: list[Part],
    chords: bool,
) -> Song:
    """The song with the new notes of some parts in one section."""
    start, end = _span(plan, section)
    for part in parts:
        track = song.track(part.track)
        if track is None:
            continue
        alone = sum(one.track == part.track for one in plan.parts) == 1
        old = {(one.start + start, one.pitch) for one in _notes(plan, section, part)}
        kept = [
            one
            for one in track.notes
            if not (start <= one.start < end and (alone or (one.start, one.pitch) in old))
        ]
        new = [
            one.model_copy(update={"start": one.start + start})
            for one in _notes(newer, section, part)
        ]
        notes = in_order([*kept, *new])
        song = song.with_track(track.model_copy(update={"notes": notes}))
    if chords:
        spans = [one for one in song.chords if not start <= one.start < end]
        fresh = [
            ChordSpan(start=one.start + start, length=one.length, name=one.chord.name)
            for one in section_chords(newer, section)
        ]
        song = song.with_chords(sorted([*spans, *fresh], key=lambda one: one.start))
    return song
