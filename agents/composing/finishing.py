"""The last step of composing: all checks, the report, and what the user gets."""

import re
from collections.abc import Sequence

from pydantic import JsonValue

from agents.composing.change_checks import again_check, kept_checks, trial_check
from agents.composing.drafting import INSTRUMENTS, Draft
from agents.composing.file_checks import file_checks, session_audio_check
from agents.composing.note_checks import note_checks
from agents.composing.rendering import Exported, Rendered
from agents.composing.session import Session
from agents.composing.sound_checks import sound_checks
from agents.wording import count_text
from agents.workflows.checks import Check
from agents.workflows.reporting import artifact_of, report_of, write_report
from audio.assets import AssetRef, AssetStore
from audio.composing.counting import four_bar_melodies, voice_motion
from memory.context import Artifact, ArtifactKind, ContextPackage, Report, Task


def all_checks(
    draft: Draft, session: Session, made: Rendered, files: Exported, assets: AssetStore
) -> tuple[Check, ...]:
    """Everything that is checked of a composed song, from its files wherever they tell it."""
    return (
        *file_checks(session.song, files, assets),
        session_audio_check(files, made, assets),
        *note_checks(draft, session),
        *sound_checks(session, made, assets),
        again_check(draft, session),
        trial_check(session),
        *kept_checks(draft, session, made, assets),
    )


def finished(
    task: Task,
    package: ContextPackage,
    draft: Draft,
    session: Session,
    made: Rendered,
    files: Exported,
    checks: Sequence[Check],
    assets: AssetStore,
) -> Report:
    """Write the report, and hand over all files in one folder."""
    title = session.song.title
    told = write_report(title, checks, _facts(draft, session, made), _page(draft, session), assets)
    folder = folder_of(title)
    artifacts = _artifacts(task, folder, made, files, told)
    return report_of(
        task, package, checks, artifacts, summary=_summary(draft, session), degraded=draft.degraded
    )


def folder_of(title: str) -> str:
    """A title as the name of a folder."""
    plain = re.sub(r"[^\w]+", "-", title.casefold()).strip("-")
    return plain.encode()[:80].decode(errors="ignore").strip("-") or "song"


def _artifacts(
    task: Task, folder: str, made: Rendered, files: Exported, told: tuple[AssetRef, AssetRef]
) -> list[Artifact]:
    kinds: list[tuple[AssetRef, ArtifactKind, str]] = [
        (files.project, "session", folder),
        (files.midi, "midi", folder),
        (files.score, "score", folder),
        (files.daw, "session", folder),
        (made.mix, "audio", folder),
        *((one.ref, "audio", f"{folder}/stems") for one in made.stems),
        *((ref, "report", folder) for ref in told),
    ]
    return [artifact_of(ref, kind, where, task) for ref, kind, where in kinds]


def _facts(draft: Draft, session: Session, made: Rendered) -> dict[str, JsonValue]:
    """What scripts read beside the checks."""
    plan, song = session.plan, session.song
    return {
        "revision": session.revision,
        "changed": list(session.changed),
        "planned_by": draft.author,
        "degraded": [one.model_dump(mode="json") for one in draft.degraded],
        "seed": plan.seed,
        "key": plan.scale,
        "tempo_bpm": song.tempos[0].bpm,
        "meter": plan.meter,
        "style": plan.style,
        "bars": song.bars,
        "seconds": round(song.seconds, 3),
        "sections": [one.model_dump(mode="json") for one in song.sections],
        "tracks": [_track_facts(session, made, name) for name in [t.name for t in song.tracks]],
        "mix_gain_db": made.gain_db,
        "synthesiser": made.synthesiser,
        "four_bar_melodies": _melodies(session),
    }


def _track_facts(session: Session, made: Rendered, name: str) -> JsonValue:
    track = session.song.track(name)
    stem = next(one for one in made.stems if one.track == name)
    assert track is not None
    motion = voice_motion(track)
    return {
        "name": name,
        "instrument": track.instrument,
        "parts": [one.name for one in session.plan.parts if one.track == name],
        "notes": len(track.notes),
        "gain_db": stem.gain_db,
        "pan": stem.pan,
        "file": f"stems/{stem.ref.name}",
        "sha256": stem.ref.id,
        "semitones_per_voice": round(motion.semitones, 2) if motion.changes else None,
    }


def _melodies(session: Session) -> int:
    lead = next((one for one in session.plan.parts if one.role == "melody"), None)
    track = session.song.track(lead.track) if lead else None
    if track is None:
        return 0
    return len(four_bar_melodies(track.notes, session.plan.meter_words.ticks))


def _page(draft: Draft, session: Session) -> str:
    """What the report's reader finds below the checks."""
    plan, song = session.plan, session.song
    lines = [
        "## The song",
        "",
        f"{plan.scale}, {song.tempos[0].bpm:g} bpm, {plan.meter}, {count_text(song.bars, 'bar')}, "
        f"{song.seconds:.0f} s; style {plan.style}, seed {plan.seed}. "
        f"Form, harmony and motifs were planned by {draft.author}.",
        "",
        "| section | bars | chords |",
        "|---|---|---|",
    ]
    for section in song.sections:
        first = song.timeline.tick_of_bar(section.first_bar)
        last = song.timeline.tick_of_bar(section.last_bar + 1)
        names = [one.name for one in song.chords if first <= one.start < last]
        span = f"{section.first_bar}–{section.last_bar}"
        lines.append(f"| {section.name} | {span} | {' '.join(names)} |")
    lines += ["", "| track | plays | notes |", "|---|---|---|"]
    for track in song.tracks:
        roles = ", ".join(one.role for one in plan.parts if one.track == track.name)
        lines.append(f"| {track.name} | {roles} | {len(track.notes)} |")
    lines += _more(draft, session)
    return "\n".join(lines)


def _more(draft: Draft, session: Session) -> list[str]:
    lines: list[str] = []
    if session.changed:
        lines += ["", f"Revision {session.revision}: composed anew: {', '.join(session.changed)}."]
    if (sketch := draft.sketch) is not None:
        reason = f" ({sketch.missing})" if sketch.missing else ""
        lines += [
            "",
            f"Of the sketch's {sketch.notes} notes {sketch.kept} are kept{reason}, "
            f"moved by {sketch.shift} semitones.",
        ]
    for one in draft.degraded:
        lines += ["", f"Planned with {one.used}, not {one.wanted}: {one.why}."]
    return lines


def _summary(draft: Draft, session: Session) -> str:
    song = session.song
    if session.changed:
        what = ", ".join(session.changed)
        return f"“{song.title}”, revision {session.revision}: {what} composed anew."
    by = "" if draft.author == INSTRUMENTS else f", planned by {draft.author}"
    return (
        f"“{song.title}”: {count_text(song.bars, 'bar')} in {session.plan.scale} at "
        f"{song.tempos[0].bpm:g} bpm, {count_text(len(song.tracks), 'track')}, "
        f"{song.seconds:.0f} s{by}."
    )
