"""Programs of the system that some tests need: a browser, a database server, a compiler."""

import os
import shutil

import pytest


def program(name: str) -> str:
    """The path of a program; skips the test where it is not installed.

    With ``GRYM_TEST_PROGRAMS=required`` an absent program is a failure, so that nothing is left out
    unseen where all of them are meant to be there.
    """
    found = shutil.which(name) or shutil.which(name, path="/usr/lib/postgresql/15/bin")
    if found is not None:
        return found
    missing = f"{name} is not installed (requirements/debian.txt)"
    if os.environ.get("GRYM_TEST_PROGRAMS") == "required":
        pytest.fail(missing)
    pytest.skip(missing)
