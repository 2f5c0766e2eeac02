"""Names for files whose own name may be taken."""

from collections.abc import Iterator
from itertools import count
from pathlib import PurePosixPath


def numbered(name: str) -> Iterator[str]:
    """``mix.wav``, ``mix-2.wav``, ``mix-3.wav`` and so on; folders before the name stay."""
    yield name
    plain = PurePosixPath(name)
    for number in count(2):
        yield str(plain.with_name(f"{plain.stem}-{number}{plain.suffix}"))
