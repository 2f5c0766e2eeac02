from collections import Counter

import pytest

from agents.planning.glossary import bands, cures, effects
from agents.planning.lexicon import lexicon
from agents.planning.measures import MEANT
from agents.planning.text import read_text
from audio.aspects import ASPECTS
from memory.glossary.glossary import Glossary
from memory.glossary.term_matching import fold
from memory.terms import Term

KNOWN = Glossary.load()
NAMES = {term.name for term in KNOWN.terms}


def named(text: str) -> list[str]:
    return [hit.term.name for hit in KNOWN.explain(text)]


def denied(text: str) -> list[str]:
    return [hit.term.name for hit in KNOWN.explain(text) if hit.negated]


def test_glossary_explains_more_than_120_terms_each_in_one_sentence() -> None:
    assert len(KNOWN.terms) >= 120
    assert [term.name for term in KNOWN.terms if not term.means.endswith(".")] == []


def test_every_term_bears_on_an_aspect_that_exists() -> None:
    assert [term.name for term in KNOWN.terms if not term.aspects] == []
    assert {one for term in KNOWN.terms for one in term.aspects} <= ASPECTS.keys()


def test_no_phrase_means_two_things() -> None:
    counts = Counter(fold(phrase) for term in KNOWN.terms for phrase in term.phrases)
    assert [phrase for phrase, count in counts.items() if count > 1] == []


def test_every_opposite_is_a_term() -> None:
    assert {term.opposite for term in KNOWN.terms if term.opposite} <= NAMES


def test_every_phrase_of_the_glossary_is_found_as_its_own_term() -> None:
    lost = [
        phrase for term in KNOWN.terms for phrase in term.phrases if KNOWN.term(phrase) is not term
    ]
    assert lost == []


def test_a_term_is_measured_by_what_the_planner_would_measure() -> None:
    strays = [
        term.name
        for term in KNOWN.terms
        for concept in term.plans
        if concept.startswith("aspect.")
        and MEANT[concept.partition(".")[2]]
        and not set(term.aspects) & set(MEANT[concept.partition(".")[2]])
    ]
    assert strays == []


def test_the_planner_reads_its_words_and_filters_from_the_glossary() -> None:
    concepts = {concept for term in KNOWN.terms for concept in term.plans}
    tags = {(tag.group, tag.name) for tag in lexicon("en").tags(read_text("is it woolly?").tokens)}
    assert ("quality", "muddy") in tags
    assert cures().keys() <= {one.partition(".")[2] for one in concepts}
    assert cures()["muddy"][1] == "muddy: -3 dB around 300 Hz"
    assert effects()["brighter"][0].parameters["gain_db"] == 3.0
    assert bands()["high"] == ("high_shelf", 6000.0)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("It got muddier.", ["muddy"]),
        ("the muddiest chorus", ["muddy", "chorus"]),
        ("MUDDINESS!", ["muddy"]),
        ("harshest", ["harsh"]),
        ("Is the low-end boomy?", ["low end", "boomy"]),
        ("sub-bass rumbles", ["sub bass", "rumble"]),
        ("three transients clipped", ["transient", "clipping"]),
        ("Keep 1 dB of headroom below the true-peak ceiling", ["decibel", "headroom", "true peak",
                                                               "ceiling"]),
        ("E-flat minor", ["accidental"]),
        ("a bright band at the top of the spectrogram", ["bright band at the top"]),
    ],
)  # fmt: skip
def test_terms_are_found_however_they_are_written(text: str, names: list[str]) -> None:
    assert named(text) == names


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("muffeld", "muffled"), ("sibilent", "sibilant"), ("spectogram", "spectrogram"),
     ("compresion", "compression"), ("hedroom", "headroom"), ("brigth", "bright")],
)  # fmt: skip
def test_one_typing_error_in_a_long_word_is_forgiven(typed: str, meant: str) -> None:
    assert named(typed) == [meant]


@pytest.mark.parametrize(
    "text",
    ["a simple plan", "context and content", "the string quartet", "we are planning",
     "turning a page", "stages", "please convert the concerto", "serves us well"],
)  # fmt: skip
def test_ordinary_words_are_no_typing_errors(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize(
    "text",
    ["not muddy", "it isn't so muddy", "less mud please", "no longer muddy", "without any mud",
     "it doesn’t sound muddy", "never too muddy"],
)  # fmt: skip
def test_denied_words_are_told_from_complaints(text: str) -> None:
    assert denied(text) == ["muddy"]


@pytest.mark.parametrize("text", ["muddy", "not only muddy", "not loud but muddy", "No. Muddy!"])
def test_a_denial_reaches_no_further_than_its_word(text: str) -> None:
    assert "muddy" not in denied(text)
    assert "muddy" in named(text)


def test_words_lead_to_aspects() -> None:
    assert KNOWN.aspects_of("boxy and too wide")[:1] == ("spectrum.band_db.low_mid",)
    assert "stereo.width" in KNOWN.aspects_of("boxy and too wide")
    assert KNOWN.aspects_of("thanks a lot") == ()


def test_aspects_lead_to_words() -> None:
    assert set(KNOWN.terms_for("spectrum.band_db.low_mid", "too much")) >= {"muddy", "boxy"}
    assert "thin" in KNOWN.terms_for("spectrum.band_db.low_mid", "too little")
    assert "muddy" not in KNOWN.terms_for("spectrum.band_db.low_mid", "too little")
    assert "phasey" in KNOWN.terms_for("stereo")
    assert KNOWN.terms_for("no.such.aspect") == ()


def test_measured_values_lead_to_words() -> None:
    assert KNOWN.terms_at("dynamics.crest_db", 5.0) == ("squashed",)
    assert KNOWN.terms_at("dynamics.crest_db", 16.0) == ("punchy",)
    assert KNOWN.terms_at("stereo.correlation", -0.4) == ("phasey",)
    assert KNOWN.terms_at("clipping.samples", 0.0) == ()


def test_a_projects_own_word_comes_before_the_shared_one() -> None:
    own = Term(name="dusty", means="Vinyl noise.", aspects=("onsets.per_second",), own=True)
    glossary = Glossary.load([own])
    assert glossary.term("dustier") is own
    assert KNOWN.term("dusty") is not own
    assert glossary.term("muddy") is KNOWN.term("muddy")


def test_a_term_with_an_unknown_aspect_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no aspect mud\.level"):
        Term(name="x", aspects=("mud.level",))
