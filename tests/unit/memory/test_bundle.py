"""Projects as bundles: what goes out comes in again, and what is no bundle is refused."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from audio.assets import AssetRef, AssetStore
from grym_synth.errors import BadInput, MediaRejected, MemoryFault
from grym_synth.settings import MediaLimits
from memory.context import (
    Conflict,
    Finding,
    Interaction,
    Note,
    Place,
    Report,
    Subject,
    Summary,
    TurnRecord,
)
from memory.filing.names import make_setting
from memory.filing.records import now
from memory.repository import Repository
from memory.storage.entries import Entry
from memory.store import GrymStore
from memory.terms import Term

OLD = Path(__file__).parents[2] / "data" / "bundles" / "form1"


class Home:
    """A memory and an asset store."""

    def __init__(self, folder: Path, store: GrymStore) -> None:
        self.store, self.memory = store, Repository(store)
        self.assets = AssetStore(folder / "assets", MediaLimits())
        self.folder = folder


@pytest.fixture
def homes(tmp_path: Path) -> Iterator[Callable[[str], Home]]:
    opened: list[GrymStore] = []

    def make(name: str) -> Home:
        opened.append(GrymStore())
        return Home(tmp_path / name, opened[-1])

    yield make
    for store in opened:
        store.close()


def fill(home: Home) -> AssetRef:
    """A project that has something of every kind, some of it given up."""
    memory = home.memory
    memory.ensure_project("tape")
    lyrics = home.assets.add_bytes("verse: Regen über der Straße".encode(), "text", "Lied.txt")
    memory.add_assets("tape", [lyrics], now("mix.v2", 1))
    for field, value in [
        ("goal", "a demo"), ("goal", "a release"), ("style", "lo-fi"), ("deadline", "2026-12-01"),
        ("section", "chorus: bars 17-32"), ("element", "vocals: Lied.txt, in the chorus"),
    ]:  # fmt: skip
        memory.set("tape", make_setting(field, value))
    found = [
        Finding.make(
            Subject(kind="asset", id=lyrics.id), "key", key, unit="", evidence="measured",
            source=source, method="", confidence=0.5,
        )
        for key, source in [("C major", "gama/key@1"), ("F minor", "gama/key@2")]
    ]  # fmt: skip
    for number, one in enumerate(found, 1):
        memory.add_findings("tape", [one], now("mix.v2", number))
    conflict = Conflict(
        aspect="key", findings=(found[1].id, "f-x"), kept=None, rule="", why="?", status="open"
    )
    memory.add_conflicts("tape", [conflict], now("mix.v2", 2))
    place = Place(level="section", name="chorus")
    memory.add_notes("tape", [Note.make("requirement", "no reverb", place)], now("mix.v2", 2))
    memory.add_summary("tape", Summary(place=place, text="dry", source="rules"))
    memory.put_term("tape", Term(name="dusty", means="vinyl noise"))
    memory.add_reports("tape", [Report(task="t-1", agent="gama", findings=(found[0],))], 1)
    step = Interaction(
        id="i-1", thread="mix.v2", turn=2, round=1, who="gama/instruments@1", what="listened",
        outcome="done", at="2026-11-23T09:00:00.000001+00:00",
    )  # fmt: skip
    memory.add_interactions("tape", [step])
    memory.add_turn(
        "tape",
        TurnRecord(
            thread="mix.v2", turn=2, when="2026-11-23T09:00:01+00:00", request="key?", answer="F"
        ),
    )
    return lyrics


def content(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_project_that_went_out_and_came_in_goes_out_as_the_same_bytes(
    homes: Callable[[str], Home], tmp_path: Path
) -> None:
    one, other = homes("one"), homes("other")
    lyrics = fill(one)
    assert one.memory.export("tape", tmp_path / "a", one.assets) == ()
    came = other.memory.import_bundle(tmp_path / "a", other.assets)
    assert (came.project, came.missing) == ("tape", ())
    other.memory.export("tape", tmp_path / "b", other.assets)
    assert content(tmp_path / "a") == content(tmp_path / "b")
    assert other.assets.path(lyrics).read_text() == "verse: Regen über der Straße"
    assert other.memory.as_of("tape", turn=("mix.v2", 2)) == one.memory.as_of(
        "tape", turn=("mix.v2", 2)
    )
    assert "F minor" in other.store.find(("project", "tape"), "key minor", 1)[0].entry.text


def test_a_project_comes_in_under_another_name_beside_the_first(
    homes: Callable[[str], Home], tmp_path: Path
) -> None:
    home = homes("one")
    fill(home)
    home.memory.export("tape", tmp_path / "a", home.assets)
    with pytest.raises(BadInput, match="--as"):
        home.memory.import_bundle(tmp_path / "a", home.assets)
    home.memory.import_bundle(tmp_path / "a", home.assets, "tape 2.0")
    assert home.memory.settings("tape 2.0") == home.memory.settings("tape")
    assert home.memory.history("tape 2.0") == home.memory.history("tape")
    home.memory.set("tape 2.0", make_setting("goal", "another"))
    assert home.memory.settings("tape")[0].value == "a release"


def test_a_bundle_of_the_first_form_comes_in_with_its_words_typed(
    homes: Callable[[str], Home], tmp_path: Path
) -> None:
    home = homes("one")
    home.memory.import_bundle(OLD, home.assets)
    memory, name = home.memory, "rainy tape"
    assert [(one.name, one.first_bar, one.end) for one in memory.sections(name)] == [
        ("chorus", 17, None),
        ("intro", None, 12.0),
    ]
    assert memory.timeline(name)[0].date == "2026-12-01"
    (drums,) = memory.elements(name)
    assert memory.open(name, drums.assets[0]) is not None
    assert [one.value for one in memory.findings(name)] == [93.5, 120.0]
    assert memory.threads(name) == ("main", "mix.v2")
    assert [one.value for one in memory.as_of(name, turn=("main", 1)).findings] == [92.0]
    memory.export(name, tmp_path / "again", home.assets)
    assert content(tmp_path / "again").keys() == content(OLD).keys()


def old_entries() -> list[Entry]:
    """What a store of the first form holds."""
    lines = [json.loads(line) for line in (OLD / "project.jsonl").read_text().splitlines()]
    entries = [
        Entry(
            tuple(line["namespace"]),
            line["key"],
            line["value"],
            line["value"]["text"] if line["value"]["current"] else "",
        )
        for line in lines
    ]
    mark = Entry(("projects",), "rainy tape", {"name": "rainy tape", "created": "2026-01-01"})
    return [mark, *entries]


def test_an_old_store_that_can_not_be_written_says_what_to_do(tmp_path: Path) -> None:
    with GrymStore(tmp_path) as store:
        store.write(old_entries())
    with (
        closing(GrymStore.read_only(tmp_path)) as reader,
        pytest.raises(MemoryFault, match="grym project show rainy tape"),
    ):
        Repository(reader).settings("rainy tape")
    with GrymStore(tmp_path) as store:
        held = Repository(store).settings("rainy tape")
    with closing(GrymStore.read_only(tmp_path)) as reader:
        assert Repository(reader).settings("rainy tape") == held != ()


def test_a_store_that_an_older_version_wrote_opens(homes: Callable[[str], Home]) -> None:
    home = homes("one")
    old = homes("old")
    old.memory.import_bundle(OLD, old.assets)
    home.store.write(old_entries())
    assert home.memory.settings("rainy tape") == old.memory.settings("rainy tape")
    assert home.memory.findings("rainy tape", superseded=True) == old.memory.findings(
        "rainy tape", superseded=True
    )
    home.memory.set("rainy tape", make_setting("section", "Chorus: bars 9-16"))
    assert [one.first_bar for one in home.memory.sections("rainy tape")] == [9, None]


def spoil(folder: Path, change: Callable[[list[dict[str, object]]], None]) -> None:
    """Change the lines of a bundle."""
    path = folder / "project.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    change(lines)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


def find(lines: list[dict[str, object]], kind: str) -> dict[str, object]:
    return next(line for line in lines if kind in str(line.get("namespace")))


def set_asset(name: str, told: object) -> Callable[[list[dict[str, object]]], None]:
    def change(lines: list[dict[str, object]]) -> None:
        line = find(lines, "assets")
        line["value"]["word"][name] = told  # type: ignore[index]

    return change


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda lines: lines[0].update(form=99), "form is 99"),
        (lambda lines: lines[0].update(extra=1), "no header"),
        (lambda lines: lines.pop(), "where its header says"),
        (lambda lines: lines.clear(), "is empty"),
        (lambda lines: lines[0].update(project="../up"), "1 to 64"),
        (lambda lines: lines.__setitem__(2, lines[1]), "the same namespace and key"),
        (lambda lines: lines[1].pop("value"), "line 2"),
        (lambda lines: lines[1].update(namespace=["assets", "..", "x\n"]), "line 2"),
        (lambda lines: lines[1].update(namespace=["turns"]), "line 2"),
        (lambda lines: lines[1].update(key="k" * 999), "line 2"),
        (lambda lines: find(lines, "findings").update(key="f-other"), "does not lie"),
        (set_asset("suffix", "../../etc/passwd"), "does not lie"),
        (set_asset("id", "/etc/passwd"), "does not lie"),
        (set_asset("surprise", 1), "no entry of form"),
        (lambda lines: find(lines, "turns")["value"].update(form=3), "does not lie"),  # type: ignore[attr-defined]
    ],
)
def test_what_is_no_bundle_is_refused_in_one_sentence_and_leaves_nothing(
    homes: Callable[[str], Home],
    tmp_path: Path,
    change: Callable[[list[dict[str, object]]], None],
    says: str,
) -> None:
    one, other = homes("one"), homes("other")
    fill(one)
    one.memory.export("tape", tmp_path / "a", one.assets)
    spoil(tmp_path / "a", change)
    with pytest.raises(BadInput, match=says):
        other.memory.import_bundle(tmp_path / "a", other.assets)
    assert other.memory.projects() == () and content(other.folder) == {}


@pytest.mark.parametrize(
    "raw",
    [
        b"\xff\xfe\n",
        b"[1]\n",
        b'{"a": NaN}\n',
        b"[" * 100_000 + b"\n",
        b'{"a": "' + b"x" * 16_000_000 + b'"}\n',
        b'{"bundle": "grym-synth project"',
    ],
)
def test_a_file_that_is_no_json_lines_is_refused(
    homes: Callable[[str], Home], tmp_path: Path, raw: bytes
) -> None:
    home, folder = homes("one"), tmp_path / "a"
    folder.mkdir()
    (folder / "project.jsonl").write_bytes(raw)
    with pytest.raises(BadInput, match="importing"):
        home.memory.import_bundle(folder, home.assets)


def test_a_changed_a_linked_and_a_missing_file_are_told(
    homes: Callable[[str], Home], tmp_path: Path
) -> None:
    one, other = homes("one"), homes("other")
    lyrics = fill(one)
    one.memory.export("tape", tmp_path / "a", one.assets)
    file = tmp_path / "a" / "assets" / f"{lyrics.id}.txt"
    held = file.read_bytes()
    file.write_bytes(held + b"!")
    with pytest.raises(BadInput, match=r"Lied\.txt is not the one"):
        other.memory.import_bundle(tmp_path / "a", other.assets)
    file.unlink()
    file.symlink_to("/etc/hostname")
    with pytest.raises(BadInput, match="is a link"):
        other.memory.import_bundle(tmp_path / "a", other.assets)
    file.unlink()
    assert other.memory.projects() == ()
    came = other.memory.import_bundle(tmp_path / "a", other.assets)
    assert came.missing == (lyrics,)
    other.memory.export("tape", tmp_path / "b", other.assets)
    assert content(tmp_path / "a") == content(tmp_path / "b")


def test_a_folder_that_is_none_is_refused(homes: Callable[[str], Home], tmp_path: Path) -> None:
    home = homes("one")
    for folder in (tmp_path / "none", tmp_path):
        with pytest.raises(BadInput, match="holds no file"):
            home.memory.import_bundle(folder, home.assets)


def test_an_export_that_fails_leaves_nothing_behind(
    homes: Callable[[str], Home], tmp_path: Path
) -> None:
    home = homes("one")
    lyrics = fill(home)
    stored = home.assets.path(lyrics)
    stored.write_bytes(b"changed by someone")
    target = tmp_path / "out" / "a"
    with pytest.raises(MediaRejected, match="was changed"):
        home.memory.export("tape", target, home.assets)
    assert list((tmp_path / "out").iterdir()) == []
    shutil.rmtree(home.folder)
