from collections.abc import Sequence

from pydantic import JsonValue

from audio.assets import AssetRef
from memory.context import (
    Finding,
    Note,
    Place,
    ProjectContext,
    Recommendation,
    Report,
    Subject,
)
from memory.distilling.distill import Distilled, Rules, checked, recommended

MIX = AssetRef(id="a" * 64, kind="audio", name="mix.wav", suffix="wav", size_bytes=1, seconds=60.0)
CONTEXT = ProjectContext(project="p", thread="t", turn=1, request="…", assets=(MIX,))


def part(start: float | None, end: float | None, value: JsonValue, aspect: str = "key") -> Finding:
    return Finding.make(
        Subject(kind="asset", id=MIX.id, start=start, end=end),
        aspect,
        value,
        unit="",
        evidence="measured",
        source="gama/key@1",
        method="chroma",
        confidence=0.8,
    )


def report(*findings: Finding, advice: Sequence[Recommendation] = (), summary: str = "") -> Report:
    return Report(
        task="t-1", agent="gama", findings=findings, recommendations=tuple(advice), summary=summary
    )


def distilled(*reports: Report) -> Distilled:
    return Rules().distill(reports, CONTEXT)


def test_parts_that_agree_and_cover_the_file_become_one_finding_about_it() -> None:
    parts = [part(0, 20, "F# minor"), part(20, 41, "Gb minor"), part(42, 60, "F# minor")]
    (whole,) = distilled(report(*parts)).findings
    assert whole.subject == Subject(kind="asset", id=MIX.id)
    assert whole.value == "Gb minor"  # as the longest part says it


def test_parts_that_touch_and_agree_become_one_stretch_beside_one_that_does_not() -> None:
    found = distilled(
        report(part(0, 20, "C major"), part(20, 30, "C major"), part(30, 60, "E minor"))
    )
    spans = {(one.subject.start, one.subject.end, one.value) for one in found.findings}
    assert spans == {(0, 30, "C major"), (30, 60, "E minor")}


def test_parts_far_apart_stay_apart() -> None:
    found = distilled(report(part(0, 5, "C major"), part(40, 45, "C major")))
    assert len(found.findings) == 2


def test_one_of_two_recommendations_that_say_the_same_is_kept() -> None:
    hum = part(None, None, 50.0, "hum.hz")
    advice = [
        Recommendation(text=text, findings=(hum.id,), aspect="hum.hz")
        for text in ("Notch the hum at 50 Hz.", "notch the hum at 50 Hz", "Notch the hum at 60 Hz.")
    ]
    kept = distilled(report(hum, advice=advice)).recommendations
    assert [one.text for one in kept] == ["Notch the hum at 50 Hz.", "Notch the hum at 60 Hz."]


def test_a_distilled_sentence_with_a_number_of_its_own_is_dropped_and_reported() -> None:
    reports = [report(part(None, None, -14.2, "loudness.integrated_lufs"))]
    made = Distilled(summaries=("It is at -14.2 LUFS. It should sell 5000 copies.",))
    result = checked(made, reports, CONTEXT)
    assert result.summaries == ("It is at -14.2 LUFS.",)
    assert "5000" in result.dropped[0]


def test_a_finding_that_no_report_holds_is_dropped() -> None:
    told = part(None, None, 120.0, "tempo.bpm")
    made = Distilled(findings=(told, part(None, None, 97.0, "tempo.bpm")))
    result = checked(made, [report(told)], CONTEXT)
    assert result.findings == (told,)
    assert "97" in result.dropped[0]


def test_advice_becomes_a_note_at_its_element_the_same_each_time() -> None:
    hum = part(None, None, 50.0, "hum.hz")
    advice = [Recommendation(text="Notch the hum at 50 Hz.", findings=(hum.id,), aspect="hum.hz")]
    (note,) = recommended(advice, [hum], elements={MIX.id: "bass"})
    assert note.place == Place(level="element", name="bass")
    assert (note.assets, note.aspect, note.evidence) == ((MIX.id,), "hum.hz", "inferred")
    assert recommended(advice, [hum], held=[note], elements={MIX.id: "bass"}) == (note,)


def test_the_same_advice_with_newer_numbers_takes_the_older_notes_place() -> None:
    hum = part(None, None, 60.0, "hum.hz")
    older = Note.make("recommendation", "Notch the hum at 50 Hz.", assets=(MIX.id,))
    advice = [Recommendation(text="Notch the hum at 60 Hz.", findings=(hum.id,), aspect="hum.hz")]
    (note,) = recommended(advice, [hum], held=[older])
    assert note.supersedes == older.id
