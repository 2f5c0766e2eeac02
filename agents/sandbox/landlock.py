"""Landlock: a process gives up, for good, every file that it was not granted.

Linux ``Documentation/userspace-api/landlock.rst``; the three system calls have the same numbers on
all machines. What Landlock does not guard (names, rights and times of files, signals, sockets) is
refused by the seccomp filter.
"""

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446
_ASK_VERSION = 1
_PATH_BENEATH = 1
_EXECUTE, _WRITE, _READ, _LIST = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_FOLDER, _REMOVE_FILE = 1 << 4, 1 << 5
_MAKE_FOLDER, _MAKE_FILE = 1 << 7, 1 << 8
_TRUNCATE = 1 << 14
_ALL_OF_VERSION = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
"""Every right that a version of the interface can take away."""


def version() -> int:
    """The kernel's Landlock version; 0 when it has none."""
    return max(0, _call(_CREATE, None, 0, _ASK_VERSION, check=False))


def restrict(readable: Iterable[Path], writable: Iterable[Path]) -> None:
    """Give up all files but these and what lies below them; new privileges must be off already.

    Args:
        readable: folders and files that stay readable.
        writable: folders in which files may also be made, changed and removed.
    """
    known = version()
    if known == 0:
        raise OSError("this kernel has no Landlock")
    handled = _ALL_OF_VERSION[max(number for number in _ALL_OF_VERSION if number <= known)]
    attributes = struct.pack("Q", handled)
    rules = _call(_CREATE, attributes, len(attributes), 0)
    try:
        for path in readable:
            _allow(rules, path, handled & (_READ | _LIST | _EXECUTE))
        for path in writable:
            rights = _READ | _LIST | _WRITE | _REMOVE_FOLDER | _REMOVE_FILE
            _allow(rules, path, handled & (rights | _MAKE_FOLDER | _MAKE_FILE | _TRUNCATE))
        _call(_RESTRICT, rules, 0)
    finally:
        os.close(rules)


def _allow(rules: int, path: Path, rights: int) -> None:
    handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not path.is_dir():
            rights &= _READ | _WRITE | _EXECUTE | _TRUNCATE
        _call(_ADD_RULE, rules, _PATH_BENEATH, struct.pack("=Qi", rights, handle), 0)
    finally:
        os.close(handle)


def _call(number: int, *arguments: int | bytes | None, check: bool = True) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    words = [ctypes.c_long(word) if isinstance(word, int) else word for word in arguments]
    result = int(libc.syscall(ctypes.c_long(number), *words))
    if result < 0 and check:
        raise OSError(ctypes.get_errno(), "Landlock refused")
    return result
