import pytest

from agents.coding.interface import LONGEST, interface_notes, statements_in

MODULE = '''"""Reverbs of all kinds."""

RATE = 48000


def hall(samples, seconds: float = 2.0) -> list:
    """A large one.

    With more words.
    """
    return [samples * seconds]


def _hidden():
    pass


class Plate(Effect):
    """A bright one."""

    size: float

    def __init__(self, size):
        self.size = size

    def process(self, block, rate=RATE):
        return block

    def _tail(self):
        pass
'''
HEADER = """#pragma once
/* class Comment; */
class Reverb : public Effect {
 public:
  Reverb(double rate);
  void process(float* block, int frames) noexcept override;
  // void old();
 private:
  double size_ = 0.5;
};
int render(const char *path);
"""
NOTES = """# Studio

Made in Lisbon.

## Plugin API
`process(block, sr) -> block`

## Threads
The UI never blocks the audio thread.

## Performance
- 64-sample blocks in under 0.5 ms

## Lyrics
la la la
"""


def test_python_is_told_by_its_public_signatures() -> None:
    functions, plate = statements_in("reverbs.py", MODULE)
    assert functions.text == (
        "reverbs.py: Reverbs of all kinds.\nRATE = 48000\n"
        "hall(samples, seconds: float=2.0) -> list: A large one."
    )
    assert plate.text == (
        "reverbs.py: class Plate(Effect): A bright one.\nsize: float\n__init__(self, size)\n"
        "process(self, block, rate=RATE)"
    )


def test_a_header_is_told_by_its_declarations() -> None:
    (told,) = statements_in("reverb.hpp", HEADER)
    assert told.text.splitlines() == [
        "reverb.hpp:",
        "class Reverb : public Effect",
        "Reverb(double rate)",
        "void process(float* block, int frames) noexcept override",
        "int render(const char *path)",
    ]


def test_sections_of_prose_that_speak_of_code_are_taken_by_their_kind() -> None:
    told = statements_in("NOTES.md", NOTES)
    assert [one.kind for one in told] == ["api", "architecture", "performance"]
    assert told[2].text == "NOTES.md, Performance: - 64-sample blocks in under 0.5 ms"


def test_prose_without_headings_is_what_it_is_handed_over_as() -> None:
    told = statements_in("limits.txt", "At most 5 % CPU.\n\nTwo seconds to load.", "performance")
    assert [one.kind for one in told] == ["performance", "performance"]


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.py", "def broken(:\n"), ("a.py", ""), ("a.h", "if (x) { y(); }"), ("a.md", "# Nothing\n")],
)
def test_a_file_without_an_interface_tells_nothing(name: str, text: str) -> None:
    assert statements_in(name, text) == []


def test_a_long_file_is_told_within_limits() -> None:
    source = "\n".join(f"def function_{n}(samples):\n    '''Does {n}.'''\n" for n in range(500))
    (told,) = statements_in("many.py", source)
    assert len(told.text) <= LONGEST


def test_what_was_built_is_noted_without_its_tests() -> None:
    sources = {"reverbs.py": MODULE, "tests/test_reverbs.py": "def test_hall():\n    pass\n"}
    notes = interface_notes(sources, assets={"reverbs.py": "b" * 64}, source="coder/x@1")
    assert {(one.kind, one.evidence, one.assets) for one in notes} == {
        ("api", "executed", ("b" * 64,))
    }
    assert all("test_hall" not in one.text for one in notes)
