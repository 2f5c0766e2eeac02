from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.contexts.adapter import Adapter
from agents.contexts.coder import CODER
from agents.contexts.gama import GAMA, gama_slice
from agents.contexts.qwen_vl import QWEN_VL
from audio.assets import AssetRef
from memory.context import (
    Conflict,
    ContextPackage,
    Evidence,
    Finding,
    Note,
    NoteKind,
    Place,
    ProjectContext,
    ProjectSetting,
    Section,
    Subject,
    Task,
)
from memory.glossary.glossary import Glossary
from memory.repository import Repository
from memory.store import GrymStore

MIX = AssetRef(
    id="a" * 64, kind="audio", name="mix.wav", suffix="wav", size_bytes=9,
    seconds=180.0, sample_rate_hz=48_000, channels=2,
)  # fmt: skip
PICTURE = AssetRef(id="b" * 64, kind="image", name="mix.png", suffix="png", size_bytes=9)
ADAPTERS = pytest.mark.parametrize("adapter", [GAMA, QWEN_VL, CODER], ids=lambda one: one.agent)


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    with GrymStore(tmp_path) as store:
        made = Repository(store)
        made.ensure_project("song")
        made.add_assets("song", (MIX, PICTURE))
        yield made


def fact(
    aspect: str,
    value: float | str | None,
    unit: str = "",
    *,
    of: str = MIX.id,
    evidence: Evidence = "measured",
    span: tuple[float, float] | None = None,
) -> Finding:
    subject = Subject(kind="asset", id=of)
    if span:
        subject = subject.model_copy(update={"start": span[0], "end": span[1]})
    return Finding.make(
        subject, aspect, value, unit=unit, evidence=evidence, source="x/y@1", method="test",
        confidence=1,
    )  # fmt: skip


def package(
    repository: Repository, adapter: Adapter, objective: str, tokens: int = 2000
) -> ContextPackage:
    task = Task(id="t", agent=adapter.agent, objective=objective, inputs=(MIX.id,))
    glossary = Glossary.load()
    (known,) = repository.knowledge("song", [task], glossary)
    return adapter.package(task, known, tokens, glossary)


def note(kind: NoteKind, text: str, place: Place | None = None) -> Note:
    return Note.make(kind, text, place)


def fill(repository: Repository) -> None:
    repository.add_notes(
        "song",
        (
            note("api", "def render(path): returns the loudness"),
            note("design", "The loudness button is amber"),
            note("requirement", "Loudness of the master is -14 LUFS"),
        ),
    )
    heard = fact("voice.level", "the loudness of the voice is low", evidence="heard")
    seen = fact("picture.kind", "loudness curve", of=PICTURE.id, evidence="seen")
    repository.add_findings("song", (heard, seen, fact("loudness.integrated_lufs", -17.5, "LUFS")))


SEES = {
    "gama": ("-14 LUFS", "-17.5", "voice is low"),
    "qwen_vl": ("-14 LUFS", "-17.5", "amber", "loudness curve"),
    "coder": ("-14 LUFS", "-17.5", "def render", "amber"),
}
NEVER = {
    "gama": ("def render", "amber", "mix.png"),
    "qwen_vl": ("def render",),
    "coder": ("voice is low", "mix.png", "loudness curve"),
}


@ADAPTERS
def test_each_agent_sees_what_is_its_own_and_never_the_rest(
    repository: Repository, adapter: Adapter
) -> None:
    fill(repository)
    cut = package(repository, adapter, "Check the loudness of the mix")
    for text in SEES[adapter.agent]:
        assert text in cut.text
    for text in NEVER[adapter.agent]:
        assert text not in cut.text
    assert sum(cut.never_seen.values()) >= 1


def test_a_changed_style_guideline_changes_what_gama_reads_and_goes_by(
    repository: Repository,
) -> None:
    def handed(style: str) -> tuple[str, tuple[str, ...]]:
        setting = ProjectSetting(field="style", value=style)
        repository.set("song", setting)
        cut = package(repository, GAMA, "Is the top end right?")
        context = ProjectContext(
            project="song", thread="main", turn=1, request="", assets=(MIX,), settings=(setting,)
        )
        task = Task(id="t", agent="gama", objective="Is the top end right?", inputs=(MIX.id,))
        return cut.text, gama_slice(task, context, (), cut)["guidelines"]

    before, dark = handed("dark, rolled off above 8 kHz")
    after, bright = handed("bright and airy")
    assert "rolled off above 8 kHz" in before and "bright and airy" not in before
    assert "bright and airy" in after
    assert (dark, bright) == (("dark, rolled off above 8 kHz",), ("bright and airy",))


def test_a_changed_constraint_changes_what_the_coder_reads(repository: Repository) -> None:
    repository.set("song", ProjectSetting(field="constraint", value="true peak below -1 dBTP"))
    before = package(repository, CODER, "Master the mix")
    repository.set("song", ProjectSetting(field="constraint", value="no limiter at all"))
    after = package(repository, CODER, "Master the mix")
    assert "no limiter" not in before.text and "no limiter" in after.text
    assert "true peak below -1 dBTP" in before.text


def test_goals_and_guidelines_are_found_by_search_beside_other_entries(
    repository: Repository,
) -> None:
    repository.set("song", ProjectSetting(field="style", value="warm tape saturation"))
    repository.set("song", ProjectSetting(field="goal", value="a lullaby for winter"))
    context = repository.context("song", "main", 1, "", ())
    assert {one.value for one in context.settings} == {
        "warm tape saturation",
        "a lullaby for winter",
    }
    told = package(repository, GAMA, "Does it work as a lullaby?").text
    assert "a lullaby for winter" in told


def test_the_same_fact_is_told_to_each_agent_in_its_own_terms(repository: Repository) -> None:
    repository.add_findings("song", (fact("loudness.true_peak_dbtp", -6.0206, "dBTP"),))
    said = "Is the true peak of the muddy mix too high?"
    coder = package(repository, CODER, said).text
    gama = package(repository, GAMA, said).text
    assert "loudness.true_peak_dbtp = -6.0206 dBTP; linear 0.5" in coder
    assert "linear 0.5" not in gama and "-6.0206 dBTP" in gama
    assert "muddy" in gama and "muddy" in coder
    glossed = {cut.split("muddy")[1].splitlines()[0] for cut in (gama, coder)}
    assert len(glossed) == 2


def test_what_the_task_is_about_comes_before_what_is_merely_there(
    repository: Repository,
) -> None:
    for name, words in (("verse", "whispered"), ("bridge", "shouted")):
        place = Place(level="section", name=name)
        repository.state("song", Section(name=name, start=1.0, end=9.0, text=f"{name}: 1-9 s"))
        repository.add_notes("song", [note("decision", f"The voice is {words}", place)])
    cut = package(repository, GAMA, "How does the voice sit in the bridge?")
    decisions = [item.text for item in cut.items if item.kind == "decision"]
    assert "shouted" in decisions[0]


def test_an_open_conflict_comes_with_what_it_is_about(repository: Repository) -> None:
    sides = fact("key", "F minor"), fact("key", "G# major", evidence="heard")
    repository.add_findings("song", sides)
    conflict = Conflict(
        aspect="key",
        findings=tuple(one.id for one in sides),
        kept=None,
        rule="none",
        why="the bass is out of tune",
        status="open",
    )
    repository.add_conflicts("song", (conflict,))
    cut = package(repository, GAMA, "In which key is the mix?")
    assert "key, open: measured F minor against heard G# major" in cut.text


@ADAPTERS
def test_a_small_budget_keeps_the_most_needed_and_says_what_is_missing(
    repository: Repository, adapter: Adapter
) -> None:
    fill(repository)
    long = "The choir sings in Latin and the organ has sixteen stops. " * 12
    repository.add_notes("song", [note("note", f"{n}: {long}") for n in range(8)])
    cut = package(repository, adapter, "Is the loudness of the mix as required?", 220)
    assert cut.tokens <= 220
    assert "-14 LUFS" in cut.text and "-17.5" in cut.text
    assert cut.left_out or "reference" in {item.form for item in cut.items}


def test_long_lists_are_told_with_their_beginning_and_number(repository: Repository) -> None:
    spans = [[n, n + 0.5, "verse"] for n in range(300)]
    finding = fact("structure.sections", None).model_copy(update={"value": spans})
    repository.add_findings("song", (finding,))
    cut = package(repository, GAMA, "Which sections does the mix have?")
    assert "0-0.5 verse" in cut.text and "260 more" in cut.text
