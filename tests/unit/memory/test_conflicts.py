from collections.abc import Sequence

import pytest
from pydantic import JsonValue

from memory.context import Conflict, Evidence, Finding, Subject
from memory.distilling.conflicts import Frame, Ruling, arbitrate, carry_over, find_conflicts

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


def about(subject: Subject, aspect: str, value: JsonValue, source: str = "a/b@1") -> Finding:
    return Finding.make(
        subject,
        aspect,
        value,
        unit="",
        evidence="measured",
        source=source,
        method="",
        confidence=0.8,
    )


def test_regions_versions_and_other_files_do_not_contradict_each_other() -> None:
    verse = Subject(kind="asset", id="a" * 64, start=0.0, end=16.0)
    chorus = Subject(kind="asset", id="a" * 64, start=16.0, end=32.0)
    newer = Subject(kind="asset", id="b" * 64)
    findings = [
        about(MIX, "key", "C major"),
        about(verse, "key", "A minor"),
        about(chorus, "key", "E major"),
        about(newer, "key", "D major"),
    ]
    assert not find_conflicts(findings)


def test_nearly_the_same_stretch_is_one_stretch() -> None:
    one = Subject(kind="asset", id="a" * 64, start=16.0, end=32.0)
    other = Subject(kind="asset", id="a" * 64, start=16.3, end=32.2)
    findings = [about(one, "key", "C major"), about(other, "key", "E minor", "c/d@1")]
    assert len(find_conflicts(findings)) == 1


def test_a_sections_finding_is_held_against_the_piece_there_and_an_elements_against_its_file() -> (
    None
):
    frame = Frame(elements={"bass": "c" * 64}, sections={"chorus": (16.0, 32.0)}, piece="a" * 64)
    there = Subject(kind="asset", id="a" * 64, start=16.0, end=32.0)
    bass = Subject(kind="asset", id="c" * 64)
    findings = [
        about(Subject(kind="section", id="chorus"), "key", "C major"),
        about(there, "key", "E minor", "c/d@1"),
        about(Subject(kind="element", id="bass"), "tempo.bpm", 120.0),
        about(bass, "tempo.bpm", 97.0, "c/d@1"),
    ]
    assert {one.aspect for one in find_conflicts(findings, frame)} == {"key", "tempo.bpm"}
    assert not find_conflicts(findings)


def test_several_hums_of_one_instrument_are_no_conflict() -> None:
    assert not find_conflicts([about(MIX, "hum.hz", 50.0), about(MIX, "hum.hz", 150.0)])


def test_what_was_looked_for_and_is_not_there_contradicts_a_claim() -> None:
    none = finding("hum.hz", None, confidence=0).model_copy(update={"absent": True})
    (conflict,) = find_conflicts([none, finding("hum.hz", 50.0, "heard")])
    assert conflict.kept == none.id


class Chooser:
    """Decides for the side of one value."""

    def __init__(self, value: str) -> None:
        self.value = value

    def decide(self, conflict: Conflict, sides: Sequence[Finding]) -> Ruling | None:
        kept = [side.id for side in sides if side.value == self.value]
        return Ruling(kept[0] if kept else "nobody", "It sounds so")


def test_the_boss_settles_what_the_rules_leave_open_and_both_sides_stay_on_record() -> None:
    sides = [finding("key", "C major"), finding("key", "A minor")]
    held = find_conflicts(sides)
    (settled,) = arbitrate(held, sides, Chooser("A minor"), "boss: decided in turn 2")
    assert (settled.status, settled.kept) == ("settled", sides[1].id)
    assert set(settled.findings) == {one.id for one in sides}
    assert settled.rule == "boss: decided in turn 2"
    assert arbitrate(held, sides, Chooser("E minor"), "boss") == held


def test_a_decision_holds_in_later_turns_until_a_new_side_comes_up() -> None:
    sides = [finding("key", "C major"), finding("key", "A minor")]
    (settled,) = arbitrate(find_conflicts(sides), sides, Chooser("A minor"), "user: turn 2")
    assert carry_over(find_conflicts(sides), [settled]) == (settled,)
    third = find_conflicts([*sides, finding("key", "E minor")])
    assert carry_over(third, [settled])[0].status == "open"
