"""Searches over a pack whose file names say nothing: only measurements can find its sounds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.library.reading import read_query
from audio.library.measuring import read_sound
from grym_synth.errors import BadInput
from grym_synth.settings import MediaLimits
from memory.library.catalogue import Catalogue
from memory.library.flags import Flags, conditions_of
from memory.library.indexing import run
from memory.library.query import Query
from memory.library.searching import Found, Library
from tests.unit.audio.library import drumkit

LIMITS = MediaLimits()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("library")
    with Catalogue(folder / "library.sqlite") as catalogue:
        pack = drumkit.make_pack(folder / "pack")
        run(catalogue, pack, LIMITS, lambda files: (read_sound(one, LIMITS) for one in files))
        yield Library(catalogue)


def names(found: Found) -> list[str]:
    return [Path(one.path).stem for one in found.hits]


def asked(library: Library, words: str) -> list[str]:
    return names(library.search(read_query(words)))


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("dark 808 in F minor, around 140", "01"),
        ("808 loop in F minor around 140", "04"),
        ("bass line in G minor", "05"),
        ("kick", "06"),
        ("a snare shorter than 1 s", "07"),
        ("closed hat", "08"),
        ("open hats", "09"),
        ("drum loop between 90 and 100 bpm", "10"),
        ("stereo pad in F minor", "13"),
        ("brightest loop at 174", "12"),
    ],
)
def test_words_find_the_sound_that_is_meant(library: Library, words: str, first: str) -> None:
    assert asked(library, words)[:1] == [first]


def test_either_of_two_kinds_of_sound_is_found(library: Library) -> None:
    assert set(asked(library, "a kick or a snare")) == {"06", "07"}


def test_what_is_denied_is_not_found(library: Library) -> None:
    assert not {"06", "07", "08", "09"} & set(asked(library, "no one-shots"))
    assert "04" not in asked(library, "bass loop not in F minor")
    assert "13" not in asked(library, "mono sounds")


def test_what_no_sound_is_finds_nothing(library: Library) -> None:
    assert asked(library, "drum loop between 60 and 62 bpm") == []


def test_words_that_mean_nothing_are_told_and_do_not_hide_the_rest(library: Library) -> None:
    found = library.search(read_query("zorblaxian kick"))
    assert names(found)[:1] == ["06"]
    assert found.not_understood == ("zorblaxian",)


def test_each_hit_says_why_with_its_numbers(library: Library) -> None:
    hit = library.search(read_query("dark 808 in F minor, around 140")).hits[0]
    said = "; ".join(hit.reasons)
    assert "tuned to F1" in said and "darker than" in said and "no tempo of its own" in said


def test_options_leave_out_what_can_not_be_told(library: Library) -> None:
    flags = Flags(tempo="138..142", kind="loop")
    found = library.search(Query(conditions=conditions_of(flags)))
    assert "11" in names(found) and not {"10", "12", "01"} & set(names(found))


def test_options_in_no_form_are_refused() -> None:
    for flags in (
        Flags(tempo="fast"), Flags(tempo="130..120"), Flags(tempo=".."), Flags(key="H dur"),
        Flags(kind="thing"), Flags(format="doc"), Flags(sound="zither"), Flags(where=("x=1..2",)),
    ):  # fmt: skip
        with pytest.raises(BadInput):
            conditions_of(flags)


def test_a_sound_finds_those_that_are_like_it_and_never_itself(library: Library) -> None:
    loop = next(one for one in library.catalogue.held() if one.path.endswith("11.wav"))
    vector = library.catalogue.vector(loop.sha256)
    found = library.search(Query(), like=vector, but=loop.sha256, limit=2)
    assert set(names(found)) == {"10", "12"}
    assert all(one.likeness is not None and one.likeness > 0.5 for one in found.hits)


def test_what_changed_in_the_library_is_found_without_opening_it_again(
    library: Library, tmp_path: Path
) -> None:
    assert asked(library, '"zebra"') == []
    drumkit.write(tmp_path / "zebra.wav", drumkit.kick())
    run(library.catalogue, tmp_path, LIMITS, lambda files: (read_sound(x, LIMITS) for x in files))
    found = library.search(read_query('"zebra"'))
    assert [len(one.also) for one in found.hits] == [1]  # the pack's own kick has its content
    library.catalogue.remove([str(tmp_path / "zebra.wav")])


def test_a_name_is_believed_where_measures_say_otherwise_but_less_than_a_measure(
    tmp_path: Path,
) -> None:
    drumkit.write(tmp_path / "p" / "Kick_loop.wav", drumkit.snare())
    drumkit.write(tmp_path / "p" / "x.wav", drumkit.kick())
    with Catalogue(tmp_path / "l.sqlite") as catalogue:
        run(catalogue, tmp_path / "p", LIMITS, lambda fs: (read_sound(one, LIMITS) for one in fs))
        found = Library(catalogue).search(read_query("kick"))
        snares = Library(catalogue).search(read_query("snare"))
    assert names(found) == ["Kick_loop", "x"]
    assert names(snares) == ["Kick_loop"] and snares.hits[0].score < 0.5
