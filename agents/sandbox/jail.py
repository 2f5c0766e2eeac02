"""The program inside the sandbox: a supervisor that confines one script and hands out its files.

It runs with the standard library alone, in the interpreter's isolated mode. It forks; the child
gives up everything and runs the script; the parent waits and streams the regular files of the
output folder over a pipe, each as ``length of name, length of content`` (two big-endian 64-bit
numbers), name and content. The caller believes none of it unchecked.
"""

import ctypes
import json
import os
import resource
import runpy
import select
import signal
import site
import stat
import struct
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

from agents.sandbox import landlock, seccomp

HEADER = struct.Struct(">QQ")
"""Length of the name and of the content that follow, in bytes."""

_PR_SET_PDEATHSIG, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 1, 24, 38
_CAPABILITY_VERSION = 0x20080522
_LAST_CAPABILITY = 63
_PIECE = 1 << 20


@dataclass(frozen=True)
class Job:
    """What the supervisor is told by its caller, as JSON on its command line."""

    script: str
    """Path of the script."""
    arguments: list[str]
    """Command line of the script."""
    output: str
    """Folder in which the script runs and leaves its files."""
    pipe: int
    """File descriptor to stream the output files to."""
    packages: list[str]
    """Folders with the libraries."""
    readable: list[str]
    """What Landlock leaves readable; empty where a mount namespace hides the rest."""
    writable: list[str]
    """What Landlock leaves writable."""
    caller: int
    """Process that must live while the script runs; 0 where bubblewrap sees to it."""
    seconds: int
    """Wall-clock limit, in case that the caller is gone; processor time is limited to as much."""
    memory_bytes: int
    """Address space of the script."""
    file_bytes: int
    """Largest file that the script may write."""


def main() -> None:
    """Run the job on the command line; the exit status is that of the script."""
    job = Job(**json.loads(sys.argv[1]))
    _die_with(job.caller or os.getppid())
    signal.alarm(job.seconds)
    supervisor = os.getpid()
    child = os.fork()
    if child == 0:
        os.close(job.pipe)
        try:
            _die_with(supervisor)
            _confine(job)
        except OSError as fault:
            print(f"the sandbox could not be closed: {fault}", file=sys.stderr)
            os._exit(125)
        _run(job)
    _wait_for_end(child, job.pipe)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    with os.fdopen(job.pipe, "wb") as pipe:
        _stream(Path(job.output), pipe.fileno())
    os._exit(code if code >= 0 else 128 - code)


def _wait_for_end(child: int, pipe: int) -> None:
    """Wait until the script ends; kill it when the caller has closed its end of the pipe."""
    handle = os.pidfd_open(child)
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    poll.register(pipe, 0)  # an error there is reported anyhow
    if any(number == pipe for number, _ in poll.poll()):
        os.kill(child, signal.SIGKILL)
    os.close(handle)


def _confine(job: Job) -> None:
    os.chdir(job.output)
    for limit, value in (
        (resource.RLIMIT_AS, job.memory_bytes),
        (resource.RLIMIT_CPU, job.seconds),
        (resource.RLIMIT_FSIZE, job.file_bytes),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_NPROC, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(limit)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (value, value))
    _drop_capabilities()
    if job.readable:
        landlock.restrict(map(Path, job.readable), map(Path, job.writable))
    seccomp.install()


def _run(job: Job) -> None:
    """Run the script as ``__main__`` and end the process as an interpreter would."""
    sys.argv = [Path(job.script).name, *job.arguments]
    sys.path = [*sys.path[1:], *job.packages]  # the first entry led to this file
    site.setquit()
    code = 0
    try:
        runpy.run_path(job.script, run_name="__main__")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:  # noqa: BLE001 - the script is foreign; its fault is reported, not handled
        traceback.print_exc()
        code = 1
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            code = code or 1
    os._exit(code & 0xFF)


def _stream(folder: Path, pipe: int) -> None:
    for name in sorted(os.listdir(folder)):
        try:
            handle = os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            continue
        with os.fdopen(handle, "rb") as file:
            facts = os.fstat(handle)
            if not stat.S_ISREG(facts.st_mode):
                continue
            label = os.fsencode(name)
            _write(pipe, HEADER.pack(len(label), facts.st_size) + label)
            left = facts.st_size
            while left:
                piece = file.read(min(left, _PIECE))
                _write(pipe, piece)
                left -= len(piece)
                if not piece:
                    return


def _write(pipe: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(pipe, view) :]


def _die_with(parent: int) -> None:
    """Be killed when the parent ends, also if it ended already."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(125)


def _drop_capabilities() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in range(_LAST_CAPABILITY + 1):
        libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    header, nothing = struct.pack("=Ii", _CAPABILITY_VERSION, 0), bytes(24)
    if libc.capset(header, nothing) != 0:
        raise OSError(ctypes.get_errno(), "capabilities could not be dropped")
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "new privileges could not be switched off")
