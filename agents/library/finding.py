"""Search the library for a task, and tell what was found in a few lines."""

from pathlib import Path

from agents.library.reading import read_query
from audio.assets import AssetRef, AssetStore
from audio.library.sound import Sound
from grym_synth.errors import BadInput
from grym_synth.settings import MediaLimits
from memory.context import Operation
from memory.library.catalogue import Catalogue
from memory.library.likening import likened
from memory.library.searching import Found, Hit, Library

_SHOWN = 8
"""Most hits in an answer."""


def find_sounds(file: Path, step: Operation, assets: AssetStore, like: tuple[AssetRef, ...]) -> str:
    """What the library holds of what is sought, in lines of Markdown.

    Args:
        file: the library.
        step: the operation, with the ``request``.
        assets: where attached files lie.
        like: the file that the sounds shall be like; empty for none.

    Raises:
        BadInput: there is no library, or nothing was said that can be sought.
    """
    request = str(step.parameters.get("request", ""))
    query = read_query(request)
    if not query.conditions and not like:
        raise BadInput(
            "Searching the library", "nothing was said that can be sought", "Say what it shall be"
        )
    if not file.is_file():
        raise BadInput(
            "Searching the library", "it is empty", "Index a folder: grym library index DIR"
        )
    with Catalogue(file) as catalogue:
        library = Library(catalogue)
        if not like:
            return told(library.search(query, limit=_SHOWN))
        near = likened(catalogue, assets.path(like[0]), MediaLimits())
        return told(library.search(query, limit=_SHOWN, like=near.vector, but=near.sha256))


def told(found: Found) -> str:
    """The hits as a list, and how many there are."""
    lines = [_line(number, hit) for number, hit in enumerate(found.hits, 1)]
    count = f"{found.fitting:,} of {found.searched:,} sounds in the library fit"
    shown = f", the best {len(lines)} first" if len(lines) < found.fitting else ""
    lost = ", ".join(found.not_understood)
    unknown = f" Not understood, and in no name: {lost}." if lost else ""
    return "\n".join([f"{count}{shown}.{unknown}", *lines, *found.remarks])


def brief(sound: Sound) -> str:
    """A sound in a few words: kind, length, tempo, key or note."""
    parts = [sound.kind, f"{sound.seconds:.2f} s"]
    if sound.tempo_bpm is not None:
        parts.append(f"{sound.tempo_bpm:g} BPM")
    if named := sound.key or sound.note:
        parts.append(named)
    return ", ".join(parts)


def _line(number: int, hit: Hit) -> str:
    alike = f"{100 * hit.likeness:.0f} % alike" if hit.likeness is not None else ""
    why = "; ".join(one for one in (brief(hit.sound), alike, *hit.reasons) if one)
    gone = " (no longer there)" if hit.missing else ""
    return f"{number}. `{hit.path}`{gone}: {why}"
