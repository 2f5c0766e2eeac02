"""What to do where SQLite can't use a file that is not damaged."""

import sqlite3

_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def remedy(fault: BaseException) -> str:
    """A sentence for its user: another program holds the file, or the disk refuses.

    Args:
        fault: what SQLite raised; it names the reason since Python 3.11.
    """
    code = getattr(fault, "sqlite_errorcode", None)
    if code is not None and code & 0xFF in _BUSY:  # the rest of an extended code says more
        return "Close the program that uses this file, such as a backup; then try it again"
    return "Make room on the disk and check its rights; then try it again"
