import pytest

from graph.titles import title_of
from memory.forgetting.blanking import BLANK


@pytest.mark.parametrize(
    ("request_", "title"),
    [
        ("What key is it in?", "What key is it in?"),
        ("\n\n  Measure it \n and more", "Measure it"),
        ("word " * 40, f"{'word ' * 15}word …"[:82]),
        ("x" * 200, f"{'x' * 80} …"),
        ("", ""),
        (" \n ", ""),
        (BLANK, ""),
    ],
    ids=["short", "first line", "long", "one word", "empty", "blank", "forgotten"],
)
def test_a_threads_title_is_the_first_line_of_its_first_request(request_: str, title: str) -> None:
    told = title_of(request_)
    assert told.rstrip("… ") == title.rstrip("… ")
    assert len(told) <= 82
