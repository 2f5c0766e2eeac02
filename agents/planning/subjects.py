"""Which files a request is about: those attached, those named, else the project's newest."""

from collections.abc import Iterator, Mapping

from agents.planning.places import element_files
from agents.planning.text import Text, fold
from audio.assets import AssetRef
from audio.media import AssetKind
from memory.context import ProjectContext

_RESULT = frozenset({"result", "ergebnis", "resultado", "resultat"})
_NOW = frozenset({"now", "jetzt", "ahora", "maintenant"})
_GENERIC = frozenset({"wav", "flac", "mp3", "ogg", "aiff", "png", "jpg", "webp", "final", "new"})


def files_of(context: ProjectContext, text: Text, kind: AssetKind) -> tuple[AssetRef, ...]:
    """The files of a kind that the request is about, oldest first.

    A file that the request names comes first, or the files of an element that it names; else all
    that came with it; else the project's
    newest that the user gave, and only then what the team made. "Is it loud enough now?" asks
    about the newest of all.
    """
    known = [asset for asset in context.assets if asset.kind == kind]
    attached = [asset for asset in known if asset.id in context.attached]
    held = element_files(context, text.words, kind)
    if held and not (attached or text.files):
        return held
    made = {artifact.id for turn in context.history for artifact in turn.artifacts}
    wants_result = bool(_RESULT & _words(text))
    given = [asset for asset in known if (asset.id in made) == wants_result] or known
    given = known if _asks_now(text) else given
    for pool in (attached or given, attached or known):
        if named := list(_named(pool, text)):
            return tuple(named)
    return tuple(attached or given[-1:])


def _asks_now(text: Text) -> bool:
    """Whether the state after the work is asked for: "is it loud enough now?"."""
    later = {token.text for token in text.tokens[1:]}
    return "?" in later and bool(_NOW & later)


def mentioned(names: Mapping[str, str], text: Text) -> frozenset[str]:
    """Ids of the files that a text speaks of by name; none where it names no file.

    Args:
        names: file names by id.
        text: the request.
    """
    words = _words(text) | {part for name in (*text.files, *text.quoted) for part in parts_of(name)}
    parts = {id_: parts_of(name) for id_, name in names.items()}
    common = frozenset.intersection(*map(frozenset, parts.values())) if len(parts) > 1 else set()
    hits = {id_: len((held - common) & words) for id_, held in parts.items()}
    most = max(hits.values(), default=0)
    return frozenset(id_ for id_, count in hits.items() if count == most > 0)


def _named(assets: list[AssetRef], text: Text) -> Iterator[AssetRef]:
    """Files whose name, or a telling word of it, is in the request."""
    mentioned = {fold(name) for name in (*text.files, *text.quoted)}
    full = [
        asset
        for asset in assets
        if fold(asset.name) in mentioned or fold(asset.name.rsplit(".", 1)[0]) in mentioned
    ]
    if full:
        yield from full
        return
    words = _words(text)
    parts = {asset.id: parts_of(asset.name) for asset in assets}
    for asset in assets:
        others = set().union(*(parts[one.id] for one in assets if one.id != asset.id))
        if len(assets) > 1 and (parts[asset.id] - others) & words:
            yield asset


def parts_of(name: str) -> set[str]:
    """The telling words of a file's name."""
    letters = "".join(sign if sign.isalnum() else " " for sign in fold(name))
    return {part for part in letters.split() if len(part) > 2 and part not in _GENERIC}


def _words(text: Text) -> set[str]:
    return {token.text for token in text.tokens}
