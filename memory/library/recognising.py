"""Files whose content was measured before, under another path or at another time."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from audio.digests import digest_of
from audio.library.reading import Reading, Wanted
from audio.library.walking import Candidate
from memory.library.catalogue import Catalogue


def recognised(catalogue: Catalogue, one: Candidate) -> Reading | None:
    """What a file came to if its content is known; it is read only where a size is the same."""
    if not catalogue.has_size(one.size_bytes):
        return None
    try:
        digest = digest_of(Path(one.path))
    except OSError:  # measuring tells why
        return None
    if not catalogue.has(digest):
        return None
    return Reading(
        path=one.path,
        sha256=digest,
        size_bytes=one.size_bytes,
        changed_ns=one.changed_ns,
        known=True,
    )


def unknown(
    catalogue: Catalogue, files: Iterable[Candidate], known: list[Reading]
) -> Iterator[Wanted]:
    """The files that must be measured; what is known when its turn comes is put into a list.

    Args:
        catalogue: the library.
        files: what to look at.
        known: takes what need not be measured.
    """
    for one in files:
        if (reading := recognised(catalogue, one)) is not None:
            known.append(reading)
        else:
            yield Wanted(one.path, one.size_bytes, one.changed_ns)
