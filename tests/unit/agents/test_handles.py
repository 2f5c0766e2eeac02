"""Handles and the supervisor's package: everything of a project is at most three openings away."""

import re
from collections.abc import Iterator

import pytest

from agents.contexts.supervisor import supervisor_package
from agents.opening.handles import handle_of
from agents.opening.opening import Opener
from audio.assets import AssetRef
from grym_synth.errors import UnknownName
from memory.context import (
    Conflict,
    ContextPackage,
    Finding,
    Interaction,
    Note,
    Place,
    ProjectSetting,
    Report,
    Subject,
    Task,
    TurnRecord,
    content_id,
)
from memory.filing.records import record_of
from memory.repository import Repository
from memory.store import GrymStore
from memory.terms import Term

LEAD = Place(level="element", name="Lead vocal")


def asset(number: int) -> AssetRef:
    id_ = content_id("x", number)[2:] * 4
    return AssetRef(id=id_, kind="audio", name=f"take {number}.wav", suffix="wav", size_bytes=9)


def finding(number: int, subject: Subject) -> Finding:
    return Finding.make(
        subject,
        "tempo.bpm" if number % 2 else f"x.{number}",
        60.5 + number,
        unit="BPM",
        evidence="measured",
        source=f"gama/{number}@1",
        method="counted",
        confidence=0.9,
    )


def turn(number: int, thread: str = "main") -> TurnRecord:
    task = Task(
        id=f"t-{number:016x}", agent="gama", objective="measure it", status="waiting", rounds=1
    )
    return TurnRecord(
        thread=thread,
        turn=number,
        when=f"2026-01-01T00:{number:02d}:00+00:00",
        request=f"how fast is take {number}?",
        answer=f"It runs at {60.5 + number} BPM.",
        tasks=(task,),
    )


@pytest.fixture
def memory() -> Iterator[Repository]:
    with GrymStore() as store:
        repository = Repository(store)
        fill(repository)
        yield repository


def fill(memory: Repository) -> None:
    memory.ensure_project("demo")
    memory.add_assets("demo", [asset(n) for n in range(25)])
    for field, value in (
        ("goal", "a warm, dark record"),
        ("constraint", "no louder than -14 LUFS"),
        ("deadline", "mix by 1 December"),
        ("section", "Chorus: 0:30-0:50"),
        ("element", "Lead vocal: take 3.wav, in the chorus"),
    ):
        memory.set("demo", ProjectSetting.model_validate({"field": field, "value": value}))
    memory.put_term("demo", Term(name="crunch", means="the sound of my amp", domain="tone"))
    subject = Subject(kind="asset", id=asset(3).id)
    found = [finding(n, subject) for n in range(45)]
    found += [finding(n, Subject(kind="section", id="Chorus")) for n in range(3)]
    memory.add_findings("demo", found)
    memory.add_notes("demo", [Note.make("note", f"thought number {n}", LEAD) for n in range(30)])
    memory.add_notes("demo", [Note.make("decision", f"decided {n}") for n in range(30)])
    sides = (found[0].id, found[1].id)
    memory.add_conflicts(
        "demo",
        [
            Conflict(aspect="tempo.bpm", findings=sides, kept=None, rule="", status="open",
                     why="two tempos were told"),
            Conflict(aspect="x.2", findings=(found[2].id,), kept=found[2].id, rule="evidence",
                     status="settled", why="measured"),
        ],
    )  # fmt: skip
    for number in range(1, 13):
        memory.add_turn("demo", turn(number))
        memory.add_reports("demo", [Report(task=f"t-{number:016x}", agent="gama")], 1)
    step = Interaction(
        id=content_id("i", 1), thread="main", turn=12, round=0, who="supervisor/x@1",
        what="planned it", outcome="planned", at="2026-01-01",
    )  # fmt: skip
    memory.add_interactions("demo", [step])
    memory.refresh_summaries("demo")


def package(memory: Repository, budget: int = 6000) -> ContextPackage:
    context = memory.context("demo", "main", 13, "make the Chorus louder", ())
    return supervisor_package(memory, context, budget)


HANDLE = re.compile(r"\b(?:goal|p:\w+|[a-z]+:[\w~-]+(?:/\d+)?|t-[0-9a-f]{16}\.\d\d)(?:#\d+)?")


def leads(text: str) -> set[str]:
    """Handles that a text names, with the pages that it says there are."""
    found = set(HANDLE.findall(text))
    for handle, last in re.findall(r"(p:\w+) \(\d+, #1-#(\d+)\)", text):
        found |= {f"{handle}#{page}" for page in range(1, int(last) + 1)}
    for handle, last in re.findall(r"^([\w:/ -]+), page \d+ of (\d+)", text, re.MULTILINE):
        found |= {f"{handle}#{page}" for page in range(1, int(last) + 1)}
    return found


def test_every_entry_is_at_most_three_openings_away(memory: Repository) -> None:
    opener = Opener(memory, "demo")
    place = opener.tree.place()
    entries = [one for one in opener.tree.store.entries(place) if one.namespace[2] != "versions"]
    wanted = {handle_of(record_of(one)) for one in entries if one.value["kind"] not in ("summary",)}
    seen: set[str] = set()
    known, fresh = {"p"}, leads(package(memory).text)
    for _ in range(3):
        opened: set[str] = set()
        for handle in fresh - known:
            try:
                items = opener.open(handle)
            except UnknownName:
                continue
            seen.add(handle.partition("#")[0])
            opened |= {lead for item in items for lead in leads(item.text)}
        known, fresh = known | fresh, opened
    stated = {one for one in wanted if one.split(":")[0] in ("section", "element")}
    assert wanted - stated <= seen
    assert {"s:chorus", "e:lead-vocal"} <= seen


def test_the_package_tells_wishes_the_newest_turn_and_disputes_in_full(
    memory: Repository,
) -> None:
    text = package(memory).text
    for words in (
        "goal: a warm, dark record",
        "constraint: no louder than -14 LUFS",
        "deadline: mix by 1 December",
        "how fast is take 12?",
        "It runs at 72.5 BPM.",
        "two tempos were told",
        "gama waits: measure it",
        "s:chorus Chorus (3 findings, e:lead-vocal)",
    ):
        assert words in text


def test_the_package_keeps_its_budget_and_what_must_be_in(memory: Repository) -> None:
    for budget in (700, 1500, 6000):
        cut = package(memory, budget)
        assert cut.tokens <= budget
        assert "p:findings (27, #1-#2)" in cut.text and "a warm, dark record" in cut.text


def test_the_same_project_gives_the_same_package(memory: Repository) -> None:
    assert package(memory) == package(memory)


def test_what_is_opened_fits_its_budget_and_says_where_it_goes_on(memory: Repository) -> None:
    long = Note.make("design", "every word counts " * 2000)
    memory.add_notes("demo", [long])
    for handle in ("p", "p:notes", "s:chorus", "e:lead-vocal#2", "t:main/12", long.id):
        for budget in (300, 1200):
            (item,) = Opener(memory, "demo", budget).open(handle)
            assert item.tokens <= budget
    (first,) = Opener(memory, "demo", 300).open(long.id)
    assert first.text.splitlines()[-1].startswith("more: n:") and first.text.endswith("#2")


def test_an_entry_opens_in_full_by_its_handle_and_by_its_id(memory: Repository) -> None:
    note = next(one for one in memory.notes("demo") if one.text == "decided 7")
    for handle in (note.id, f"n:{note.id[2:12]}", f"n:{note.id[2:8]}"):
        (item,) = Opener(memory, "demo").open(handle)
        assert "decided 7" in item.text and item.kind == "decision"


def test_a_file_opens_by_its_handle_and_by_the_start_of_its_id(memory: Repository) -> None:
    id_ = asset(3).id
    for handle in (f"a:{id_[:6]}{id_[-6:]}", f"a:{id_[:12]}", id_):
        (item,) = Opener(memory, "demo").open(handle)
        assert "take 3.wav: audio" in item.text and "holds e:lead-vocal" in item.text


@pytest.mark.parametrize(
    ("handle", "told"),
    [
        ("s:chrous", "s:chorus"),
        ("e:lead-vocals", "e:lead-vocal"),
        ("p:file", "p:files"),
        ("s:chorus#99", "Open s:chorus#1"),
        ("t:main/99", "has none such"),
        ("f:", "has none such"),
        ("", "has none such"),
        ("a:%", "has none such"),
        ("💥", "Open p for what there is"),
    ],
)
def test_an_unknown_handle_is_refused_with_near_ones(
    memory: Repository, handle: str, told: str
) -> None:
    with pytest.raises(UnknownName, match=re.escape(told)):
        Opener(memory, "demo").open(handle)


def test_places_whose_names_look_alike_have_handles_of_their_own(memory: Repository) -> None:
    for name in ("lead-vocal", "Lead Vocal!"):
        memory.add_notes("demo", [Note.make("note", name, Place(level="element", name=name))])
    opener = Opener(memory, "demo")
    alike = [one for one in opener.handles.values() if one.startswith("e:lead-vocal")]
    assert len(set(alike)) == 3
    assert all(len(opener.open(handle)) == 1 for handle in alike)


def test_an_empty_project_has_a_package(memory: Repository) -> None:
    memory.ensure_project("empty")
    context = memory.context("empty", "main", 1, "hello", ())
    assert supervisor_package(memory, context, 600).tokens < 100
