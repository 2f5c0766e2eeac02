"""One run over a folder: what is new or changed is measured, what is gone is forgotten."""

import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from audio.library.crew import Crew
from audio.library.reading import Reading, Wanted
from audio.library.walking import Candidate, PassedOver, walk
from grym_synth.errors import BadInput
from grym_synth.settings import MediaLimits
from memory.library.catalogue import Catalogue, Known
from memory.library.recognising import recognised, unknown
from memory.storage.locks import HomeLock

LOCK_FILE = "library.lock"
_WORK_OF_A_FILE = 100_000
"""In bytes: a file that is opened costs about as much as so many of uncompressed sound."""
_COMMIT_SECONDS = 1.0
_COMMIT_FILES = 100


@dataclass
class Progress:
    """How far a run is."""

    found: int = 0
    """Sound files in the tree."""
    unchanged: int = 0
    to_do: int = 0
    done: int = 0
    measured: int = 0
    moved: int = 0
    """Files whose content was known from another path."""
    removed: int = 0
    passed_over: list[PassedOver] = field(default_factory=list)
    problems: list[PassedOver] = field(default_factory=list)
    """Sound files that can't be measured."""
    seconds: float = 0.0
    """Wall time since measuring began."""
    cpu_seconds: float = 0.0
    """Processor time of the workers."""
    work_to_do: int = 0
    """Bytes of the files to do, and as much for each file as opening it costs."""
    work_done: int = 0
    interrupted: bool = False

    @property
    def seconds_left(self) -> float | None:
        """At the rate so far; None before the first file."""
        if not self.work_done:
            return None
        return self.seconds / self.work_done * max(0, self.work_to_do - self.work_done)


Reader = Callable[[Iterator[Wanted]], Iterator[Reading]]
"""Measures files, each as it is done."""


def index(
    catalogue: Catalogue,
    home: Path,
    root: Path,
    limits: MediaLimits,
    *,
    workers: int,
    again: bool = False,
    tell: Callable[[Progress], None] = lambda _: None,
) -> Progress:
    """Bring the catalogue up to date with a folder tree; Ctrl-C leaves what was done.

    Args:
        catalogue: the library.
        home: where its lock lies.
        root: the folder, or one file.
        limits: what a media file may be.
        workers: how many processes measure.
        again: measure files that did not change, too.
        tell: is told after each file.

    Raises:
        BadInput: there is no such folder.
        HomeLocked: another process is indexing into this home.
    """
    with HomeLock(home, LOCK_FILE), Crew(workers, limits) as crew:
        return run(catalogue, root, limits, crew.read, again=again, tell=tell)


def run(
    catalogue: Catalogue,
    root: Path,
    limits: MediaLimits,
    read: Reader,
    *,
    again: bool = False,
    tell: Callable[[Progress], None] = lambda _: None,
) -> Progress:
    """The same with any way to measure files; the caller holds the lock.

    Args:
        catalogue: the library.
        root: the folder, or one file.
        limits: what a media file may be.
        read: measures files.
        again: measure files that did not change, too.
        tell: is told after each file.

    Raises:
        BadInput: there is no such folder.
    """
    where = checked_root(root)
    progress, known = Progress(), catalogue.known(str(where))
    fresh, seen = _sift(walk(where, limits.audio_bytes), known, again, progress)
    tell(progress)
    try:
        began = time.monotonic()
        known_already: list[Reading] = []
        if not again:
            fresh = _recognise(catalogue, str(where), fresh, progress, tell)
        files = _all(fresh) if again else unknown(catalogue, fresh, known_already)
        for batch in _batched(read(files)):
            taken, known_already[:] = (*batch, *known_already), ()
            _keep(catalogue, str(where), taken, progress)
            progress.seconds = time.monotonic() - began
            tell(progress)
        _keep(catalogue, str(where), known_already, progress)
    except KeyboardInterrupt:
        progress.interrupted = True
    with catalogue.together():
        if not progress.interrupted:
            progress.removed = catalogue.remove(_gone(known, seen, progress.passed_over))
        catalogue.note_root(str(where), whole=not progress.interrupted)
    tell(progress)
    return progress


def checked_root(root: Path) -> Path:
    """A folder or file as an absolute path without links.

    Raises:
        BadInput: it is not there, or its name is not UTF-8.
    """
    try:
        where = root.expanduser().resolve(strict=True)
        str(where).encode()
    except (OSError, RuntimeError) as fault:
        raise BadInput(f"indexing {root}", "there is no such folder", "Name a folder") from fault
    except UnicodeEncodeError as fault:
        raise BadInput("indexing a folder", "its name is not UTF-8", "Rename it") from fault
    return where


def _sift(
    walked: Iterator[Candidate | PassedOver],
    known: dict[str, Known],
    again: bool,
    progress: Progress,
) -> tuple[list[Candidate], set[str]]:
    """What must be read, and the paths that are there."""
    fresh, seen = [], set[str]()
    for one in walked:
        if isinstance(one, PassedOver):
            progress.passed_over.append(one)
            continue
        progress.found += 1
        seen.add(one.path)
        held = known.get(one.path)
        same = held is not None and (held.size_bytes, held.changed_ns) == (
            one.size_bytes,
            one.changed_ns,
        )
        if held is not None and same and held.current and not again:
            progress.unchanged += 1
            if held.problem:
                progress.problems.append(PassedOver(one.path, held.problem))
        else:
            fresh.append(one)
    progress.to_do = len(fresh)
    progress.work_to_do = sum(one.size_bytes + _WORK_OF_A_FILE for one in fresh)
    return fresh, seen


def _gone(
    known: Iterable[str], seen: Collection[str], passed_over: Iterable[PassedOver]
) -> list[str]:
    """The files that are no more; what lies in a folder that could not be read may be there."""
    unread = tuple(f"{one.path}/" for one in passed_over)
    return [path for path in known if path not in seen and not path.startswith(unread)]


def _recognise(
    catalogue: Catalogue,
    root: str,
    fresh: list[Candidate],
    progress: Progress,
    tell: Callable[[Progress], None],
) -> list[Candidate]:
    """Keep what is known from elsewhere, as after a folder was moved; gives what is left."""
    left, known = list[Candidate](), list[Reading]()
    for number, one in enumerate(fresh, 1):
        reading = recognised(catalogue, one)
        if reading is None:
            left.append(one)
        else:
            known.append(reading)
        if len(known) >= _COMMIT_FILES or number == len(fresh):
            _keep(catalogue, root, known, progress)
            known.clear()
            tell(progress)
    return left


def _all(fresh: Iterable[Candidate]) -> Iterator[Wanted]:
    return (Wanted(one.path, one.size_bytes, one.changed_ns) for one in fresh)


def _batched(readings: Iterator[Reading]) -> Iterator[list[Reading]]:
    """Readings as they come, several of them where they come quickly."""
    batch, began = list[Reading](), time.monotonic()
    try:
        for reading in readings:
            batch.append(reading)
            if len(batch) >= _COMMIT_FILES or time.monotonic() - began >= _COMMIT_SECONDS:
                full, batch = batch, []
                yield full
                began = time.monotonic()
    except KeyboardInterrupt:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def _keep(catalogue: Catalogue, root: str, readings: Iterable[Reading], progress: Progress) -> None:
    """Write what files came to, in one transaction."""
    with catalogue.together():
        for reading in readings:
            catalogue.put(root, reading)
            progress.done += 1
            progress.work_done += reading.size_bytes + _WORK_OF_A_FILE
            progress.cpu_seconds += reading.cpu_seconds
            if reading.problem:
                progress.problems.append(PassedOver(reading.path, reading.problem))
            elif reading.known:
                progress.moved += 1
            else:
                progress.measured += 1
