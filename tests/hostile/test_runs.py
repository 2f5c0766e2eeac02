"""Texts that are made to take time: a reader's pattern may try each start of a long run anew."""

import time

import pytest

from tests.hostile.targets import TARGETS, tried

READERS = ("request", "specification", "brief", "stated", "glossary", "numbers", "answers")
RUNS = ("0", "x", "\n", " ", "1.", "ab", "a -", "(", "and ", "1/2 ", "'a' ", "| a ", "[[a]]\n")
CHARACTERS = 12_000
SECONDS = 3.0
"""Of the processor's time; a pattern that takes the square of the length takes 5 to 30."""


@pytest.mark.parametrize("name", READERS)
def test_a_long_run_of_anything_is_read_or_refused_soon(name: str) -> None:
    slow = {}
    for run in RUNS:
        content = (run * CHARACTERS)[:CHARACTERS].encode()
        began = time.process_time()
        tried(TARGETS[name], content)
        slow[run] = time.process_time() - began

    assert {run: took for run, took in slow.items() if took > SECONDS} == {}
