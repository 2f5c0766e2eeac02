"""What ``grym library`` prints: progress, hits, folders, one sound."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath

from pydantic import JsonValue
from rich.console import Console
from rich.table import Table
from rich.text import Text

from agents.library.finding import brief
from audio.library.walking import PassedOver
from grym_synth.library import Indexed, Listed, Tell
from grym_synth.options import say_line
from grym_synth.plain_text import one_line
from memory.library.catalogue import Held
from memory.library.fields import FIELDS
from memory.library.indexing import Progress
from memory.library.searching import Found

_EVERY_SECONDS = 10.0
_MOST_PROBLEMS = 20


@contextmanager
def watching() -> Iterator[Tell]:
    """Tell on standard error how far an index run is: a line that changes on a terminal."""
    console = Console(stderr=True)
    live = console.is_terminal
    last = time.monotonic()
    status = console.status("looking through the folder")

    def tell(folder: str, progress: Progress) -> None:
        nonlocal last
        line = progress_line(progress)
        if live:
            status.update(line)
        elif time.monotonic() - last >= _EVERY_SECONDS and progress.to_do:
            say_line(f"{folder}: {line}", aside=True)
            last = time.monotonic()

    if live:
        status.start()
    try:
        yield tell
    finally:
        status.stop()


def progress_line(progress: Progress) -> str:
    """How far a run is, and how long it will still take at this rate."""
    left = progress.seconds_left
    when = "" if left is None else f", {_clock(left)} left"
    rate = progress.done / progress.seconds if progress.seconds > 0 else 0.0
    speed = f", {rate:.1f} files a second" if progress.done else ""
    return f"{progress.done:,} of {progress.to_do:,} files{speed}{when}"


def tell_indexed(done: tuple[Indexed, ...], *, as_json: bool) -> None:
    """What became of each folder, and what could not be taken."""
    if as_json:
        print(json.dumps({"folders": [_indexed(one) for one in done]}))
        return
    for one in done:
        if one.missing:
            say_line(f"{one.folder}: is not there; what is known of it is kept")
            continue
        say_line(f"{one.folder}: {summary(one.progress)}")
        _list("could not be measured", one.progress.problems)
        _list("passed over", one.progress.passed_over)


def summary(progress: Progress) -> str:
    """A run in one line."""
    counts = (
        (progress.measured, "measured"), (progress.unchanged, "unchanged"),
        (progress.moved, "known from elsewhere"), (progress.removed, "gone"),
        (len(progress.problems), "could not be measured"),
    )  # fmt: skip
    told = ", ".join(f"{count:,} {what}" for count, what in counts if count)
    text = f"{progress.found:,} sound files" + (f": {told}" if told else "")
    took = f" in {_clock(progress.seconds)}" if progress.done else ""
    if progress.interrupted:
        left = progress.to_do - progress.done
        return f"{text}{took}; stopped with {left:,} to go: run it again to go on"
    return text + took


def tell_found(found: Found, *, as_json: bool) -> None:
    """The hits, each with why it was found."""
    if as_json:
        print(found.model_dump_json())
        return
    for number, hit in enumerate(found.hits, 1):
        alike = f"sounds {100 * hit.likeness:.0f} % alike" if hit.likeness is not None else ""
        why = "; ".join(one for one in (alike, *hit.reasons, brief(hit.sound)) if one)
        gone = " (no longer there)" if hit.missing else ""
        say_line(f"{number:>2}. {hit.path}{gone}\n    {why}")
        for other in hit.also:
            say_line(f"    also {other}")
    shown = len(found.hits)
    say_line(found_line(found, shown))
    for remark in found.remarks:
        say_line(remark)


def found_line(found: Found, shown: int) -> str:
    """How many there are, and what was not understood."""
    count = f"{found.fitting:,} of {found.searched:,} sounds fit"
    line = count + (f"; the best {shown} are shown" if shown < found.fitting else "")
    if found.not_understood:
        line += f". Not understood, and in no name: {', '.join(found.not_understood)}"
    return line


def tell_listed(listed: Listed, *, as_json: bool) -> None:
    """Folders, files, and what could not be measured."""
    if as_json:
        print(json.dumps(_listed(listed)))
        return
    for root in listed.roots:
        state = "" if root.whole else "; that run was stopped before its end"
        bad = f", {root.problems:,} could not be measured" if root.problems else ""
        say_line(f"{root.path}: {root.files:,} files{bad}, indexed {root.at[:16]}{state}")
    if not listed.roots and not listed.files and not listed.problems:
        say_line("no folder yet: grym library index DIR")
    if listed.files:
        table = Table(box=None, pad_edge=False)
        for column in ("file", "kind", "length", "tempo", "key or note", "loudness"):
            table.add_column(column, overflow="fold")
        for held in listed.files:
            table.add_row(*(Text(one_line(one)) for one in _row(held)))
        Console().print(table)
    for path, why in listed.problems:
        say_line(f"{path}: {why}")


def tell_sound(held: Held, *, as_json: bool) -> None:
    """All that is known of one file."""
    if as_json:
        print(json.dumps(held_json(held)))
        return
    sound = held.sound
    say_line(held.path)
    say_line(
        f"  {brief(sound)}; {sound.format}, {sound.channels} channels, {sound.sample_rate_hz} Hz"
    )
    if sound.tempo_bpm is not None:
        others = ", ".join(f"{one:g}" for one in sound.tempo_alternatives)
        say_line(f"  tempo {sound.tempo_bpm:g} BPM (confidence {sound.tempo_confidence:.2f}"
              f"{f'; or {others}' if others else ''}), {sound.bars:g} bars of four")  # fmt: skip
    if sound.key is not None:
        second = f"; or {sound.second_key}" if sound.second_key else ""
        say_line(f"  key {sound.key} (confidence {sound.key_confidence:.2f}{second})")
    if sound.note is not None:
        say_line(
            f"  note {sound.note}, {sound.pitch_hz:g} Hz (confidence {sound.pitch_confidence:.2f})"
        )
    for name, field in FIELDS.items():
        value = field.of(sound)
        if value is not None and name not in ("tempo_bpm", "pitch_hz", "bars", "channels"):
            say_line(f"  {field.text(value)}")
    said = [f"{held.said.tempo_bpm:g} BPM"] if held.said.tempo_bpm is not None else []
    said += [held.said.key] if held.said.key is not None else []
    if said:
        say_line(f"  its name says: {', '.join(said)}")
    for name, text in sound.tags.items():
        say_line(f"  tag {name}: {text}")
    for remark in sound.remarks:
        say_line(f"  {remark}")
    say_line(f"  sha256 {held.sha256}")


def held_json(held: Held) -> dict[str, JsonValue]:
    """One file as JSON."""
    return {
        "path": held.path,
        "folder": held.root,
        "sha256": held.sha256,
        "name_says": {"tempo_bpm": held.said.tempo_bpm, "key": held.said.key},
        "sound": held.sound.model_dump(mode="json"),
    }


def _row(held: Held) -> tuple[str, ...]:
    sound = held.sound
    loud = "" if sound.loudness_lufs is None else f"{sound.loudness_lufs:.1f} LUFS"
    tempo = "" if sound.tempo_bpm is None else f"{sound.tempo_bpm:g}"
    name = str(PurePath(held.path).relative_to(PurePath(held.root).parent))
    return name, sound.kind, f"{sound.seconds:.2f} s", tempo, sound.key or sound.note or "", loud


def _indexed(one: Indexed) -> dict[str, JsonValue]:
    progress = one.progress
    return {
        "folder": one.folder,
        "missing": one.missing,
        "found": progress.found,
        "measured": progress.measured,
        "unchanged": progress.unchanged,
        "moved": progress.moved,
        "removed": progress.removed,
        "problems": [_passed(other) for other in progress.problems],
        "passed_over": [_passed(other) for other in progress.passed_over],
        "seconds": round(progress.seconds, 3),
        "cpu_seconds": round(progress.cpu_seconds, 3),
        "interrupted": progress.interrupted,
    }


def _listed(listed: Listed) -> dict[str, JsonValue]:
    return {
        "folders": [
            {"path": one.path, "at": one.at, "whole": one.whole, "files": one.files,
             "problems": one.problems}
            for one in listed.roots
        ],
        "files": [held_json(one) for one in listed.files],
        "problems": [{"path": path, "why": why} for path, why in listed.problems],
    }  # fmt: skip


def _passed(one: PassedOver) -> dict[str, JsonValue]:
    return {"path": one.path, "why": one.why}


def _list(what: str, files: list[PassedOver]) -> None:
    if not files:
        return
    say_line(f"{what}:")
    for one in files[:_MOST_PROBLEMS]:
        say_line(f"  {one.path}: {one.why}")
    if len(files) > _MOST_PROBLEMS:
        say_line(f"  and {len(files) - _MOST_PROBLEMS} more: grym library list --problems")


def _clock(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
