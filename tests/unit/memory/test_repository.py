"""The project memory: what is written once, what replaces what, what a turn recalls."""

import json
from pathlib import Path

import pytest
from pydantic import JsonValue

from audio.assets import AssetRef, AssetStore
from grym_synth.errors import BadInput, UnknownName
from grym_synth.settings import MediaLimits
from memory.context import (
    Artifact,
    Conflict,
    Evidence,
    Finding,
    ProjectSetting,
    Subject,
    Task,
    TurnRecord,
)
from memory.filing.names import make_setting
from memory.forgetting.forgetting import Uses
from memory.repository import Repository
from memory.store import GrymStore

MIX = AssetRef(id="aa" * 32, kind="audio", name="mix.wav", suffix="wav", size_bytes=9, seconds=3.0)
MASTER = MIX.model_copy(update={"id": "bb" * 32, "name": "mix-master.wav"})
VOCALS = MIX.model_copy(update={"id": "cc" * 32, "name": "vocal take 3.wav"})


def texts(store: GrymStore, query: str, project: str = "demo") -> list[str]:
    """What a search in a project finds, best first."""
    return [hit.entry.text for hit in store.find(("project", project), query, 10)]


def found(
    asset: AssetRef,
    aspect: str,
    value: JsonValue,
    source: str = "gama/key@1",
    evidence: Evidence = "measured",
) -> Finding:
    """A finding about a whole asset."""
    return Finding.make(
        Subject(kind="asset", id=asset.id),
        aspect,
        value,
        unit="",
        evidence=evidence,
        source=source,
        method="",
        confidence=0.8,
    )


def turn(
    number: int, request: str, inputs: tuple[AssetRef, ...] = (), thread: str = "main"
) -> TurnRecord:
    """A turn that worked on assets."""
    task = Task(id="t", agent="gama", objective="o", inputs=tuple(asset.id for asset in inputs))
    return TurnRecord(
        thread=thread,
        turn=number,
        when=f"2026-01-01T00:{number:02d}:00+00:00",
        request=request,
        answer=f"answer to {request}",
        tasks=(task,) if inputs else (),
    )


@pytest.mark.parametrize("name", ["default", "My Song 2.1", "Übung_7", "a" * 64])
def test_a_name_becomes_a_project_once(memory: Repository, name: str) -> None:
    memory.ensure_project(name)
    memory.ensure_project(name)
    assert [summary.name for summary in memory.projects()] == ["demo", name]
    memory.require_project(name)


@pytest.mark.parametrize("name", ["", " ", "a/b", "../up", "a" * 65, "tab\t", "new\n", "semi;"])
def test_what_is_no_name_is_refused(memory: Repository, name: str) -> None:
    with pytest.raises(BadInput, match="1 to 64"):
        memory.ensure_project(name)


def test_a_project_that_is_not_there_is_refused(memory: Repository) -> None:
    with pytest.raises(UnknownName, match="grym project list"):
        memory.require_project("none")


def test_projects_do_not_see_each_other(memory: Repository, store: GrymStore) -> None:
    for name in ("demo 2", "demo.2", "demo-2"):
        memory.ensure_project(name)
        memory.add_assets(name, [MIX])
        memory.add_findings(name, [found(MIX, "key", f"key of {name}")])
    assert memory.assets("demo") == ()
    assert [one.value for one in memory.findings("demo.2")] == ["key of demo.2"]
    assert texts(store, "key", "demo 2")[0].endswith("key of demo 2 (measured 0.80)")


def test_a_replayed_turn_adds_nothing_twice(memory: Repository) -> None:
    conflict = Conflict(
        aspect="key", findings=("a", "b"), kept="a", rule="r", why="w", status="settled"
    )
    for _ in range(3):
        memory.add_assets("demo", [MIX, MASTER])
        memory.add_findings("demo", [found(MIX, "key", "F minor")])
        memory.add_conflicts("demo", [conflict])
        memory.set("demo", ProjectSetting(field="style", value="lo-fi"))
        memory.add_turn("demo", turn(1, "measure", (MIX,)))
    (summary,) = memory.projects()
    assert (summary.turns, summary.assets, summary.findings) == (1, 2, 1)
    assert memory.conflicts("demo") == (conflict,)
    assert len(memory.settings("demo")) == 1


def test_a_new_version_of_an_instrument_supersedes_its_older_value(
    memory: Repository, store: GrymStore
) -> None:
    old, new = found(MIX, "key", "C major"), found(MIX, "key", "F minor", "gama/key@2")
    memory.add_findings("demo", [old])
    memory.add_findings("demo", [new])
    (believed,) = memory.findings("demo")
    assert (believed.id, believed.supersedes) == (new.id, old.id)
    assert {one.id for one in memory.findings("demo", superseded=True)} == {old.id, new.id}
    assert [("F minor" in text) for text in texts(store, "key major minor")] == [True]


def test_instruments_that_disagree_and_a_users_claim_all_stay(memory: Repository) -> None:
    memory.add_findings(
        "demo",
        [
            found(MIX, "tempo.bpm", 120.0, "gama/tempo@1"),
            found(MIX, "tempo.bpm", 90.0, "user/request@1", "user"),
            found(MIX, "tempo.bpm", 60.0, "coder/beats@1"),
            found(MIX, "tempo.bpm", 120.5, "qwen_vl/ruler@1"),
        ],
    )
    assert [one.value for one in memory.findings("demo", subjects=[MIX.id])] == [90, 60, 120.5]


def test_a_value_that_is_measured_again_is_believed_again(memory: Repository) -> None:
    first, second = found(MIX, "key", "C major"), found(MIX, "key", "F minor")
    for finding in (first, second, first):
        memory.add_findings("demo", [finding])
    assert [one.id for one in memory.findings("demo")] == [first.id]


def test_findings_are_selected_by_subject(memory: Repository) -> None:
    memory.add_findings("demo", [found(MIX, "key", "C major"), found(VOCALS, "key", "F minor")])
    assert [one.value for one in memory.findings("demo", subjects=[VOCALS.id])] == ["F minor"]


def test_a_goal_and_a_named_section_are_replaced_and_styles_add_up(memory: Repository) -> None:
    for field, value in [
        ("goal", "demo tape"),
        ("goal", "release"),
        ("style", "lo-fi"),
        ("style", "warm"),
        ("section", "chorus: bars 9-16"),
        ("section", "Chorus: bars 17-32"),
        ("section", "verse: bars 1-8"),
    ]:
        memory.set("demo", make_setting(field, value))
    assert [(one.field, one.value) for one in memory.settings("demo")] == [
        ("goal", "release"),
        ("style", "lo-fi"),
        ("style", "warm"),
        ("section", "Chorus: bars 17-32"),
        ("section", "verse: bars 1-8"),
    ]


def test_an_unknown_or_empty_setting_is_refused() -> None:
    for field, value in [("mood", "blue"), ("goal", "  ")]:
        with pytest.raises(BadInput):
            make_setting(field, value)


def test_history_is_in_order_over_threads_and_within_one(memory: Repository) -> None:
    for number, thread in [(1, "main"), (1, "mixing.v2"), (2, "main"), (10, "main")]:
        memory.add_turn("demo", turn(number, f"{thread} {number}", thread=thread))
    assert [one.request for one in memory.history("demo")] == [
        "main 1",
        "mixing.v2 1",
        "main 2",
        "main 10",
    ]
    assert [one.turn for one in memory.history("demo", "main", 2)] == [2, 10]
    assert (memory.last_turn("demo", "main"), memory.last_turn("demo", "new")) == (10, 0)
    assert memory.threads("demo") == ("main", "mixing.v2")


def remember_three_files(memory: Repository) -> None:
    """Two turns on the mix and its master, one on the vocals in another thread."""
    memory.add_assets("demo", [MIX, MASTER, VOCALS])
    memory.add_findings("demo", [found(MIX, "key", "F minor"), found(VOCALS, "key", "G major")])
    memory.add_turn("demo", turn(1, "measure this mix", (MIX,)))
    made = Artifact(
        id=MASTER.id, name=MASTER.name, kind="audio", made_by="coder/master@1", task="t"
    )
    second = turn(2, "master it", (MIX,)).model_copy(update={"artifacts": (made,)})
    memory.add_turn("demo", second)
    memory.add_turn("demo", turn(3, "is it sung in tune?", (VOCALS,), thread="singing"))
    memory.add_turn("demo", turn(3, "hello"))


@pytest.mark.parametrize(
    ("thread", "request_", "attached", "names"),
    [
        ("main", "what key was it in?", (), ["mix.wav", "mix-master.wav"]),
        ("main", "what key is this in?", (VOCALS,), ["vocal take 3.wav"]),
        ("main", "compare it with mix.wav", (VOCALS,), ["mix.wav", "vocal take 3.wav"]),
        ("main", "what key was vocal take 3 in?", (), ["vocal take 3.wav"]),
        ("singing", "what key was it in?", (), ["vocal take 3.wav"]),
        ("new", "did we master something?", (), ["mix.wav", "mix-master.wav", "vocal take 3.wav"]),
    ],
)
def test_a_turn_recalls_the_files_it_is_about(
    memory: Repository,
    thread: str,
    request_: str,
    attached: tuple[AssetRef, ...],
    names: list[str],
) -> None:
    remember_three_files(memory)
    context = memory.context("demo", thread, 4, request_, [asset.id for asset in attached])
    assert [asset.name for asset in context.assets] == names
    about = {finding.subject.id for finding in context.findings}
    assert about <= {asset.id for asset in context.assets}
    assert context.attached == tuple(asset.id for asset in attached)


def test_after_a_song_with_stems_the_mix_is_at_hand_and_not_its_last_stem(
    memory: Repository,
) -> None:
    stem = MIX.model_copy(update={"id": "dd" * 32, "name": "cello.wav"})
    memory.add_assets("demo", (MIX, stem))
    made = tuple(
        Artifact(id=one.id, name=one.name, kind="audio", made_by="coder/compose@1", folder=folder)
        for one, folder in ((MIX, "song"), (stem, "song/stems"))
    )
    composed = turn(1, "Compose a waltz").model_copy(update={"artifacts": made})
    memory.add_turn("demo", composed)
    context = memory.context("demo", "main", 2, "Which key is it in?", ())
    assert context.assets[-1] == MIX


def test_an_old_turn_comes_back_when_the_request_speaks_of_it(memory: Repository) -> None:
    memory.add_turn("demo", turn(1, "remove the hum of the guitar amplifier"))
    for number in range(2, 40):
        memory.add_turn("demo", turn(number, f"greeting number {number}"))
    context = memory.context("demo", "main", 40, "what did we do about the guitar amplifier?", ())
    assert [one.turn for one in context.history] == [1, *range(30, 40)]


def test_settings_and_conflicts_about_known_findings_come_with_the_context(
    memory: Repository,
) -> None:
    remember_three_files(memory)
    memory.set("demo", make_setting("deadline", "Friday"))
    claim = found(MIX, "key", "A minor", "user/request@1", "user")
    memory.add_findings("demo", [claim])
    mine = Conflict(aspect="key", findings=(claim.id,), kept=None, rule="r", why="w", status="open")
    other = mine.model_copy(update={"findings": ("f-unknown",)})
    memory.add_conflicts("demo", [mine, other])
    context = memory.context("demo", "main", 4, "what key was it in?", ())
    assert context.conflicts == (mine,)
    assert [setting.value for setting in context.settings] == ["Friday"]
    assert {one.value for one in context.findings} == {"F minor", "A minor"}


def test_long_lists_are_found_by_their_kind_and_told_by_their_number(
    memory: Repository, store: GrymStore
) -> None:
    memory.add_assets("demo", [MIX])
    chords: JsonValue = [[n, n + 1, "Fm" if n % 2 else "Db"] for n in range(99)]
    memory.add_findings("demo", [found(MIX, "beats", [n / 2 for n in range(400)])])
    memory.add_findings("demo", [found(MIX, "chords", chords)])
    told = texts(store, "beats chords")
    assert any("is 400 values" in text for text in told)
    assert any("is 99 spans: Db, Fm" in text for text in told)


def test_a_forgotten_asset_is_gone_everywhere_but_in_other_projects(memory: Repository) -> None:
    remember_three_files(memory)
    memory.ensure_project("other")
    memory.add_assets("other", [MIX])
    told = memory.forget_asset("demo", MIX.id[:8])
    assert "mix.wav" in told.says and "mix-master.wav" in told.says
    assert MIX not in memory.assets("demo") and MIX in memory.assets("other")
    assert memory.findings("demo", subjects=[MIX.id]) == ()
    assert [one.request for one in memory.history("demo", "main")] == [
        "(forgotten)",
        "(forgotten)",
        "hello",
    ]
    memory.forget_asset("demo", "mix-master.wav")
    assert [one.artifacts for one in memory.history("demo", "main")] == [(), (), ()]
    assert memory.known_assets() == {MIX.id, VOCALS.id}


def test_a_turn_that_names_a_forgotten_asset_keeps_its_work_on_others(memory: Repository) -> None:
    memory.add_assets("demo", [MIX, VOCALS])
    both = turn(1, "is mix.wav louder?", (MIX,)).model_copy(
        update={
            "tasks": (
                Task(id="a", agent="gama", objective="mix.wav: loudness", inputs=(MIX.id,)),
                Task(id="b", agent="gama", objective="loudness", inputs=(VOCALS.id,)),
            )
        }
    )
    memory.add_turn("demo", both)
    memory.add_turn("demo", turn(2, "what key is remix.wave in?"))
    memory.set("demo", make_setting("element", "drums: mix.wav"))
    memory.forget_asset("demo", MIX.id)
    first, second = memory.history("demo")
    assert [task.id for task in first.tasks] == ["b"]
    assert "mix.wav" not in first.model_dump_json()
    assert second.request == "what key is remix.wave in?"
    assert memory.settings("demo") == ()


def test_of_two_files_of_one_name_only_the_forgotten_one_goes(memory: Repository) -> None:
    take = MIX.model_copy(update={"id": "dd" * 32})
    memory.add_assets("demo", [MIX, take])
    memory.add_turn("demo", turn(1, "measure mix.wav", (MIX,)))
    memory.add_turn("demo", turn(2, "measure mix.wav again", (take,)))
    told = memory.forget_asset("demo", take.id)
    assert told.names == {take.id}
    assert [one.request for one in memory.history("demo")] == ["measure mix.wav", "(forgotten)"]


def test_a_file_that_came_without_a_task_goes_with_its_thread(memory: Repository) -> None:
    memory.add_assets("demo", [MIX, VOCALS])
    alone = turn(1, "here it is").model_copy(update={"attached": (MIX.id,)})
    memory.add_turn("demo", alone)
    memory.add_turn("demo", turn(1, "which files?", thread="other"))
    memory.add_turn("demo", turn(2, "mix.wav came first", thread="other"))
    memory.add_turn("demo", turn(3, "and this", (VOCALS,), thread="other"))
    memory.forget_thread("demo", "main")
    assert memory.assets("demo") == (VOCALS,)
    assert "mix.wav" not in str(memory.history("demo"))


def test_a_thread_that_only_checkpoints_know_is_forgotten_with_what_it_used(
    memory: Repository,
) -> None:
    finding, other = found(MIX, "key", "F minor"), found(VOCALS, "key", "G major")
    memory.add_assets("demo", [MIX, VOCALS])
    memory.add_findings("demo", [finding, other])
    with pytest.raises(UnknownName):
        memory.forget_thread("demo", "cut off")
    elsewhere = Uses(assets=frozenset({VOCALS.id}), findings=frozenset({other.id}))
    memory.forget_thread("demo", "cut off", Uses(findings=frozenset({finding.id})), elsewhere)
    assert memory.assets("demo") == (VOCALS,)
    assert memory.findings("demo") == (other,)


def test_a_conflict_gives_way_to_what_holds_now(memory: Repository) -> None:
    ours, theirs = found(MIX, "key", "C major"), found(MIX, "key", "A minor", "qwen_vl/ruler@1")
    memory.add_findings("demo", [ours, theirs])
    still_open = Conflict(
        aspect="key", findings=(ours.id, theirs.id), kept=None, rule="", why="", status="open"
    )
    memory.add_conflicts("demo", [still_open])
    claim = found(MIX, "key", "E minor", "user/request@1", "user")
    memory.add_findings("demo", [claim])
    settled = still_open.model_copy(
        update={"findings": (theirs.id, ours.id, claim.id), "kept": theirs.id, "status": "settled"}
    )
    memory.add_conflicts("demo", [settled])
    assert memory.conflicts("demo") == (settled,)
    memory.add_findings("demo", [found(MIX, "key", "A minor", "gama/key@2")])
    assert memory.conflicts("demo") == ()


def test_an_asset_that_is_not_there_or_not_clear_is_refused(memory: Repository) -> None:
    memory.add_assets("demo", [MIX, MASTER.model_copy(update={"id": "ab" * 32})])
    for wanted in ("", "nothing", "a"):
        with pytest.raises(UnknownName):
            memory.forget_asset("demo", wanted)


def test_a_forgotten_thread_takes_only_what_was_its_own(
    memory: Repository, store: GrymStore
) -> None:
    remember_three_files(memory)
    told = memory.forget_thread("demo", "singing")
    assert told.names == {VOCALS.id, VOCALS.name}
    assert memory.threads("demo") == ("main",)
    assert memory.assets("demo") == (MIX, MASTER)
    assert [one.value for one in memory.findings("demo")] == ["F minor"]
    assert texts(store, "sung in tune") == []
    with pytest.raises(UnknownName):
        memory.forget_thread("demo", "singing")


def test_a_forgotten_project_is_gone_and_its_files_can_go(memory: Repository) -> None:
    remember_three_files(memory)
    memory.forget_project("demo")
    assert memory.projects() == () and memory.known_assets() == set()
    memory.ensure_project("demo")
    assert memory.history("demo") == () and memory.assets("demo") == ()


def test_an_export_holds_entries_and_files_and_never_overwrites(
    memory: Repository, tmp_path: Path
) -> None:
    store = AssetStore(tmp_path / "assets", MediaLimits())
    notes = store.add_bytes(b"bar 1: intro", "text", "notes.txt")
    memory.add_assets("demo", [notes, MIX])
    memory.add_turn("demo", turn(1, "hello"))
    missing = memory.export("demo", tmp_path / "out", store)
    assert missing == (MIX,)
    assert (tmp_path / "out" / "assets" / f"{notes.id}.txt").read_bytes() == b"bar 1: intro"
    lines = (tmp_path / "out" / "project.jsonl").read_text().splitlines()
    kinds = [json.loads(line)["namespace"][0] for line in lines[1:]]
    assert kinds == ["assets", "assets", "turns"]
    with pytest.raises(BadInput, match="exists"):
        memory.export("demo", tmp_path / "out", store)
