"""Whether a session can be had again, and changed in one place without touching another."""

import numpy as np
import soundfile

from agents.composing.changing import Changed, changed
from agents.composing.drafting import Draft
from agents.composing.note_checks import changed_notes
from agents.composing.order import Change
from agents.composing.rendering import Rendered
from agents.composing.session import Session, song_mark
from agents.workflows.checks import Check, held, unchecked
from audio.assets import AssetRef, AssetStore
from audio.composing.composer import compose
from audio.interchange.midi import write_midi
from audio.songs.sections import role_of
from audio.songs.song import Song
from audio.synthesis.stems import TAIL_SECONDS
from audio.synthesis.synthesiser import RATE_HZ
from grym_synth.errors import UnknownName


def again_check(draft: Draft, session: Session) -> Check:
    """The same plan and seed give the same song, note for note."""
    name, what = "same_seed", "The same order and seed give the same notes and files."
    method = "composed a second time; SHA-256 of the song's words and of its MIDI file compared"
    if draft.before is not None:
        return unchecked(name, what, method, "a changed session builds on the one before it")
    again = compose(session.plan)
    same = song_mark(again) == song_mark(session.song)
    same = same and write_midi(again) == write_midi(session.song)
    return held(name, what, same, method, measured=song_mark(session.song)[:16])


def trial_check(session: Session) -> Check:
    """Compose one part of one section anew, and see that nothing else changes."""
    name = "change.isolated"
    what = "Composing one part of one section anew leaves every other note as it is."
    change = _trial(session)
    if change is None:
        return unchecked(name, what, "a trial change", "no part plays alone in a section")
    made = changed(session, (change,))
    told = f"{change.part} of {change.section}"
    method = f"a trial: the {told} composed anew, all notes compared"
    outside = _outside(session.song, made)
    really = song_mark(made.song) != song_mark(session.song)
    why = "" if really else f"the {told} came out as it was"
    why = f"changed too: {', '.join(outside)}" if outside else why
    return held(name, what, really and not outside, method, measured=told, why=why)


def _trial(session: Session) -> Change | None:
    """The bass of the chorus, else of the section where most goes on; else the lead."""
    plan = session.plan
    section = next((one for one in plan.sections if role_of(one.kind) == "chorus"), None)
    section = section or max(plan.sections, key=lambda one: one.energy)
    roles = [part.role for part in plan.parts]
    role = next((one for one in ("bass", "melody", "harmony", "drums") if one in roles), None)
    return Change(section=section.kind, part=role) if role else None


def _outside(before: Song, made: Changed) -> list[str]:
    """Tracks with changes outside the windows, and song words that differ."""
    names = []
    for track, notes in changed_notes(before, made.song).items():
        windows = [(a, b) for name, a, b in made.windows if name == track]
        if not all(any(a <= note.start < b for a, b in windows) for note in notes):
            names.append(track)
    if before.chords != made.song.chords or before.sections != made.song.sections:
        names.append("chords or form")
    return names


def kept_checks(draft: Draft, session: Session, made: Rendered, assets: AssetStore) -> list[Check]:
    """With an earlier session: what was not to change is the same, bit for bit."""
    before = draft.before
    if before is None:
        return []
    windows = tuple((one.track, one.start, one.end) for one in draft.windows)
    outside = _outside(before.song, Changed(session.plan, session.song, draft.changed, windows))
    if any("chords" in place for place in draft.changed):
        outside = [one for one in outside if one != "chords or form"]
    touched = {one.track for one in draft.windows}
    others = {one.track: one.ref.id for one in made.stems if one.track not in touched}
    differ = [name for name, mark in others.items() if before.stems.get(name, mark) != mark]
    return [
        held(
            "change.notes",
            f"Nothing but {', '.join(draft.changed)} differs from revision {before.revision}.",
            not outside,
            "all notes of both revisions compared",
            why=f"changed too: {', '.join(outside)}",
        ),
        held(
            "change.stems",
            "Stems of all other tracks are bit-identical.",
            not differ,
            f"SHA-256 of {len(others)} stems against those in the earlier project.json",
            measured=f"{len(others) - len(differ)} of {len(others)}",
            why=f"differ: {', '.join(differ)}",
        ),
        _sound_check(draft, made, assets),
    ]


def _sound_check(draft: Draft, made: Rendered, assets: AssetStore) -> Check:
    """The changed stems are the same outside the changed bars and what rings after them."""
    name, what = "change.sound", "Changed stems are bit-identical outside the changed bars."
    before = draft.before
    assert before is not None
    method = f"samples of both stems, but for the changed bars and {TAIL_SECONDS:g} s after them"
    stems = {one.track: one.ref for one in made.stems}
    pairs = []
    for track in dict.fromkeys(one.track for one in draft.windows):
        try:
            pairs.append((track, assets.ref(before.stems.get(track, "")), stems[track]))
        except UnknownName:
            return unchecked(name, what, method, "the earlier stems are no longer in the store")
    differ = [
        track
        for track, old, new in pairs
        if not _same_outside(_frames(draft, track), (old, new), assets)
    ]
    return held(name, what, not differ, method, why=f"differ: {', '.join(differ)}")


def _frames(draft: Draft, track: str) -> list[tuple[int, int]]:
    """The samples of a track that may differ."""
    assert draft.before is not None
    timeline = draft.before.song.timeline
    return [
        (
            round(timeline.seconds_at(one.start) * RATE_HZ),
            round((timeline.seconds_at(one.end) + TAIL_SECONDS) * RATE_HZ) + 1,
        )
        for one in draft.windows
        if one.track == track
    ]


def _same_outside(
    windows: list[tuple[int, int]], refs: tuple[AssetRef, AssetRef], assets: AssetStore
) -> bool:
    """Whether two stems have the same samples but for some windows."""
    old, new = (soundfile.read(str(assets.path(ref)), dtype="int32")[0] for ref in refs)
    if old.shape != new.shape:
        return False
    differs = np.flatnonzero((old != new).any(axis=1))
    inside = np.zeros(len(differs), bool)
    for start, end in windows:
        inside |= (differs >= start) & (differs < end)
    return bool(inside.all())
