"""A process that writes to a memory without end and says on standard output what it has written.

Run as ``python -m tests.integration.memory.writer HOME FIRST HELD``; it is made to be killed.
"""

import sys
import time
from itertools import count
from pathlib import Path

from memory.storage.entries import Entry
from memory.storage.locks import HomeLock
from memory.store import GrymStore
from memory.vectors.background import QUIET_SECONDS
from tests.integration.memory.letters import Letters

PLACE = ("project", "demo", "notes")


def note(number: int, wording: str = "") -> Entry:
    """The entry of a number."""
    text = f"note {number} {wording}" + "abcdefgh"[number % 8] * 3
    return Entry(PLACE, str(number), {"number": number}, text)


def main(home: Path, first: int, held: int) -> None:
    """Write entries one after the other, each twice; bring them in, or let the background do it.

    A part of the oldest entries is worded anew each time, so that the index rewrites its files.
    """
    with HomeLock(home), GrymStore(home, Letters()) as store:
        store.flush(0)
        for number in count(first):
            for _ in range(2):
                store.write([note(number)])
            print(number, flush=True)
            again = range(number % 7, held, max(1, held // 300))
            store.write([note(old, f"take{number} " if number % 2 else "") for old in again])
            if number % 3 == 0:
                store.flush(0.5)
            else:
                time.sleep(0.1 + QUIET_SECONDS * (number % 3 - 1))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
