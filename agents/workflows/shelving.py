"""What one stage found, kept as a file for the next: state holds the reference alone."""

from typing import TypeVar

from audio.assets import AssetRef, AssetStore
from memory.context import Word

WordT = TypeVar("WordT", bound=Word)


def put(word: Word, name: str, assets: AssetStore) -> AssetRef:
    """Store a word as JSON, the same bytes for the same word."""
    return assets.add_bytes((word.model_dump_json() + "\n").encode(), "text", name)


def take(kind: type[WordT], ref: AssetRef, assets: AssetStore) -> WordT:
    """A stored word.

    Raises:
        UnknownName: it is no longer in the store.
    """
    return kind.model_validate_json(assets.path(ref).read_bytes())
