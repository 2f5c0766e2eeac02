import pytest

from grym_synth.progress import Progress
from memory.context import Event


def test_a_line_tells_who_does_what_and_no_name_of_a_file_breaks_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Progress() as progress:
        progress.watch(Event(kind="node_start", node="gama"))
        progress.watch(Event(kind="task_start", node="gama", text="Measure \x1b[2J\nmix.wav"))
    said = capsys.readouterr()
    assert said.err == "gama: Measure  [2J mix.wav\n"
    assert said.out == ""


def test_a_node_that_breaks_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress() as progress:
        progress.watch(Event(kind="node_end", node="coder", error="boom"))
    assert capsys.readouterr().err == "coder: failed: boom\n"
