"""One owner per home, one turn per thread."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from grym_synth.errors import HomeLocked, ThreadBusy
from memory.storage.locks import HomeLock, ThreadLocks

HOLDER = """
import sys, time
from pathlib import Path
from memory.storage.locks import HomeLock
with HomeLock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_owner_is_told_who_the_first_is_and_gets_the_home_after_a_crash(
    tmp_path: Path,
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(HomeLocked, match=f"process {holder.pid} is using it"):
            HomeLock(tmp_path).acquire()
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
        with HomeLock(tmp_path):
            assert (tmp_path / "owner.lock").read_text() == str(os.getpid())


def test_a_new_home_is_closed_to_other_users_and_an_old_one_keeps_its_rights(
    tmp_path: Path,
) -> None:
    old = tmp_path / "old"
    old.mkdir(mode=0o750)
    for home in (tmp_path / "new", old):
        with HomeLock(home):
            pass

    assert [stat.S_IMODE(one.stat().st_mode) for one in (tmp_path / "new", old)] == [0o700, 0o750]


STARTING = """
import os, sys, time
from pathlib import Path
from memory.storage.locks import HomeLock
with HomeLock(Path(sys.argv[1])):
    if os.fork() == 0:
        time.sleep(0.3)
    os._exit(0)
"""
"""Ends while a child of it, which has not become a program of its own yet, holds all its files."""


def test_an_owner_that_is_killed_while_it_starts_a_child_leaves_its_home_at_once(
    tmp_path: Path,
) -> None:
    subprocess.run([sys.executable, "-c", STARTING, str(tmp_path)], check=True)
    with HomeLock(tmp_path):
        assert (tmp_path / "owner.lock").read_text() == str(os.getpid())


def test_a_home_can_be_taken_again_after_its_release(tmp_path: Path) -> None:
    for _ in range(2):
        with HomeLock(tmp_path / "new" / "home"):
            pass


def test_a_second_lock_in_the_same_process_is_refused_too(tmp_path: Path) -> None:
    with HomeLock(tmp_path), pytest.raises(HomeLocked):
        HomeLock(tmp_path).acquire()


def test_a_home_that_can_not_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(HomeLocked, match="can be written"):
        HomeLock(tmp_path / "file" / "home").acquire()


def test_one_thread_takes_one_turn_at_a_time_and_others_go_on() -> None:
    locks = ThreadLocks()
    with locks.turn("demo/main"), locks.turn("demo/other"):
        with pytest.raises(ThreadBusy, match="demo/main"), locks.turn("demo/main"):
            pass
        with pytest.raises(RuntimeError), locks.turn("demo/third"):
            raise RuntimeError
        with locks.turn("demo/third"):
            pass
    with locks.turn("demo/main"):
        pass
