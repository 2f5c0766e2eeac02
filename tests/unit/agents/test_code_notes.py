import pytest

from agents.planning.code_notes import told_of_code
from agents.supervisor import Supervisor
from audio.assets import AssetRef
from memory.context import Element, Note, Plan, ProjectContext

HEADER = AssetRef(id="a" * 64, kind="text", name="plugin.h", suffix="txt", size_bytes=10)


def context(request: str, *elements: str, file: AssetRef | None = None) -> ProjectContext:
    assets = (file,) if file else ()
    return ProjectContext(
        project="p",
        thread="main",
        turn=1,
        request=request,
        elements=tuple(Element(name=one) for one in elements),
        assets=assets,
        attached=tuple(one.id for one in assets),
    )


def plan(request: str) -> Plan:
    return Supervisor().plan(context(request))


@pytest.mark.parametrize(
    ("request_", "kind", "text"),
    [
        (
            "note for the code: our plugin API is process(block, sr) → block",
            "api",
            "our plugin API is process(block, sr) → block",
        ),
        (
            "performance: 64-sample blocks in under 0.5 ms",
            "performance",
            "64-sample blocks in under 0.5 ms",
        ),
        (
            "Architecture: UI thread and audio thread share a lock-free queue.",
            "architecture",
            "UI thread and audio thread share a lock-free queue",
        ),
        ("CPU must stay below 5 %", "performance", "CPU must stay below 5 %"),
        (
            "Merk dir für den Code: unsere Schnittstelle ist render(path) -> bytes",
            "api",
            "unsere Schnittstelle ist render(path) -> bytes",
        ),
        (
            "nota para el código: el motor usa una cola sin bloqueos",
            "architecture",
            "el motor usa una cola sin bloqueos",
        ),
        (
            "API:\n- reset() clears the state\n- process(block, sr) -> block",
            "api",
            "- reset() clears the state\n- process(block, sr) -> block",
        ),
    ],
)
def test_what_is_told_of_the_code_is_noted_and_nothing_is_built(
    request_: str, kind: str, text: str
) -> None:
    told = plan(request_)
    assert [(one.kind, one.text) for one in told.facts] == [(kind, text)]
    assert not (told.tasks or told.asks or told.settings)


def test_each_statement_of_a_message_is_a_note_of_its_own() -> None:
    told = plan(
        "Remember: the engine is split into a voice allocator and a mixer; no allocation in the "
        "audio thread."
    )
    assert [one.kind for one in told.facts] == ["architecture", "performance"]


def test_a_block_of_source_stays_whole() -> None:
    source = "```python\nclass Plugin:\n    def process(self, block, sr): ...\n\n    x = 1\n```"
    (note,) = told_of_code(context(f"note for the code:\n{source}")).notes
    assert (note.kind, note.text) == ("api", source)


def test_a_statement_and_an_order_in_one_message_are_noted_and_done() -> None:
    told = plan("Our plugin API is process(block, sr) -> block. Write a compressor for it.")
    assert [one.kind for one in told.facts] == ["api"]
    assert [one.agent for one in told.tasks] == ["coder"]


def test_a_statement_lives_at_the_element_that_it_names() -> None:
    request = "The interface of the reverb is reverb(x, size)"
    (note,) = told_of_code(context(request, "reverb", "drums")).notes
    assert (note.place.level, note.place.name) == ("element", "reverb")


@pytest.mark.parametrize(
    "request_",
    [
        "What is our API?",
        "Write a reverb that must run in under 0.5 ms per block",
        "Performance: sing softer in the second verse",
        "signature: 3/4",
        "The audio interface is a Scarlett 2i2",
        "The plugin uses a lot of reverb, make it drier",
        "Make it 6 dB quieter and cut below 80 Hz",
        "The chorus effect uses 3 voices, can you hear it?",
    ],
)
def test_orders_questions_and_talk_about_music_tell_nothing_of_the_code(request_: str) -> None:
    assert told_of_code(context(request_)).notes == ()


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("What is our API?", ["plugin API", "exporter API"]),
        ("what is the API of the exporter?", ["exporter API"]),
        ("What are the performance requirements?", ["0.5 ms"]),
        ("Wie lautet die Schnittstelle des Plugins?", ["plugin API"]),
        ("What is the architecture?", ["Nothing of this kind (architecture) is noted"]),
    ],
)
def test_what_is_noted_of_the_code_can_be_asked(question: str, told: list[str]) -> None:
    facts = (
        Note.make("api", "our plugin API is process(block) -> block"),
        Note.make("api", "the exporter API is export(project) -> paths"),
        Note.make("performance", "64-sample blocks in under 0.5 ms"),
    )
    made = Supervisor().plan(context(question).model_copy(update={"facts": facts}))
    (answer,) = made.answers
    everything = ["plugin API", "exporter API", "0.5 ms", "Nothing of this kind"]
    assert [one for one in everything if one in answer] == [one.partition(" (")[0] for one in told]
    assert not made.tasks


@pytest.mark.parametrize(
    ("request_", "kind"),
    [
        ("This is our API", "api"),
        ("Here are the performance requirements", "performance"),
        ("anbei unsere Architektur", "architecture"),
    ],
)
def test_a_text_file_is_noted_as_what_it_is_called(request_: str, kind: str) -> None:
    (note,) = told_of_code(context(request_, file=HEADER)).notes
    assert (note.kind, note.assets) == (kind, (HEADER.id,))
    assert told_of_code(context(request_)).notes == ()
