import pytest
from pydantic import JsonValue

from agents.answering.contradictions import against_findings
from agents.answering.faults import fault_claims
from agents.answering.statements import done_claims
from memory.context import Finding, Subject

ONE, TWO = "a" * 64, "b" * 64
NAMES = {ONE: "mix.wav", TWO: "take 2.wav"}


def found(aspect: str, value: JsonValue, of: str = ONE, start: float | None = None) -> Finding:
    return Finding.make(
        Subject(kind="asset", id=of, start=start, end=None if start is None else start + 1),
        aspect,
        value,
        unit="",
        evidence="measured",
        source="gama/x@1",
        method="",
        confidence=0.9 if value is not None else 0.0,
        absent=value is None,
    )


def flagged(answer: str, *findings: Finding) -> bool:
    return bool(list(against_findings(answer, findings, (), NAMES)))


CLEAN = (found("clipping.samples", 0), found("hum.hz", None), found("dropouts", []))
FAULTY = (found("clipping.samples", 91), found("hum.hz", 50.0), found("dropouts", [3.2]))


@pytest.mark.parametrize(
    "answer",
    [
        "Yes, it is clipping.",
        "It is not loud, yet there is hum in it; yes, it clips.",
        "There is mains hum, and the level is fine.",
        "mix.wav has dropouts.",
        "Ja, es gibt Brummen.",
    ],
)
def test_a_fault_that_was_not_found_cannot_be_claimed(answer: str) -> None:
    assert flagged(answer, *CLEAN)
    assert not flagged(answer, *FAULTY)


@pytest.mark.parametrize(
    "answer",
    [
        "No, nothing is clipped.",
        "It does not clip.",
        "It doesn't clip.",
        "There is no hum.",
        "It is hum-free and loud.",
        "It has no audible dropouts.",
        "Hum was looked for; hum is not present.",
        "Kein Brummen, keine Aussetzer.",
    ],
)
def test_a_fault_that_was_found_cannot_be_denied(answer: str) -> None:
    assert flagged(answer, *FAULTY)
    assert not flagged(answer, *CLEAN)


@pytest.mark.parametrize(
    "answer",
    [
        "No clipping in the chorus.",
        "The hum is removed.",
        "A limiter at -1 dBTP prevents clipping.",
        "If it were louder it would clip.",
        "The hum is not the loudest problem.",
        "I hear a hummed melody and short clips.",
        "There may be dropouts.",
    ],
)
def test_what_is_said_of_places_of_work_and_of_what_may_be_is_no_claim(answer: str) -> None:
    assert not flagged(answer, *CLEAN)
    assert not flagged(answer, *FAULTY)


def test_a_fault_of_one_place_or_of_an_unnamed_file_denies_nothing_about_another() -> None:
    assert not flagged("Yes, it is clipping.", found("clipping.samples", 4, start=2.0))
    both = (found("clipping.samples", 0), found("clipping.samples", 9, TWO))
    assert not flagged("Yes, it is clipping.", *both)
    assert flagged("Yes, mix.wav is clipping.", *both)
    assert not flagged("take 2.wav is clipping.", *both)


def test_a_fault_that_could_not_be_told_is_neither_there_nor_not() -> None:
    untold = found("hum.hz", None).model_copy(update={"absent": False})
    assert not flagged("There is hum.", untold)
    assert not flagged("There is no hum.", untold)


LOUDNESS = (found("loudness.integrated_lufs", -14.0), found("loudness.integrated_lufs", -9.8, TWO))


@pytest.mark.parametrize(
    ("answer", "is_wrong"),
    [
        ("mix.wav is louder: -9.8 LUFS against -14 LUFS.", True),
        ("mix.wav is louder than take 2.wav.", True),
        ("take 2.wav is quieter.", True),
        ("take 2.wav is louder than mix.wav by 4.2 dB.", False),
        ("mix.wav is quieter than take 2.wav.", False),
        ("mix.wav is not louder than take 2.wav.", False),
        ("mix.wav should be louder than take 2.wav.", False),
        ("Which of mix.wav and take 2.wav is louder is told below.", False),
        ("The louder one is take 2.wav.", False),
    ],
)
def test_the_order_of_two_files_is_the_measured_one(answer: str, is_wrong: bool) -> None:
    assert flagged(answer, *LOUDNESS) == is_wrong


def test_an_order_of_what_was_measured_of_one_file_alone_is_not_judged() -> None:
    assert not flagged("mix.wav is louder than take 2.wav.", LOUDNESS[0])


def test_what_is_said_of_both_files_holds_for_each() -> None:
    keys = (found("key", "C major"), found("key", "C# major", TWO))
    assert flagged("Both takes are in C major.", *keys)
    assert not flagged("It is in C major.", *keys)
    assert not flagged(
        "Both are in C major.", found("key", "C major"), found("key", "C major", TWO)
    )


def test_turning_it_down_is_work() -> None:
    assert done_claims("It is at -12.4 LUFS, and I turned it down for you.")


def test_two_faults_of_one_sentence_are_told_apart() -> None:
    claims = dict(fault_claims("No clipping, no hum and no dropouts"))
    assert claims == {"clipping.samples": False, "hum.hz": False, "dropouts": False}
    assert [*fault_claims("No clipping, but there is hum")] == [("clipping.samples", False)]
