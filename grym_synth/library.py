"""What ``grym library`` does: index, search, list, show and forget, on the library of one home."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from agents.library.reading import read_query
from grym_synth.errors import BadInput, UnknownName
from grym_synth.settings import Settings
from memory.library.catalogue import FILE, Catalogue, Held, Root
from memory.library.flags import Flags, conditions_of
from memory.library.indexing import Progress, checked_root, index, run
from memory.library.likening import likened
from memory.library.query import Query
from memory.library.searching import Found, Library
from memory.storage.locks import HomeLock


@dataclass(frozen=True)
class Indexed:
    """What became of one folder."""

    folder: str
    progress: Progress
    missing: bool = False
    """It is not there now; what was known of it is kept."""


@dataclass(frozen=True)
class Listed:
    """What the library holds, or what it holds of one folder."""

    roots: tuple[Root, ...] = ()
    files: tuple[Held, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()


Tell = Callable[[str, Progress], None]
"""Is told how far a folder is."""


def index_folders(
    settings: Settings,
    folder: Path | None,
    *,
    workers: int,
    again: bool = False,
    ray: bool = False,
    tell: Tell = lambda *_: None,
) -> tuple[Indexed, ...]:
    """Index a folder, or all that were indexed before; Ctrl-C ends it and keeps what was done.

    Raises:
        BadInput: there is no such folder, or none was indexed yet.
        HomeLocked: another process is indexing.
    """
    done = []
    with _open(settings) as catalogue:
        for one in [str(checked_root(folder))] if folder else _known_roots(catalogue):
            if not Path(one).exists():
                done.append(Indexed(one, Progress(), missing=True))
                continue
            progress = _index(
                settings, catalogue, one, workers=workers, again=again, ray=ray, tell=tell
            )
            done.append(Indexed(one, progress))
            if progress.interrupted:
                break
    return tuple(done)


def search_library(
    settings: Settings,
    words: str,
    flags: Flags,
    *,
    like: Path | None = None,
    folder: Path | None = None,
    limit: int = 20,
) -> Found:
    """Find sounds.

    Raises:
        BadInput: nothing is sought, or an option can't be used.
        MediaRejected: the file to be like can't be measured.
    """
    asked = conditions_of(flags)
    query = read_query(words) if words.strip() else Query()
    query = query.model_copy(
        update={
            "conditions": (*asked, *query.conditions),
            "folder": str(checked_root(folder)) if folder is not None else "",
        }
    )
    if not query.conditions and like is None and folder is None:
        happened = "nothing is sought" if not words.strip() else "nothing in it can be sought"
        do = 'Say what it shall be: grym library search "dark 808 in F minor, around 140"'
        raise BadInput("searching the library", happened, do)
    with _open(settings) as catalogue:
        _check_filled(catalogue)
        library = Library(catalogue)
        if like is None:
            return library.search(query, limit=limit)
        likeness = likened(catalogue, like, settings.limits)
        return library.search(query, limit=limit, like=likeness.vector, but=likeness.sha256)


def list_library(settings: Settings, folder: Path | None, *, problems: bool = False) -> Listed:
    """The indexed folders; or the files at or below a path.

    Raises:
        UnknownName: nothing of that path is in the library.
    """
    with _open(settings) as catalogue:
        if folder is None:
            bad = tuple(catalogue.problems()) if problems else ()
            return Listed(roots=tuple(catalogue.roots()), problems=bad)
        where = _absolute(folder)
        paths = catalogue.below(where)
        if not paths:
            raise _unknown(folder)
        files = () if problems else tuple(catalogue.held(paths))
        return Listed(files=files, problems=tuple(catalogue.problems(where)))


def show_sound(settings: Settings, file: Path) -> Held:
    """What is known of one file, by its path or, where that tells which, by its name.

    Raises:
        UnknownName: it is not in the library, or several have that name.
    """
    with _open(settings) as catalogue:
        if found := catalogue.held([_absolute(file)]):
            return found[0]
        if problem := dict(catalogue.problems(_absolute(file))):
            happened = next(iter(problem.values()))
            raise BadInput(f"showing {file}", happened, "Give the library a file that plays")
        named = [one for one in catalogue.held() if Path(one.path).name == str(file)]
        if len(named) == 1:
            return named[0]
        if named:
            several = ", ".join(one.path for one in named[:5])
            raise UnknownName(
                f"showing {file}", f"several have that name: {several}", "Give a path"
            )
        raise _unknown(file)


def forget_path(settings: Settings, path: Path) -> int:
    """Take a file, or a folder with all below it, out of the library; says how many files.

    Raises:
        UnknownName: nothing of that path is in the library.
    """
    with _open(settings) as catalogue, HomeLock(settings.home_path, "library.lock"):
        where = _absolute(path)
        paths = catalogue.below(where)
        if not paths and all(one.path != where for one in catalogue.roots()):
            raise _unknown(path)
        with catalogue.together():
            catalogue.remove(paths)
            catalogue.forget_roots(where)
        return len(paths)


def _index(
    settings: Settings,
    catalogue: Catalogue,
    folder: str,
    *,
    workers: int,
    again: bool,
    ray: bool,
    tell: Tell,
) -> Progress:
    def told(progress: Progress) -> None:
        tell(folder, progress)

    home, limits, where = settings.home_path, settings.limits, Path(folder)
    if not ray:
        return index(catalogue, home, where, limits, workers=workers, again=again, tell=told)
    from memory.library.ray_reading import RayReader

    with HomeLock(home, "library.lock"), RayReader(limits) as reader:
        return run(catalogue, where, limits, reader.read, again=again, tell=told)


def _known_roots(catalogue: Catalogue) -> list[str]:
    roots = [one.path for one in catalogue.roots()]
    if not roots:
        raise BadInput("indexing", "no folder was indexed yet", "Name one: grym library index DIR")
    return roots


def _check_filled(catalogue: Catalogue) -> None:
    if not catalogue.roots():
        do = "Index a folder first: grym library index DIR"
        raise BadInput("searching the library", "it is empty", do)


def _absolute(path: Path) -> str:
    """Without links, also where it is no longer there."""
    return str(path.expanduser().resolve())


def _unknown(path: Path) -> UnknownName:
    do = "Index it: grym library index DIR; `grym library list` shows what is there"
    return UnknownName(f"looking for {path}", "it is not in the library", do)


@contextmanager
def _open(settings: Settings) -> Iterator[Catalogue]:
    with Catalogue(settings.home_path / FILE) as catalogue:
        yield catalogue
