"""Which files a request is about: those attached, those named, else the project's newest."""

from collections.abc import Iterator

from agents.planning.text import Text, fold
from audio.assets import AssetKind, AssetRef
from memory.context import ProjectContext

_GENERIC = frozenset({"wav", "flac", "mp3", "ogg", "aiff", "png", "jpg", "webp", "final", "new"})


def files_of(context: ProjectContext, text: Text, kind: AssetKind) -> tuple[AssetRef, ...]:
    """The files of a kind that the request is about, oldest first.

    A file that the request names comes first; else all that came with it; else the project's
    newest that the user gave, and only then what the team made.
    """
    known = [asset for asset in context.assets if asset.kind == kind]
    attached = [asset for asset in known if asset.id in context.attached]
    named = list(_named(attached or known, text))
    if named:
        return tuple(named)
    if attached:
        return tuple(attached)
    made = {artifact.id for turn in context.history for artifact in turn.artifacts}
    wants_result = bool({"result", "ergebnis", "resultado", "resultat"} & _words(text))
    given = [asset for asset in known if (asset.id in made) == wants_result] or known
    return tuple(given[-1:])


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
    parts = {asset.id: _parts(asset.name) for asset in assets}
    for asset in assets:
        others = set().union(*(parts[one.id] for one in assets if one.id != asset.id))
        if len(assets) > 1 and (parts[asset.id] - others) & words:
            yield asset


def _parts(name: str) -> set[str]:
    letters = "".join(sign if sign.isalnum() else " " for sign in fold(name))
    return {part for part in letters.split() if len(part) > 2 and part not in _GENERIC}


def _words(text: Text) -> set[str]:
    return {token.text for token in text.tokens}
