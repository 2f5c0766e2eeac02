import pytest

from memory.context import Note, NoteKind, Place
from memory.filing.code_words import code_kind, plain_code_kind, renews
from memory.repository import Repository
from memory.store import GrymStore

REVERB = Place(level="element", name="reverb")


@pytest.mark.parametrize(
    ("kind", "older", "newer"),
    [
        (
            "api",
            "our plugin API is process(block, sr) -> block",
            "the plugin API is now process(block, sr, midi)",
        ),
        ("api", "process(block, sr) -> block", "our plugin API is process(block) -> block"),
        ("api", "GET /render returns a WAV", "GET /render returns a FLAC and its loudness"),
        ("performance", "64-sample blocks in under 0.5 ms", "64-sample blocks in under 0.3 ms"),
        ("performance", "CPU must stay below 5 %", "the CPU may take at most 3 % now"),
        (
            "architecture",
            "the engine is split into a voice allocator and a mixer",
            "the engine is now split into three layers",
        ),
    ],
)
def test_what_is_said_anew_takes_the_place_of_the_older_one(
    kind: NoteKind, older: str, newer: str
) -> None:
    memory = Repository(GrymStore())
    memory.ensure_project("p")
    memory.add_notes("p", [Note.make(kind, older)])
    memory.add_notes("p", [Note.make(kind, newer)])
    (held,) = memory.notes("p")
    assert held.text == newer
    assert held.supersedes == Note.make(kind, older).id


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("api", "our plugin API is process(block, sr)", "the host API is process(block, sr)"),
        ("api", "reset() clears the state", "process(block, sr) -> block"),
        ("performance", "64-sample blocks in under 0.5 ms", "128-sample blocks in under 1 ms"),
        ("performance", "CPU must stay below 5 %", "latency must stay below 5 ms"),
        ("performance", "no allocation in the audio thread", "no locks in the audio thread"),
        (
            "architecture",
            "the engine is split into a voice allocator and a mixer",
            "the engine runs in a thread of its own",
        ),
        (
            "architecture",
            "the editor is split into panes",
            "the engine is split into a mixer and a tail",
        ),
    ],
)
def test_statements_about_different_things_both_hold(kind: NoteKind, one: str, other: str) -> None:
    memory = Repository(GrymStore())
    memory.ensure_project("p")
    memory.add_notes("p", [Note.make(kind, one), Note.make(kind, other)])
    assert {note.text for note in memory.notes("p")} == {one, other}


def test_an_element_has_interfaces_of_its_own() -> None:
    here = Note.make("api", "process(block, sr)", REVERB)
    there = Note.make("api", "process(block, sr, size)")
    assert not renews(there, here)


def test_saying_the_same_twice_changes_nothing() -> None:
    memory = Repository(GrymStore())
    memory.ensure_project("p")
    note = Note.make("performance", "64-sample blocks in under 0.5 ms")
    memory.add_notes("p", [note])
    (before,) = memory.notes("p")
    memory.add_notes("p", [note])
    assert memory.notes("p") == (before,)


def test_an_older_limit_said_again_holds_again() -> None:
    memory = Repository(GrymStore())
    memory.ensure_project("p")
    for milliseconds in ("0.5", "0.3", "0.5"):
        text = f"64-sample blocks in under {milliseconds} ms"
        memory.add_notes("p", [Note.make("performance", text)])
    assert [one.text for one in memory.notes("p")] == ["64-sample blocks in under 0.5 ms"]


@pytest.mark.parametrize(
    "text",
    [
        "the kick must hit on every block of four bars",
        "the plugin uses a lot of reverb, make it drier",
        "the band has two layers of guitars",
        "no vocals in the intro",
        "the audio interface is a Scarlett 2i2",
        "the bass must stay below 200 Hz",
    ],
)
def test_talk_about_music_is_no_statement_about_code(text: str) -> None:
    assert plain_code_kind(text) is None


def test_each_kind_is_told_by_what_it_says() -> None:
    assert code_kind("render(path) -> bytes") == "api"
    assert code_kind("at most 32 voices in 2 MB of memory") == "performance"
    assert code_kind("the renderer talks to the host") == "architecture"
    assert code_kind("tape hiss is fine") is None
