import pytest
from pydantic import JsonValue

from memory.conflicts import find_conflicts
from memory.context import Evidence, Finding, Subject

MIX = Subject(kind="asset", id="a" * 64)


def finding(
    aspect: str,
    value: JsonValue,
    evidence: Evidence = "measured",
    confidence: float = 0.9,
    turn: int = 1,
) -> Finding:
    made = Finding.make(
        MIX,
        aspect,
        value,
        unit="",
        evidence=evidence,
        source=f"test/{evidence}@{turn}",
        method="",
        confidence=confidence,
    )
    return made.model_copy(update={"turn": turn})


@pytest.mark.parametrize(
    ("aspect", "measured", "claimed"),
    [("tempo.bpm", 120.0, 90.0), ("key", "C major", "A minor")],
)
def test_a_measurement_beats_a_claim_and_both_stay_on_record(
    aspect: str, measured: JsonValue, claimed: JsonValue
) -> None:
    claim = finding(aspect, claimed, "user", confidence=1.0)
    fact = finding(aspect, measured, confidence=0.4)
    (conflict,) = find_conflicts([claim, fact])
    assert conflict.kept == fact.id
    assert set(conflict.findings) == {claim.id, fact.id}
    assert conflict.status == "settled"
    assert "measured outranks user" in conflict.rule


def test_values_within_the_aspects_agreement_are_no_conflict() -> None:
    assert not find_conflicts([finding("tempo.bpm", 120.0), finding("tempo.bpm", 123.0, "user")])
    assert not find_conflicts([finding("key", "Gb major"), finding("key", "F# major", "heard")])


def test_a_tempo_at_twice_the_measured_one_is_told_as_an_octave() -> None:
    (conflict,) = find_conflicts([finding("tempo.bpm", 180.0), finding("tempo.bpm", 90.0, "user")])
    assert "octave" in conflict.why


def test_equal_evidence_is_settled_by_confidence_then_by_recency() -> None:
    sure, unsure = finding("key", "C major"), finding("key", "A minor", confidence=0.5)
    assert find_conflicts([unsure, sure])[0].kept == sure.id
    newer = finding("key", "A minor", turn=2)
    assert find_conflicts([sure, newer])[0].kept == newer.id


def test_recency_is_the_time_and_not_the_turn_of_another_thread() -> None:
    early = finding("key", "C major", turn=9).model_copy(update={"at": "2026-01-01T10:00:00+00:00"})
    late = finding("key", "A minor", turn=1).model_copy(update={"at": "2026-01-02T10:00:00+00:00"})
    (conflict,) = find_conflicts([late, early])
    assert conflict.kept == late.id
    assert "2026-01-02" in conflict.rule


def test_what_no_rule_settles_stays_open() -> None:
    (conflict,) = find_conflicts([finding("key", "C major"), finding("key", "A minor")])
    assert conflict.status == "open"
    assert conflict.kept is None


def test_a_value_that_could_not_be_told_contradicts_nothing() -> None:
    assert not find_conflicts([finding("key", None, confidence=0), finding("key", "C major")])
