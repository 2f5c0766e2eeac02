from typing import cast

import pytest

from agents.contexts.coder import CoderSlice
from agents.planning.code_notes import told_of_code
from agents.turn.slicing import slices_for
from grym_synth.settings import PackageTokens
from memory.context import Element, Moment, Note, Place, ProjectContext, ProjectSetting, Task
from memory.repository import Repository
from memory.store import GrymStore

SAID = (
    "Our plugin API is process(block, rate) -> block",
    "Performance: no allocation in the audio thread",
    "The reverb API is reverb(block, size, damping) -> block",
    "Performance: the reverb takes at most 0.4 ms per 64-sample block",
    "Architecture: the reverb is a feedback delay network of 8 lines",
    "The sampler API is load(path) -> Voice",
    "Performance: the sampler keeps at most 32 voices in 200 MB of memory",
    "Architecture: the sampler streams from disk in a thread of its own",
    "The MIDI parser API is parse(stream) -> list of events",
    "Architecture: the MIDI parser is a state machine",
    "The exporter API is export(project, folder) -> list of paths",
    "The sequencer API is schedule(event, tick) -> None",
    "Performance: the sequencer has a jitter of at most 0.1 ms per callback",
)
ALWAYS = {0, 1}


@pytest.fixture
def memory() -> Repository:
    memory = Repository(GrymStore())
    memory.ensure_project("p")
    memory.set("p", ProjectSetting(field="element", value="lead: the synth line"), moment(0))
    for turn, said in enumerate(SAID, 1):
        tell(memory, said, turn)
    return memory


def moment(turn: int) -> Moment:
    return Moment(thread="main", turn=turn, at=f"2026-11-01T10:{turn:02d}:00Z")


def tell(memory: Repository, said: str, turn: int) -> None:
    context = ProjectContext(
        project="p", thread="main", turn=turn, request=said, elements=(Element(name="lead"),)
    )
    told = told_of_code(context)
    assert told.alone
    memory.add_notes("p", told.notes, moment(turn))


def slice_of(memory: Repository, task: Task) -> CoderSlice:
    context = memory.context("p", "main", 40, task.objective, ())
    (made,) = slices_for([task], context, (), memory, PackageTokens(), lambda agent: None)
    assert made["task"].agent == "coder"
    return cast(CoderSlice, made)


@pytest.mark.parametrize(
    ("objective", "parts"),
    [
        ("Write the reverb for our plugin", {2, 3, 4}),
        ("Make the sampler read WAV files", {5, 6, 7}),
        ("Write the parser for MIDI running status", {8, 9}),
        ("Let the sequencing swing", {11, 12}),
    ],
)
def test_the_coder_is_shown_what_its_task_touches_of_the_code_and_no_other_part(
    memory: Repository, objective: str, parts: set[int]
) -> None:
    package = slice_of(memory, Task(id="t", agent="coder", objective=objective))["package"]
    texts = [said.rpartition("e: ")[2] for said in SAID]
    shown = {at for at, text in enumerate(texts) if text in package.text}
    assert shown == parts | ALWAYS
    untouched = package.never_seen["of a part of the code that the task doesn't touch"]
    assert untouched == len(SAID) - len(parts | ALWAYS)


def test_what_was_said_anew_is_shown_in_the_place_of_the_older_one(memory: Repository) -> None:
    tell(memory, "The reverb API is now reverb(block, size) -> block", 20)
    task = Task(id="t", agent="coder", objective="Write the reverb")
    package = slice_of(memory, task)["package"]
    assert "reverb(block, size)" in package.text
    assert "damping" not in package.text


def test_the_interface_of_an_element_is_shown_where_the_task_works_at_it(
    memory: Repository,
) -> None:
    tell(memory, "The API of the lead is voice(note, glide) -> block", 21)
    elsewhere = Task(id="t", agent="coder", objective="Write a portamento")
    here = elsewhere.model_copy(update={"places": (Place(level="element", name="lead"),)})
    assert "glide" in slice_of(memory, here)["package"].text
    assert "glide" not in slice_of(memory, elsewhere)["package"].text


def test_a_file_handed_over_counts_for_all_code_but_its_classes_for_their_own(
    memory: Repository,
) -> None:
    told = ("tidal.h:\nvoid render(Frame* out)", "tidal.h: class Arpeggio\nstep(self)")
    file = "f" * 64
    memory.add_notes("p", [Note.make("api", text, assets=(file,)) for text in told], moment(22))
    task = Task(id="t", agent="coder", objective="Write the reverb")
    package = slice_of(memory, task)["package"]
    assert "void render" in package.text
    assert "Arpeggio" not in package.text
    other = Task(id="t", agent="coder", objective="Let the arpeggio go up and down")
    assert "Arpeggio" in slice_of(memory, other)["package"].text


def test_how_the_engine_is_split_is_shown_for_any_part(memory: Repository) -> None:
    said = "The engine is split into a voice allocator and a mixer"
    note = Note.make("architecture", said, Place(level="project"))
    memory.add_notes("p", (note,), moment(30))
    task = Task(id="t", agent="coder", objective="Write a ring modulator for the engine")
    assert said in slice_of(memory, task)["package"].text
