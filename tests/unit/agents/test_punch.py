import pytest

from agents.judging.criteria import judge
from agents.planning.criteria import CREST, kept_crest, relative_to
from agents.planning.languages import Understood, language_of, read_request
from agents.planning.punch import keeps_punch
from agents.planning.text import read_text
from audio.assets import AssetRef
from memory.context import Finding, ProjectContext, Subject

SOURCE = AssetRef(id="a" * 64, kind="audio", name="loop.wav", suffix="wav", size_bytes=9)


def crest(subject: str, value: float) -> Finding:
    return Finding.make(
        Subject(kind="asset", id=subject), CREST, value,
        unit="dB", evidence="measured", source="test@1", method="", confidence=1.0,
    )  # fmt: skip


def understood(request: str) -> Understood:
    context = ProjectContext(
        project="p", thread="t", turn=1, request=request, assets=(SOURCE,), attached=(SOURCE.id,)
    )
    return read_request(context)


@pytest.mark.parametrize(
    "request_",
    [
        "Make it louder but keep the punch",
        "Normalise to -14 LUFS but don't squash it",
        "louder without losing the transients",
        "leave the transients untouched, +3 dB",
        "Mach es lauter, aber behalte den Punch",
        "Mach es lauter, ohne die Dynamik zu verlieren",
        "Lauter bitte, aber der Druck soll erhalten bleiben",
        "Hazlo más fuerte pero mantén la pegada",
        "Normaliza a -14 LUFS sin aplastar la mezcla",
        "más fuerte, sin perder los transitorios",
        "Plus fort, mais garde le punch",
        "Normalise à -14 LUFS sans écraser le mix",
        "Monte le volume sans perdre la dynamique",
    ],
)
def test_a_wish_to_keep_the_punch_is_heard(request_: str) -> None:
    assert keeps_punch(understood(request_))


@pytest.mark.parametrize(
    "request_",
    [
        "Make it louder",
        "make it punchier",
        "don't keep the punch, just make it loud",
        "normalise to -14 LUFS and reduce the dynamics",
        "keep it in A minor",
        "hazlo más fuerte",
        "hazlo más fuerte con más pegada",
        "mets-le plus fort et garde la tonalité",
    ],
)
def test_no_other_wish_is_taken_for_it(request_: str) -> None:
    assert not keeps_punch(understood(request_))


def test_the_punch_is_held_against_what_was_measured_of_the_source() -> None:
    wanted = kept_crest((SOURCE,), (crest(SOURCE.id, 15.0),))
    assert (wanted.aspect, wanted.op, wanted.value) == (CREST, ">=", 14.0)
    assert [one.met for one in judge((wanted,), (crest("result", 14.1),))] == [True]
    assert [one.met for one in judge((wanted,), (crest("result", 13.5),))] == [False]


def test_a_source_that_is_measured_in_the_same_turn_counts_as_well() -> None:
    waiting = kept_crest((SOURCE,), ())
    assert judge((waiting,), (crest("result", 9.0),))[0].met is None
    assert relative_to(waiting, (crest(SOURCE.id, 12.0),)).value == 11.0


def test_units_and_english_words_are_no_spanish() -> None:
    said = "low-pass at 1 kHz 24 dB, -24 dB at 2 kHz, no latency"
    assert language_of(read_text(said)) == "en"
    assert language_of(read_text("filtro a 80 Hz con 24 dB")) == "es"
