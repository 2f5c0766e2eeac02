from pathlib import Path

import numpy as np
import pytest
import soundfile

from agents.boss.forms import CriterionForm
from agents.coding.drafting import drafted, form_of
from agents.coding.forms import CodeForm, FileForm, SaveForm
from agents.coding.nearest import nearest_recipe, recipe_source
from agents.coding.places import places_named
from agents.coding.rehearsal import names_of
from agents.coding.sound_facts import sound_facts
from agents.coding.wanted import wanted_sorts
from agents.recipes.catalog import RECIPES
from audio.assets import AssetRef, AssetStore
from grym_synth.settings import MediaLimits

GOOD = (FileForm(name="ring.py", text="x = 1"), FileForm(name="test_ring.py", text="y = 2\n"))


@pytest.fixture
def assets(tmp_path: Path) -> AssetStore:
    return AssetStore(tmp_path / "assets", MediaLimits())


def faults(assets: AssetStore, *names: str) -> str:
    files = tuple(FileForm(name=name, text="x = 1\n") for name in names)
    return " ".join(drafted(CodeForm(files=files), 1, "scripted:a", None, assets).faults)


@pytest.mark.parametrize("name", ["../ring.py", "Ring.py", "ring", "a b.py", "ring.py\n", ".py"])
def test_a_name_that_is_no_plain_module_is_refused(assets: AssetStore, name: str) -> None:
    assert "is no file name" in faults(assets, name, "test_ring.py")


@pytest.mark.parametrize("name", ["random.py", "numpy.py", "soundfile.py"])
def test_a_file_that_would_hide_a_library_is_refused(assets: AssetStore, name: str) -> None:
    assert "name of a library" in faults(assets, name, "test_ring.py")


def test_code_without_tests_or_with_two_files_of_one_name_is_refused(assets: AssetStore) -> None:
    assert "no tests" in faults(assets, "ring.py", "other.py")
    assert "one name" in faults(assets, "ring.py", "ring.py", "test_ring.py")
    assert "first file must be the program" in faults(assets, "test_ring.py", "ring.py")


def test_a_criterion_that_nothing_measures_is_refused(assets: AssetStore) -> None:
    wish = CriterionForm(aspect="warmth", op=">=", value=3)
    draft = drafted(CodeForm(files=GOOD, criteria=(wish,)), 1, "scripted:a", None, assets)

    assert "'warmth' can't be measured" in draft.faults[0]


def test_a_draft_is_shown_to_its_author_as_it_was_handed_over(assets: AssetStore) -> None:
    wish = CriterionForm(aspect="clipping.samples", op="<=", value=0)
    form = CodeForm(files=GOOD, criteria=(wish,), why="because")
    draft = drafted(form, 1, "scripted:a", None, assets)
    back = form_of(draft, assets)

    assert back is not None
    assert [one.text for one in back.files] == ["x = 1\n", "y = 2\n"]
    assert back.criteria == form.criteria


def test_the_nearest_recipe_shares_words_with_the_request() -> None:
    assert nearest_recipe("a low-pass filter with a cutoff that follows the level") == "lowpass"
    assert nearest_recipe("shift the pitch of every second note") == "pitch_shift"


def test_every_recipe_has_source_to_show() -> None:
    assert all("def " in recipe_source(name) for name in RECIPES)


def test_sounds_get_plain_names_of_their_own() -> None:
    refs = [
        AssetRef(id=str(n) * 64, kind="audio", name=name, suffix="wav", size_bytes=1)
        for n, name in enumerate(("my mix (final).wav", "my mix [final].wav", "…", "-rf.wav"))
    ]
    names = [*names_of(refs).values()]

    assert names[0] == "my_mix_final.wav"
    assert len(set(names)) == 4
    assert not any(name.startswith("-") for name in names)


@pytest.mark.parametrize(
    ("request_", "sorts"),
    [
        ("Write a ring modulator and run it", {"sound"}),
        ("Print the crest factor of each second as CSV", {"sound", "text"}),
        ("Schreib ein Skript, das ein Diagramm der Hüllkurve zeichnet", {"sound", "picture"}),
    ],
)
def test_the_request_says_what_a_result_may_be(request_: str, sorts: set[str]) -> None:
    assert wanted_sorts(request_, on_sound=True) == sorts


@pytest.mark.parametrize(
    ("request_", "is_code"),
    [
        ("Write a Python function that returns the RMS of a block", True),
        ("Implement a thread-safe ring buffer class", True),
        ("Schreib mir eine kleine Funktion für Fensterfunktionen", True),
        ("Escribe un módulo con dos filtros", True),
        ("Write a program that makes a tone with a sine function", False),
        ("Make a click track that goes with my module", False),
        ("Generate 2 seconds of pink noise", False),
    ],
)
def test_code_is_the_result_only_where_code_is_asked_for(request_: str, is_code: bool) -> None:
    assert ("code" in wanted_sorts(request_, on_sound=False)) is is_code
    assert "code" not in wanted_sorts(request_, on_sound=True)


def test_the_same_samples_are_the_same_sound_in_another_format(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, (4000, 2))
    noise = np.round(noise * 32768) / 32768
    for name, subtype in (("a.wav", "PCM_16"), ("b.flac", "PCM_24")):
        soundfile.write(tmp_path / name, noise, 8000, subtype=subtype)
    soundfile.write(tmp_path / "c.wav", noise * 0.9, 8000, subtype="FLOAT")
    same, copy, other = (sound_facts(tmp_path / one) for one in ("a.wav", "b.flac", "c.wav"))

    assert same.digest == copy.digest != other.digest
    assert same.peak == pytest.approx(np.abs(noise).max())


@pytest.mark.parametrize(
    ("request_", "places"),
    [
        ("write a ring modulator, run it on clip.wav and save it as ~/x/y.wav", ["~/x/y.wav"]),
        ("Ring modulate this. Write the result to out/foo.flac.", ["out/foo.flac"]),
        ("export it to /tmp/my music/b c.wav, please", ["/tmp/my music/b c.wav"]),
        ('speichere das Ergebnis unter "Klänge/neu.wav"', ["Klänge/neu.wav"]),
        ("guárdalo como voz.wav", ["voz.wav"]),
        ("write me a low-pass at 1.5 kHz to use on drums.wav", []),
        ("what key is song.wav?", []),
    ],
)
def test_places_for_results_are_read_from_the_request(request_: str, places: list[str]) -> None:
    assert places_named(request_) == places


def test_a_place_that_the_author_left_out_is_still_wanted(assets: AssetStore) -> None:
    form = CodeForm(files=GOOD, save_as=(SaveForm(file="a.wav", path="a.wav"),))
    named = ["a.wav", "/music/b.flac", "/home/.ssh/c.txt"]
    draft = drafted(form, 1, "scripted:a", None, assets, "a.wav", Path("/out"), named)

    assert [(one.file, one.path) for one in draft.saves] == [
        ("a.wav", "/out/a.wav"),
        ("", "/music/b.flac"),
    ]
