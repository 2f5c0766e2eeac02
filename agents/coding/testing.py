"""Runs test functions of foreign code, inside the sandbox, as a part of the scripts there."""

import importlib
import json
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path("../in").resolve()
"""Where the inputs lie."""
MOST = 8
"""Faults that are told."""


def test(names: Sequence[str]) -> tuple[list[str], int]:
    """Run every test function of some files: what failed, where and why; how many there are."""
    faults, ran = [], 0
    for name in names:
        try:
            module = importlib.import_module(name.removesuffix(".py"))
        except BaseException as fault:  # noqa: BLE001 - foreign code; its fault is reported
            faults.append(f"{name} can't be imported: {told(fault)}")
            continue
        for test_name, function in vars(module).items():
            if test_name.startswith("test_") and callable(function):
                ran += 1
                try:
                    function()
                except BaseException as fault:  # noqa: BLE001 - foreign code, as above
                    faults.append(f"{name}: {test_name} failed: {told(fault)}")
    return faults, ran


def told(fault: BaseException) -> str:
    """A fault with the last line of the foreign files that led to it."""
    frames = traceback.extract_tb(fault.__traceback__)
    own = [one for one in frames if str(FOLDER) in one.filename]
    where = f"{Path(own[-1].filename).name} line {own[-1].lineno}: " if own else ""
    line = f"{own[-1].line}: " if own and own[-1].line else ""
    return f"{where}{line}{type(fault).__name__}: {str(fault)[:300]}"


def leave(faults: Sequence[str], ran: int) -> None:
    """Print what was found as the last line: JSON with ``faults`` and ``ran``."""
    sys.stdout.flush()
    print("\n" + json.dumps({"faults": list(faults)[:MOST], "ran": ran}), flush=True)
