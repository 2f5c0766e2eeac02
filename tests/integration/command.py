"""The command line, run within the test's own process."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from grym_synth.cli import main


class Ended(NamedTuple):
    """How a command ended, and what it printed."""

    returncode: int
    stdout: str
    stderr: str


Grym = Callable[..., Ended]


def command(capsys: pytest.CaptureFixture[str]) -> Grym:
    """What runs ``grym`` with some words."""

    def run(*words: str | Path) -> Ended:
        with pytest.raises(SystemExit) as ended:
            main([*map(str, words)])
        printed = capsys.readouterr()
        return Ended(int(ended.value.code or 0), printed.out, printed.err)

    return run
