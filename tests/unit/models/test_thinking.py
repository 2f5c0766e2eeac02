from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.base import Ending, Piece
from models.runtime import gathered
from models.thinking import split_thinking

END = Piece(ending=Ending("stop", 1, 1, 0.0))


def _heard(text: str, cuts: list[int]) -> tuple[str, str]:
    def pieces() -> Iterator[Piece]:
        at = [0, *sorted({cut % (len(text) + 1) for cut in cuts}), len(text)]
        for start, end in pairwise(at):
            yield Piece(text=text[start:end])
        yield END

    answer = gathered(split_thinking(pieces()))
    return answer.thinking, answer.text


@pytest.mark.parametrize(
    ("text", "thinking", "answer"),
    [
        ("C major.", "", "C major."),
        ("<think>Hm.</think>C major.", "Hm.", "C major."),
        ("\n<think>\nHm.\n</think>\n\nC major.", "Hm.", "C major."),
        ("Hm.</think>C major.", "Hm.", "C major."),
        ("<think></think>C major.", "", "C major."),
        ("<think>Hm, no end", "Hm, no end", ""),
        ("<think>a < b </thin></think>c", "a < b </thin>", "c"),
        ("<think>Hm.</think>Use <think> and </think>.", "Hm.", "Use <think> and </think>."),
        ("C <think>", "", "C <think>"),
        ("<thin", "", "<thin"),
    ],
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cuts=st.lists(st.integers(0, 60), max_size=12))
def test_thinking_is_told_apart_however_the_text_is_cut(
    text: str, thinking: str, answer: str, cuts: list[int]
) -> None:
    assert _heard(text, cuts) == (thinking, answer)


def test_tags_are_words_where_the_server_tells_thinking_apart() -> None:
    pieces = [Piece(thinking="Hm."), Piece(text="Say </think> twice."), END]

    answer = gathered(split_thinking(pieces))

    assert (answer.thinking, answer.text) == ("Hm.", "Say </think> twice.")
