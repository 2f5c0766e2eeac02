import io

import pytest

from agents.coding.approval import Source, approval_for
from agents.coding.words import CodeFile, Draft
from grym_synth.consent import read_decision

DRAFT = Draft(number=1, files=(CodeFile(name="ring.py", id="1" * 64),), author="scripted:a")
QUESTION = approval_for(DRAFT, [Source("ring.py", "x = 1\n")], [], "ring", True, ())


def read(line: str) -> tuple[str, str, str]:
    screen = io.StringIO()
    decision = read_decision(QUESTION, io.StringIO(line), screen)
    assert decision is not None
    return decision.type, decision.message, screen.getvalue()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("y\n", ("approve", "")),
        ("Yes\n", ("approve", "")),
        ("\n", ("reject", "")),
        ("n\n", ("reject", "")),
        ("use 40 Hz\n", ("reject", "use 40 Hz")),
    ],
)
def test_the_terminal_takes_yes_no_or_what_is_wrong(line: str, said: tuple[str, str]) -> None:
    assert read(line)[:2] == said


def test_the_code_is_shown_before_the_question() -> None:
    shown = read("y\n")[2]
    assert shown.index("x = 1") < shown.index("May it run?")


def test_the_end_of_input_leaves_the_question_open() -> None:
    assert read_decision(QUESTION, io.StringIO(""), io.StringIO()) is None
