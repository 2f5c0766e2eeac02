"""What was believed when: nothing is overwritten, and each version says since and until when."""

import pytest
from pydantic import JsonValue

from audio.assets import AssetRef
from grym_synth.errors import BadInput, MemoryFault, UnknownName
from memory.context import Conflict, Finding, Note, Place, Subject, Summary, TurnRecord
from memory.filing.names import make_setting
from memory.filing.records import now
from memory.recall.beliefs import Wanted
from memory.recall.listing import Page, Query
from memory.repository import Repository
from memory.storage.entries import Entry
from memory.store import GrymStore

MIX = AssetRef(id="aa" * 32, kind="audio", name="mix.wav", suffix="wav", size_bytes=9, seconds=3.0)
PLACE = Place(level="element", name="Vocal chain")


def tempo(value: JsonValue, source: str = "gama/tempo@1") -> Finding:
    return Finding.make(
        Subject(kind="asset", id=MIX.id), "tempo.bpm", value, unit="BPM", evidence="measured",
        source=source, method="", confidence=0.8,
    )  # fmt: skip


def end_turn(memory: Repository, number: int, thread: str = "main") -> None:
    memory.add_turn(
        "demo",
        TurnRecord(thread=thread, turn=number, when="2026-11-23", request=f"r{number}", answer="a"),
    )


def live(memory: Repository) -> None:
    """Three turns in which the tempo, the goal and a requirement change, and one elsewhere."""
    for number, (bpm, goal) in enumerate([(92.0, "a demo"), (93.5, "an EP"), (92.0, "an EP")], 1):
        memory.add_findings("demo", [tempo(bpm, f"gama/tempo@{number}")], now("main", number))
        memory.set("demo", make_setting("goal", goal), now("main", number, "stated"))
        old = memory.notes("demo")
        note = Note.make(
            "requirement", f"latency {number} ms", PLACE, supersedes=old[0].id if old else None
        )
        memory.add_notes("demo", [note], now("main", number))
        end_turn(memory, number)
    memory.set("demo", make_setting("goal", "an LP"), now("other", 1))
    end_turn(memory, 1, "other")


def told(memory: Repository, **when: object) -> tuple[object, ...]:
    known = memory.as_of("demo", **when)  # type: ignore[arg-type]
    return (
        [one.value for one in known.settings],
        [one.value for one in known.findings],
        [one.text for one in known.notes],
    )


def test_each_turn_is_remembered_with_what_was_believed_then(memory: Repository) -> None:
    live(memory)
    assert told(memory, turn=("main", 1)) == (["a demo"], [92.0], ["latency 1 ms"])
    assert told(memory, turn=("main", 2)) == (["an EP"], [93.5], ["latency 2 ms"])
    assert told(memory, turn=("main", 3)) == (["an EP"], [92.0], ["latency 3 ms"])
    assert told(memory, turn=("other", 1)) == told(memory)
    assert told(memory)[0] == ["an LP"]
    assert told(memory, at="2020-01-01") == ([], [], [])


def test_a_turn_that_runs_again_changes_no_version(memory: Repository) -> None:
    live(memory)
    before = [memory.as_of("demo", turn=("main", number)) for number in (1, 2, 3)]
    end_turn(memory, 3)
    memory.set("demo", make_setting("goal", "an LP"), now("other", 1))
    assert [memory.as_of("demo", turn=("main", number)) for number in (1, 2, 3)] == before


def test_a_former_goal_stays_on_record_with_when_and_why(memory: Repository) -> None:
    live(memory)
    held = memory.entries("demo", Query(kinds=("goal",), ended=True)).records
    spans = {one.text: (one.began.turn, one.ended.turn if one.ended else None) for one in held}
    assert spans == {
        "project goal: an LP": (1, None),
        "project goal: an EP": (2, 1),
        "project goal: a demo": (1, 2),
    }
    assert [one.began.why for one in held if one.text.endswith("a demo")] == ["stated"]


def test_a_settled_conflict_was_open_before(memory: Repository) -> None:
    first, second = tempo(92.0), tempo(120.0, "qwen_vl/ruler@1")
    memory.add_findings("demo", [first, second], now("main", 1))
    dispute = Conflict(
        aspect="tempo.bpm", findings=(first.id, second.id), kept=None, rule="", why="?",
        status="open",
    )  # fmt: skip
    memory.add_conflicts("demo", [dispute], now("main", 1))
    end_turn(memory, 1)
    settled = dispute.model_copy(update={"status": "settled", "kept": first.id})
    memory.add_conflicts("demo", [settled], now("main", 2))
    end_turn(memory, 2)
    memory.add_findings("demo", [tempo(93.0, "gama/tempo@2")], now("main", 3))
    end_turn(memory, 3)
    statuses = [
        [one.status for one in memory.as_of("demo", turn=("main", number)).conflicts]
        for number in (1, 2, 3)
    ]
    assert statuses == [["open"], ["settled"], []]


def test_beliefs_can_be_asked_about_one_aspect(memory: Repository) -> None:
    live(memory)
    known = memory.as_of("demo", turn=("main", 2), wanted=Wanted(aspects=("tempo.bpm",)))
    assert [one.value for one in known.findings] == [93.5] and known.settings == ()
    assert memory.as_of("demo", turn=("main", 2), wanted=Wanted(aspects=("key",))).records == ()


def test_of_many_beliefs_the_newest_of_each_kind_can_be_asked_for(memory: Repository) -> None:
    live(memory)
    other = tempo(120.0).model_copy(update={"subject": Subject(kind="asset", id="bb" * 32)})
    memory.add_findings("demo", [other], now("main", 4))
    end_turn(memory, 4)
    known = memory.as_of("demo", turn=("main", 4), wanted=Wanted(newest=1))
    assert ([one.value for one in known.findings], len(known.notes)) == ([120.0], 1)
    known = memory.as_of("demo", turn=("main", 4), wanted=Wanted(assets=(MIX.id,), newest=1))
    assert [one.value for one in known.findings] == [92.0]


@pytest.mark.parametrize("when", [{"turn": ("main", 9)}, {"turn": ("none", 1)}, {"at": "now-ish"}])
def test_a_time_that_never_was_is_refused(memory: Repository, when: dict[str, object]) -> None:
    live(memory)
    with pytest.raises((UnknownName, BadInput)):
        memory.as_of("demo", **when)  # type: ignore[arg-type]


def test_a_finding_that_runs_again_keeps_what_it_superseded(memory: Repository) -> None:
    old, new = tempo(92.0), tempo(93.5, "gama/tempo@2")
    memory.add_findings("demo", [old], now("main", 1))
    for _ in range(2):
        memory.add_findings("demo", [new], now("main", 2))
    (held,) = memory.findings("demo")
    assert (held.id, held.supersedes) == (new.id, old.id)


def test_a_deadline_for_the_mix_stands_beside_that_for_the_master(memory: Repository) -> None:
    for text in ("mix by 2026-12-20", "master by 2026-12-10", "mix by 2026-12-01", "some day"):
        memory.set("demo", make_setting("deadline", text))
    assert [(one.what, one.date) for one in memory.timeline("demo")] == [
        ("mix", "2026-12-01"),
        ("master", "2026-12-10"),
        ("", None),
    ]


def test_a_summary_is_refreshed_in_its_place(memory: Repository) -> None:
    for text in ("dry", "wet"):
        memory.add_summary("demo", Summary(place=PLACE, text=text, source="rules"))
    held = memory.summary("demo", Place(level="element", name="vocal CHAIN"))
    assert held is not None and held.text == "wet"


def fill(memory: Repository) -> None:
    memory.add_assets("demo", [MIX], now("main", 1))
    memory.set("demo", make_setting("style", "lo-fi and warm"), now("main", 1))
    for number in range(1, 8):
        bpm = tempo(10.0**number, f"gama/t{number}@1")
        memory.add_findings("demo", [bpm], now("main", number))
        note = Note.make("api" if number % 2 else "design", f"point {number}", PLACE)
        memory.add_notes("demo", [note], now("main" if number < 5 else "other", number))


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        (Query(kinds=("api",)), ["point 7", "point 5", "point 3", "point 1"]),
        (Query(kinds=("api", "design"), thread="other"), ["point 7", "point 6", "point 5"]),
        (Query(place=Place(level="element", name="VOCAL CHAIN"), turn=2), ["point 2"]),
        (Query(asset=MIX.id, kinds=("asset",)), ["mix.wav"]),
        (Query(aspect="tempo.bpm", evidence=("measured",), turn=7), ["1e+07"]),
        (Query(kinds=("finding",), evidence=("user", "heard")), []),
        (Query(kinds=("api",), text="point 3"), ["point 3", "point"]),
        (Query(kinds=("design",), text="warm lo-fi"), []),
        (Query(text="warm lo-fi sound"), ["lo-fi and warm"]),
    ],
)
def test_entries_are_found_by_exact_fields_by_words_and_by_both(
    memory: Repository, query: Query, texts: list[str]
) -> None:
    fill(memory)
    found = memory.entries("demo", query).records
    if query.text and texts:
        found = found[: len(texts)]
    assert len(found) == len(texts)
    assert all(text in one.text for text, one in zip(texts, found, strict=True))


def test_pages_follow_each_other_and_new_entries_shift_nothing(memory: Repository) -> None:
    fill(memory)
    query, page, seen = Query(kinds=("finding",)), Page(size=3), []
    while True:
        listing = memory.entries("demo", query, page)
        seen += [one.id for one in listing.records]
        if not listing.next:
            break
        memory.add_findings("demo", [tempo(0.1 ** len(seen), f"gama/late{len(seen)}@1")])
        page = Page(listing.next, 3)
    assert len(seen) == len(set(seen)) == 7


def test_pages_of_a_search_follow_each_other(memory: Repository) -> None:
    fill(memory)
    first = memory.entries("demo", Query(text="point"), Page(size=4))
    rest = memory.entries("demo", Query(text="point"), Page(first.next, 40))
    ids = [one.id for one in (*first.records, *rest.records)]
    assert len(ids) == len(set(ids)) >= 7 and rest.next == ""


@pytest.mark.parametrize("page", [Page("x"), Page("-3"), Page(size=0)])
def test_a_page_that_can_not_be_is_refused(memory: Repository, page: Page) -> None:
    with pytest.raises(BadInput, match="page"):
        memory.entries("demo", Query(), page)


def test_times_bound_what_is_listed(memory: Repository) -> None:
    fill(memory)
    assert memory.entries("demo", Query(since="2099")).records == ()
    assert memory.entries("demo", Query(until="2001")).records == ()
    assert len(memory.entries("demo", Query(since="2001", until="2099")).records) == 16


def test_every_listed_entry_opens_by_its_id(memory: Repository) -> None:
    fill(memory)
    end_turn(memory, 1, "thread #1")
    for record in memory.entries("demo").records:
        opened = memory.open("demo", record.id)
        assert opened == record, record.id
    assert memory.open("demo", "nothing") is None and memory.open("demo", "main#9") is None


def test_a_memory_of_a_newer_form_is_refused(memory: Repository, store: GrymStore) -> None:
    mark: dict[str, JsonValue] = {"name": "later", "created": "2030", "form": 99}
    store.write([Entry(("projects",), "later", mark)])
    with pytest.raises(MemoryFault, match="form 99"):
        memory.settings("later")
