"""Forgetting on request: what the plan names is really removed, and the answer says what went."""

from collections.abc import Iterable, Iterator

from agents.wording import listed
from audio.assets import AssetRef, AssetStore
from grym_synth.errors import UnknownName
from memory.context import Forget
from memory.filing.stating import Stated
from memory.recall.listing import Page, Query
from memory.repository import Repository
from memory.shelf.reading import as_setting

_PAGE = Page(size=1000)


def carry_out(
    repository: Repository, assets: AssetStore, project: str, forgets: Iterable[Forget]
) -> tuple[str, ...]:
    """Remove entries in all versions, what quotes them, and files that no project knows any more.

    A turn that runs again after a crash finds nothing left to remove, and says so.

    Args:
        repository: the memory.
        assets: the files.
        project: the project's name.
        forgets: what the user named.

    Returns:
        One sentence for each: what was removed.
    """
    return tuple(_forget(repository, assets, project, one) for one in forgets)


def _forget(repository: Repository, assets: AssetStore, project: str, one: Forget) -> str:
    is_id = one.kind in ("asset", "note")
    handles = [one.id] if is_id else [*_handles(repository, project, one)]
    told = []
    for handle in handles:
        try:
            done = repository.forget_entry(project, handle)
            told.append(f"{done.says}{kept_files(repository, done.assets)}")
        except UnknownName:
            continue
    if one.kind == "asset" and one.id not in repository.known_assets():
        assets.remove(one.id)
    text = "; ".join(told) or f"{one.name} is forgotten"
    return f"{text[0].upper()}{text[1:]}."


def kept_files(repository: Repository, assets: Iterable[AssetRef]) -> str:
    """What to add where forgotten assets' files stay, since other projects use them."""
    users = {one: repository.users_of(one.id) for one in assets}
    kept = [one.name or one.id[:12] for one, projects in users.items() if projects]
    if not kept:
        return ""
    projects = sorted({name for held in users.values() for name in held})
    stay, them = ("stays", "it") if len(kept) == 1 else ("stay", "them")
    use = "still uses" if len(projects) == 1 else "still use"
    return f"; {listed(kept)} {stay} on the disk, since {listed(projects)} {use} {them}"


def _handles(repository: Repository, project: str, one: Forget) -> Iterator[str]:
    """The entry of a setting, by the user's words for it."""
    if one.kind in ("asset", "note"):
        return
    for record in repository.entries(project, Query(kinds=(one.kind,)), _PAGE).records:
        if isinstance(record.word, Stated) and as_setting(record.word).value == one.id:
            yield record.id
