"""A process that writes to a memory without end and says on standard output what it has written.

Run as ``python -m tests.integration.memory.writer HOME FIRST``; it is made to be killed.
"""

import sys
from itertools import count
from pathlib import Path

from memory.entries import Entry
from memory.locks import HomeLock
from memory.store import GrymStore
from tests.integration.memory.letters import Letters

PLACE = ("project", "demo", "notes")


def main(home: Path, first: int) -> None:
    """Write entries one after the other, each twice, and bring them into the index."""
    with HomeLock(home), GrymStore(home, Letters()) as store:
        store.flush(0)
        for number in count(first):
            text = f"note {number} " + "abcdefgh"[number % 8] * 3
            for _ in range(2):
                store.write([Entry(PLACE, str(number), {"number": number}, text)])
            print(number, flush=True)
            if number % 3 == 0:
                store.flush(0.5)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
