from datetime import date

import pytest
from pydantic import JsonValue

from agents.answering.coherence import check, clashes
from memory.context import Evidence, Finding, Flag, ProjectSetting, Subject, Task

TODAY = date(2026, 11, 23)
MIX, NAMES = "a" * 64, {"a" * 64: "mix.wav"}


def found(
    aspect: str, value: JsonValue, unit: str = "", confidence: float = 0.9,
    evidence: Evidence = "measured",
) -> Finding:  # fmt: skip
    return Finding.make(
        Subject(kind="asset", id=MIX),
        aspect,
        value,
        unit=unit,
        evidence=evidence,
        source="gama/x@1",
        method="",
        confidence=confidence,
    )


def constraint(text: str) -> ProjectSetting:
    return ProjectSetting(field="constraint", value=text)


def flags(
    answer: str, findings: tuple[Finding, ...] = (), *settings: ProjectSetting
) -> tuple[Flag, ...]:
    return check(answer, findings, settings, TODAY, names=NAMES)


LIMITS = constraint("master at -14 LUFS ± 1, true peak ≤ -1 dBTP, 48 kHz/24 bit")


@pytest.mark.parametrize(
    ("setting", "finding"),
    [
        (ProjectSetting(field="goal", value="a song in D minor"), found("key", "F# major")),
        (constraint("tempo is 120 BPM"), found("tempo.bpm", 97.0, "BPM")),
        (LIMITS, found("loudness.integrated_lufs", -9.0, "LUFS")),
        (LIMITS, found("loudness.true_peak_dbtp", -0.2, "dBTP")),
        (LIMITS, found("sample_rate.hz", 44100, "Hz")),
        (
            constraint("true peak never above -1 dBTP"),
            found("loudness.true_peak_dbtp", 0.0, "dBTP"),
        ),
    ],
)
def test_a_measurement_that_misses_what_the_project_demands_is_flagged(
    setting: ProjectSetting, finding: Finding
) -> None:
    (flag,) = flags("Measured.", (finding,), setting)
    assert flag.text.startswith("Against the project's")
    assert "mix.wav" in flag.text
    assert flag.findings == (finding.id,)


@pytest.mark.parametrize(
    ("setting", "finding"),
    [
        (LIMITS, found("loudness.integrated_lufs", -14.9, "LUFS")),
        (LIMITS, found("loudness.true_peak_dbtp", -1.0, "dBTP")),
        (constraint("in Gb major"), found("key", "F# major")),
        (constraint("key: D minor"), found("key", "F major", confidence=0.5)),
        (constraint("key: D minor"), found("key", "F# major", confidence=0.2)),
        (constraint("tempo 120 BPM"), found("tempo.bpm", 60.0, "BPM")),
        (constraint("the bass in D minor"), found("key", "F# major")),
        (constraint("vocals at -18 LUFS"), found("loudness.integrated_lufs", -14.0, "LUFS")),
        (constraint("no vocals"), found("key", "F# major")),
        (constraint("key: D minor"), found("key", "F# major", evidence="user")),
    ],
)
def test_a_coherent_project_raises_no_flag(setting: ProjectSetting, finding: Finding) -> None:
    assert flags("Measured.", (finding,), setting) == ()


def test_a_file_that_meets_one_of_two_wanted_masters_is_no_contradiction() -> None:
    wanted = (constraint("streaming master at -14 LUFS"), constraint("club master at -9 LUFS"))
    loud, quiet = (found("loudness.integrated_lufs", value, "LUFS") for value in (-9.0, -20.0))
    assert flags("", (loud,), *wanted) == ()
    assert len(flags("", (quiet,), *wanted)) == 1


def test_what_comes_in_need_not_be_as_loud_as_what_goes_out() -> None:
    raw = found("loudness.integrated_lufs", -20.0, "LUFS")
    assert check("", (raw,), (LIMITS,), TODAY, names=NAMES, made=()) == ()
    assert len(check("", (raw,), (LIMITS,), TODAY, names=NAMES, made=(MIX,))) == 1


FACTS = (found("tempo.bpm", 120.0, "BPM"), found("key", "F minor"),
         found("loudness.integrated_lufs", -14.2, "LUFS"), found("channels", 2))  # fmt: skip


@pytest.mark.parametrize(
    "answer",
    [
        "mix.wav runs at 128 BPM.",
        "The mix is in G major.",
        "It is at -9 LUFS now.",
        "**mix.wav**\n- Tempo: 128 BPM",
        "A mono file at 48 kHz.",
    ],
)
def test_a_statement_that_no_finding_has_is_flagged(answer: str) -> None:
    (flag,) = flags(answer, FACTS)
    assert flag.kind == "finding"


@pytest.mark.parametrize(
    "answer",
    [
        "mix.wav runs at 120 BPM, in F minor, at -14.2 LUFS.",
        "It was 128 BPM before.",
        "Streaming services turn it down to about -16 LUFS.",
        "You could try 128 BPM.",
        "**Not met**: master. Integrated loudness: -14.2 LUFS, wanted -9 LUFS.",
        "The other possible tempo is an octave away, 60 BPM.",
        "A stereo file at 48 kHz, whose kick stays in mono.",
    ],
)
def test_true_statements_wishes_and_the_past_are_not_flagged(answer: str) -> None:
    assert flags(answer, FACTS) == ()


def test_work_that_was_ruled_out_is_flagged_and_its_absence_is_not() -> None:
    rule = constraint("no vocals")
    assert "no vocals" in flags("I added vocals to the chorus.", (), rule)[0].text
    assert flags("There are no vocals in it. Noted: “no vocals”.", (), rule) == ()


def test_a_deliverable_past_the_deadline_is_flagged_and_one_before_it_is_not() -> None:
    due = ProjectSetting(field="deadline", value="20 November 2026")
    later = ProjectSetting(field="deadline", value="2026-12-01")
    (flag,) = check("Done: master.", (), (due,), TODAY, made=(MIX,), names=NAMES)
    assert "3 days later" in flag.text
    assert check("Done: master.", (), (later,), TODAY, made=(MIX,), names=NAMES) == ()
    (promise,) = flags("The master will be ready by 5 December 2026.", (), later)
    assert promise.kind == "deadline"


def test_done_without_a_task_that_is_done_is_flagged() -> None:
    failed = Task(id="t-1", agent="coder", objective="Master", status="failed")
    done = failed.model_copy(update={"status": "done"})
    said = "I've mastered the file."
    assert check(said, (), (), TODAY, tasks=(failed,))[0].kind == "work"
    assert check(said, (), (), TODAY, tasks=(done,)) == ()
    assert check("Nothing was mastered.", (), (), TODAY, tasks=(failed,)) == ()


def test_a_file_that_is_not_there_is_flagged() -> None:
    assert flags("I wrote final.wav for you.")[0].against == "final.wav"
    assert flags("I measured mix.wav for you.") == ()


def test_a_setting_that_contradicts_an_older_one_is_flagged_with_a_question() -> None:
    (flag,) = clashes([constraint("the key is F# major")], [constraint("a song in D minor")])
    assert "Which one" in flag.text
    assert clashes([constraint("the key is D minor")], [constraint("a song in D minor")]) == ()
