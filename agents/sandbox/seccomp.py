"""A seccomp filter made by hand: the system calls that a sound script never needs are refused.

A classic BPF program (Linux ``Documentation/userspace-api/seccomp_filter.rst``) is built as bytes
and handed to the kernel with ``prctl``. Call numbers are those of the kernel's ``unistd_64.h``
(x86_64) and ``asm-generic/unistd.h`` (aarch64). What is newer than the tables is refused as well.
"""

import ctypes
import errno
import os
import struct
from dataclasses import dataclass
from typing import Literal, NamedTuple

_LOAD = 0x20  # BPF_LD | BPF_W | BPF_ABS
_EQUAL = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_AT_LEAST = 0x35  # BPF_JMP | BPF_JGE | BPF_K
_ANY_BIT = 0x45  # BPF_JMP | BPF_JSET | BPF_K
_RETURN = 0x06  # BPF_RET | BPF_K
_ALLOW = 0x7FFF0000  # SECCOMP_RET_ALLOW
_KILL = 0x80000000  # SECCOMP_RET_KILL_PROCESS
_ERROR = 0x00050000  # SECCOMP_RET_ERRNO, the number in the low half
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
_PR_SET_SECCOMP, _FILTER = 22, 2
_CLONE_THREAD = 0x10000
_PR_SET_PDEATHSIG = 1

# name: (x86_64, aarch64); None where that machine has no such call.
_REFUSED: dict[str, tuple[int | None, int | None]] = {
    # network
    "socket": (41, 198), "connect": (42, 203), "accept": (43, 202), "bind": (49, 200),
    "listen": (50, 201), "socketpair": (53, 199), "accept4": (288, 242),
    # other programs and processes
    "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281),
    "kill": (62, 129), "tkill": (200, 130), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240), "ptrace": (101, 117), "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271), "pidfd_open": (434, 434), "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424), "process_madvise": (440, 440), "kcmp": (312, 272),
    "setsid": (112, 157), "setpgid": (109, 154), "setpriority": (141, 140),
    "ioprio_set": (251, 30), "sched_setscheduler": (144, 119), "sched_setparam": (142, 118),
    "sched_setattr": (314, 274), "migrate_pages": (256, 238), "move_pages": (279, 239),
    # names and rights of files, which Landlock does not guard
    "symlink": (88, None), "symlinkat": (266, 36), "link": (86, None), "linkat": (265, 37),
    "mknod": (133, None), "mknodat": (259, 33), "chmod": (90, None), "fchmod": (91, 52),
    "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, None), "lchown": (94, None),
    "fchown": (93, 55), "fchownat": (260, 54), "truncate": (76, 45), "utime": (132, None),
    "utimes": (235, None), "utimensat": (280, 88), "futimesat": (261, None),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7), "removexattr": (197, 14),
    "lremovexattr": (198, 15), "fremovexattr": (199, 16), "setxattrat": (463, 463),
    "removexattrat": (466, 466), "file_setattr": (469, 469),
    # memory and channels that no limit counts
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194),
    "shmat": (30, 196), "msgget": (68, 186), "semget": (64, 190), "mq_open": (240, 180),
    "inotify_init": (253, None), "inotify_init1": (294, 26), "fanotify_init": (300, 262),
    # the kernel
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39),
    "pivot_root": (155, 41), "chroot": (161, 51), "open_tree": (428, 428),
    "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431),
    "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "io_setup": (206, 0), "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "reboot": (169, 142),
    "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89), "quotactl": (179, 60),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "adjtimex": (159, 171),
    "clock_adjtime": (305, 266), "sethostname": (170, 161), "setdomainname": (171, 162),
    "syslog": (103, 116), "personality": (135, 92), "vhangup": (153, 58),
    "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264), "ioperm": (173, None),
    "iopl": (172, None), "modify_ldt": (154, None), "uselib": (134, None),
}  # fmt: skip

_NEWEST = 470
"""Calls from this number on are newer than the table."""


class Machine(NamedTuple):
    """What the filter must know of a processor family."""

    audit: int
    """AUDIT_ARCH_* of ``linux/audit.h``."""
    column: int
    """Column of the tables above."""
    clone: int
    clone3: int
    prctl: int
    tgkill: int
    prlimit64: int
    sched_setaffinity: int


MACHINES = {
    "x86_64": Machine(0xC000003E, 0, 56, 435, 157, 234, 302, 203),
    "aarch64": Machine(0xC00000B7, 1, 220, 435, 167, 131, 261, 122),
}


@dataclass(frozen=True)
class Rule:
    """Refuse a call depending on one of its arguments (its low 32 bits)."""

    call: int
    argument: int
    test: Literal["is", "is_not", "lacks"]
    """Refuse when the argument is ``value``, is another one, or lacks its bit."""
    value: int


def refused(machine: str) -> dict[str, int]:
    """The calls that are refused whatever their arguments, with their numbers."""
    column = MACHINES[machine].column
    numbers = {name: row[column] for name, row in _REFUSED.items()}
    return {name: number for name, number in numbers.items() if number is not None}


def program(machine: str, own_process: int) -> bytes:
    """The filter as BPF instructions.

    Args:
        machine: ``x86_64`` or ``aarch64``.
        own_process: process id that may still be signalled (``abort`` signals its own process).
    """
    known = MACHINES[machine]
    code = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_EQUAL, known.audit, 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER),
        _step(_AT_LEAST, _NEWEST, 0, 1),  # on x86_64 the x32 calls lie here too
        _step(_RETURN, _ERROR | errno.ENOSYS),
        *_refuse(known.clone3, errno.ENOSYS),  # libc then falls back to clone, which is looked at
    ]
    for number in refused(machine).values():
        code += _refuse(number, errno.EPERM)
    for rule in (
        Rule(known.clone, 0, "lacks", _CLONE_THREAD),
        Rule(known.prctl, 0, "is", _PR_SET_PDEATHSIG),
        Rule(known.tgkill, 0, "is_not", own_process),
        Rule(known.prlimit64, 0, "is_not", 0),
        Rule(known.sched_setaffinity, 0, "is_not", 0),
    ):
        code += _depends(rule)
    code.append(_step(_RETURN, _ALLOW))
    return b"".join(code)


def install() -> None:
    """Put the filter on this process for good; new privileges must be off already."""
    code = program(os.uname().machine, os.getpid())
    buffer = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_SECCOMP, _FILTER, header, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "seccomp filter refused")


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)


def _refuse(number: int, error: int) -> list[bytes]:
    return [_step(_EQUAL, number, 0, 1), _step(_RETURN, _ERROR | error)]


def _depends(rule: Rule) -> list[bytes]:
    test = _ANY_BIT if rule.test == "lacks" else _EQUAL
    on_true, on_false = (0, 1) if rule.test == "is" else (1, 0)
    return [
        _step(_EQUAL, rule.call, 0, 4),
        _step(_LOAD, _ARGUMENTS + 8 * rule.argument),
        _step(test, rule.value, on_true, on_false),
        _step(_RETURN, _ERROR | errno.EPERM),
        _step(_LOAD, _NUMBER),
    ]
