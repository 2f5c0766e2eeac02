from pathlib import Path

import pytest

from audio.assets import AssetStore
from grym_synth.errors import BadInput
from grym_synth.settings import MediaLimits
from memory.checkpoints import serializer
from memory.context import ProjectSetting
from memory.glossary.key_concepts import PLACE, fill
from memory.glossary.own_terms import make_term
from memory.repository import Repository
from memory.store import GrymStore

DUSTY = make_term("dusty", "vinyl noise and a high cut at 8 kHz", synonyms=("crate-dug",))


@pytest.fixture
def memory(store: GrymStore) -> Repository:
    repository = Repository(store)
    for name in ("lofi", "film"):
        repository.ensure_project(name)
    repository.put_term("lofi", DUSTY)
    return repository


def test_own_word_is_known_in_its_project_alone(memory: Repository) -> None:
    for said in ("make it dustier", "a crate-dug loop"):
        assert memory.glossary("lofi").explain(said)[0].term == DUSTY
        assert all(hit.term != DUSTY for hit in memory.glossary("film").explain(said))


def test_words_of_its_meaning_say_what_an_own_word_bears_on() -> None:
    assert "spectrum.rolloff_hz" in DUSTY.aspects
    given = make_term("dusty", "vinyl noise", aspects=("stereo.width",), band="6k-12 kHz")
    assert given.aspects == ("stereo.width",)
    assert given.band == (6000.0, 12_000.0)


def test_saying_it_anew_replaces_the_meaning_and_taking_it_back_ends_it(
    memory: Repository,
) -> None:
    memory.put_term("lofi", make_term("Dusty", "tape hiss"))
    assert [one.means for one in memory.terms("lofi")] == ["tape hiss"]
    assert memory.end_term("lofi", "dusty")
    assert not memory.end_term("lofi", "dusty")
    assert memory.terms("lofi") == ()


def test_own_words_are_part_of_what_a_turn_starts_from(memory: Repository) -> None:
    assert memory.context("lofi", "main", 1, "make it dusty", ()).terms == (DUSTY,)


def test_own_words_survive_a_checkpoint(memory: Repository) -> None:
    memory.put_term("lofi", make_term("crunch", "distortion", band="1k-6k"))
    context = memory.context("lofi", "main", 1, "more crunch", ())
    held = serializer().loads_typed(serializer().dumps_typed(context))
    assert held == context


def test_own_words_are_exported_with_the_project(memory: Repository, tmp_path: Path) -> None:
    memory.export("lofi", tmp_path / "out", AssetStore(tmp_path / "assets", MediaLimits()))
    written = "".join(path.read_text() for path in (tmp_path / "out").glob("*.jsonl"))
    assert "crate-dug" in written


def test_own_and_shared_words_goals_and_styles_are_all_found_by_a_search(
    memory: Repository, store: GrymStore
) -> None:
    memory.set("lofi", ProjectSetting(field="goal", value="an EP for a rainy evening"))
    memory.set("lofi", ProjectSetting(field="style", value="warm tape saturation"))
    near = memory.nearest_terms("lofi", "vinyl noise")
    assert DUSTY in near
    assert "crackle" in {term.name for term in near}
    assert DUSTY not in memory.nearest_terms("film", "vinyl noise")
    for words in ("rainy evening", "tape saturation", "crate-dug"):
        assert store.find(("project", "lofi"), words, 3)


def test_shared_words_lie_once_in_a_home_and_are_not_written_again(
    memory: Repository, store: GrymStore
) -> None:
    fill(store)
    before = {entry.key for entry in store.entries(PLACE)}
    memory.nearest_terms("lofi", "boomy")
    memory.nearest_terms("film", "boomy")
    assert {entry.key for entry in store.entries(PLACE)} == before
    assert store.count(("project", "film")) == 0


@pytest.mark.parametrize(
    ("name", "means", "band", "direction"),
    [("", "x", "", ""), ("x", " ", "", ""), ("x", "y", "loud", ""), ("x", "y", "500-200", ""),
     ("x", "y", "", "more"), ("x" * 100, "y", "", "")],
)  # fmt: skip
def test_a_term_that_cannot_be_used_is_refused(
    name: str, means: str, band: str, direction: str
) -> None:
    with pytest.raises(BadInput):
        make_term(name, means, band=band, direction=direction)
