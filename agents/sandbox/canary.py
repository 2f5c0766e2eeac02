"""A script that tries to get out; it runs in each sandbox before that is trusted with anything.

Arguments: a JSON object with ``secret`` (a file of the caller), ``outside`` (a folder of the
caller), ``port`` (the caller listens there on loopback) and ``parent`` (the caller's process id).
It prints the list of what worked, as JSON, and leaves a small sound file in its output folder.
"""

import json
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile


def main() -> None:
    """Try every attack and print those that worked."""
    target = json.loads(sys.argv[1])
    outside, parent = Path(target["outside"]), int(target["parent"])
    attacks: dict[str, Callable[[], object]] = {
        "read a file of the caller": lambda: Path(target["secret"]).read_bytes(),
        "read /etc/passwd": lambda: Path("/etc/passwd").read_bytes(),
        "read the environment of the caller": lambda: Path(f"/proc/{parent}/environ").read_bytes(),
        "write outside": lambda: (outside / "planted").write_bytes(b"x"),
        "change rights outside": lambda: outside.chmod(0o777),
        "connect to loopback": lambda: socket.create_connection(("127.0.0.1", target["port"]), 2),
        "signal the caller": lambda: os.kill(parent, 0),
        "start a process": lambda: _end_child(os.fork()),
        "make a link": lambda: os.symlink("/etc/passwd", "link"),
    }
    worked = [name for name, attack in attacks.items() if _works(attack)]
    soundfile.write("canary.wav", np.zeros(800, dtype=np.float32), 8000)
    print(json.dumps(worked))


def _end_child(child: int) -> None:
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _works(attack: Callable[[], object]) -> bool:
    try:
        attack()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
