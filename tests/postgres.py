"""A PostgreSQL server of the tests' own: in a new folder, reached by a socket there, then gone."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.programs import program

_SPEED = ("fsync=off", "full_page_writes=off", "shared_buffers=32MB", "max_connections=30")


@contextmanager
def postgres_server() -> Iterator[str]:
    """The address of a database ``grym``, with a password in it that nobody may see.

    The server refuses to run as root: it then runs as the user of Debian's package.
    """
    initdb, control = program("initdb"), program("pg_ctl")
    folder = Path(tempfile.mkdtemp(prefix="grym-pg-", dir="/tmp"))
    user = "postgres" if os.getuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    where = folder / "data"

    def do(*command: str) -> None:
        subprocess.run(command, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL)

    do(initdb, "-D", str(where), "-U", "grym", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
    options = [f"-c {one}" for one in (*_SPEED, f"unix_socket_directories={folder}")]
    options.append("-c listen_addresses=''")
    log = str(folder / "log")
    start = (control, "-D", str(where), "-l", log, "-w", "-o", " ".join(options), "start")
    try:
        do(*start)
        do(program("createdb"), "-h", str(folder), "-U", "grym", "grym")
        yield f"postgresql://grym:{PASSWORD}@/grym?host={folder}"
    finally:
        subprocess.run(
            (control, "-D", str(where), "-m", "immediate", "stop"),
            user=user,
            cwd=folder,
            check=False,
            capture_output=True,
        )
        shutil.rmtree(folder, ignore_errors=True)


PASSWORD = "hidden-pa55word"
"""The server asks for none; it is there to be looked for where it must not appear."""
