from pathlib import Path

import numpy as np
import pytest
from pydantic import JsonValue

from agents.contexts.gama import gama_slice
from agents.gama import Gama
from agents.turn.advice import advise
from audio.aspects import PROFILE
from audio.assets import AssetRef, AssetStore
from grym_synth.settings import MediaLimits
from memory.context import (
    Criterion,
    Evidence,
    Finding,
    Operation,
    ProjectContext,
    ProjectSetting,
    Report,
    Subject,
    Task,
)
from tests.unit.audio.sounds import Sound, music, noise, write

LOUDNESS = "loudness.integrated_lufs"


@pytest.fixture
def store(tmp_path: Path) -> AssetStore:
    return AssetStore(tmp_path / "store", MediaLimits())


def stored(store: AssetStore, folder: Path, sound: Sound, name: str = "mix.wav") -> AssetRef:
    return store.add(write(folder, sound), "audio", name)


def task(*inputs: AssetRef, aspects: tuple[str, ...] = (), criteria: tuple[str, ...] = ()) -> Task:
    names: list[JsonValue] = list(aspects)
    return Task(
        id="t",
        agent="gama",
        objective="Listen",
        inputs=tuple(ref.id for ref in inputs),
        operations=(Operation(name="measure", parameters={"aspects": names}),),
        criteria=tuple(Criterion(aspect=aspect, op=">=", value=0) for aspect in criteria),
    )


def context(
    *assets: AssetRef,
    settings: tuple[ProjectSetting, ...] = (),
    findings: tuple[Finding, ...] = (),
) -> ProjectContext:
    return ProjectContext(
        project="p",
        thread="t",
        turn=1,
        request="",
        assets=assets,
        settings=settings,
        findings=findings,
    )


def found(
    asset_id: str, aspect: str, value: JsonValue, evidence: Evidence = "measured", unit: str = ""
) -> Finding:
    return Finding.make(
        Subject(kind="asset", id=asset_id),
        aspect,
        value,
        unit=unit,
        evidence=evidence,
        source="test/hand@1",
        method="by hand",
        confidence=1.0,
    )


def listen(store: AssetStore, work: Task, known: ProjectContext) -> Report:
    return Gama(store).work(gama_slice(work, known, ()))


def test_the_full_profile_comes_as_measured_findings_about_the_whole_file(
    store: AssetStore, tmp_path: Path
) -> None:
    ref = stored(store, tmp_path, music(8))
    report = listen(store, task(ref), context(ref))
    assert report.failure is None
    assert [finding.aspect for finding in report.findings] == list(PROFILE)
    for finding in report.findings:
        assert finding.subject == Subject(kind="asset", id=ref.id)
        assert finding.evidence == "measured"
        assert finding.source.startswith("gama/")
        assert "@" in finding.source


def test_only_what_is_asked_is_measured_with_what_the_criteria_need(
    store: AssetStore, tmp_path: Path
) -> None:
    ref = stored(store, tmp_path, noise(4))
    work = task(ref, aspects=("stereo", LOUDNESS), criteria=("duration.seconds",))
    aspects = [finding.aspect for finding in listen(store, work, context(ref)).findings]
    assert aspects == [
        "duration.seconds", LOUDNESS, "stereo.correlation", "stereo.width", "stereo.balance_db",
    ]  # fmt: skip


def test_what_was_measured_before_is_not_measured_again_even_without_the_file(
    store: AssetStore, tmp_path: Path
) -> None:
    ref = stored(store, tmp_path, noise(4))
    known = found(ref.id, LOUDNESS, -23.0, unit="LUFS")
    store.path(ref).unlink()
    report = listen(store, task(ref, aspects=(LOUDNESS,)), context(ref, findings=(known,)))
    assert report.failure is None
    assert report.findings == (known,)


def test_what_was_measured_before_is_measured_again_where_that_is_asked_for(
    store: AssetStore, tmp_path: Path
) -> None:
    ref = stored(store, tmp_path, noise(4))
    known = found(ref.id, LOUDNESS, -70.0, unit="LUFS")
    anew = Operation(name="measure", parameters={"aspects": [LOUDNESS], "again": True})
    work = task(ref).model_copy(update={"operations": (anew,)})
    (finding,) = listen(store, work, context(ref, findings=(known,))).findings
    assert finding.id != known.id
    assert finding.value != known.value


def test_a_claim_does_not_pass_for_a_measurement(store: AssetStore, tmp_path: Path) -> None:
    ref = stored(store, tmp_path, noise(4))
    claim = found(ref.id, LOUDNESS, -5.0, "user")
    report = listen(store, task(ref, aspects=(LOUDNESS,)), context(ref, findings=(claim,)))
    assert report.findings[0].value != -5.0


def test_the_slice_holds_sound_and_style_and_nothing_else(
    store: AssetStore, tmp_path: Path
) -> None:
    mix, other = (stored(store, tmp_path, noise(1 + n), f"{n}.wav") for n in range(2))
    picture = AssetRef(id="f" * 64, kind="image", name="s.png", suffix="png", size_bytes=9)
    known = (
        found(mix.id, "beats", [0.5 * n for n in range(400)]),
        found(mix.id, "picture.kind", "waveform"),
        found(other.id, LOUDNESS, -20.0),
        found(mix.id, LOUDNESS, -20.0),
    )
    settings = (
        ProjectSetting(field="style", value="lo-fi"),
        ProjectSetting(field="deadline", value="Friday"),
    )
    work = task(mix).model_copy(update={"inputs": (mix.id, picture.id)})
    whole = context(mix, other, picture, settings=settings, findings=known)
    handed = gama_slice(work, whole, ())
    assert handed["assets"] == (mix,)
    assert handed["guidelines"] == ("lo-fi",)
    assert [finding.aspect for finding in handed["earlier"]] == ["beats", LOUDNESS]
    package = handed["package"]
    assert "[style]\nlo-fi" in package.text and "(integrated loudness): -20" in package.text
    assert "s.png" not in package.text and package.never_seen["a picture"] == 1
    assert package.tokens < 300


def test_two_files_are_compared(store: AssetStore, tmp_path: Path) -> None:
    quiet = stored(store, tmp_path, 0.1 * noise(4), "mix.wav")
    loud = stored(store, tmp_path, noise(4), "master.wav")
    work = task(quiet, loud, aspects=("loudness",))
    summary = listen(store, work, context(quiet, loud)).summary
    assert "Against mix.wav, master.wav has" in summary
    assert "(+20)" in summary


def test_faults_are_reported_and_the_other_files_are_still_heard(
    store: AssetStore, tmp_path: Path
) -> None:
    gone, held = (stored(store, tmp_path, noise(1 + n), f"{n}.wav") for n in range(2))
    store.path(gone).unlink()
    report = listen(store, task(gone, held, aspects=("channels",)), context(gone, held))
    assert report.failure is not None
    assert "0.wav" in report.failure.why
    assert [finding.subject.id for finding in report.findings] == [held.id]


def test_unknown_aspects_and_missing_files_are_failures_in_words(
    store: AssetStore, tmp_path: Path
) -> None:
    ref = stored(store, tmp_path, noise(1))
    unknown = listen(store, task(ref, aspects=("warmth",)), context(ref)).failure
    assert unknown is not None
    assert "warmth" in unknown.why
    nothing = listen(store, task(), context()).failure
    assert nothing is not None
    assert "no sound file" in nothing.why


def test_faults_of_a_mix_lead_to_advice_that_names_its_findings(
    store: AssetStore, tmp_path: Path
) -> None:
    at = np.arange(12 * 44_100) / 44_100
    faulty = music(12) * np.array([1.0, 0.5]) + 0.03
    for hertz in (50, 150, 250):
        faulty += 0.02 * np.sin(2 * np.pi * hertz * at)[:, None]
    faulty = np.clip(2 * faulty, -1, 1)
    faulty = np.concatenate([np.zeros((44_100, 2)), faulty])
    ref = stored(store, tmp_path, faulty)
    report = listen(store, task(ref), context(ref))
    held = {finding.id: finding.aspect for finding in report.findings}
    advised = {held[advice.findings[0]] for advice in report.recommendations}
    assert advised >= {
        "clipping.samples", "loudness.true_peak_dbtp", "dc_offset", "stereo.balance_db",
        "silence.start_seconds", "hum.hz",
    }  # fmt: skip


def test_a_clean_mix_needs_no_advice(store: AssetStore, tmp_path: Path) -> None:
    ref = stored(store, tmp_path, 0.5 * music(12))
    assert listen(store, task(ref), context(ref)).recommendations == ()


def test_targets_in_the_guidelines_are_held_against_the_measurement() -> None:
    heard = (
        found("a", LOUDNESS, -20.0, unit="LUFS"),
        found("a", "tempo.bpm", 98.0, unit="BPM"),
        found("a", "key", "F minor"),
    )
    guidelines = ("aim for -14 LUFS", "around 120 bpm", "key of F minor", "warm and slow")
    advice = {one.aspect: one.text for one in advise(heard, guidelines)}
    assert set(advice) == {LOUDNESS, "tempo.bpm"}
    assert "-14 LUFS" in advice[LOUDNESS]
    assert "+6.00 LU." in advice[LOUDNESS]


def test_a_guideline_overrules_the_general_advice() -> None:
    loud = (found("a", LOUDNESS, -7.0, unit="LUFS"),)
    assert [one.aspect for one in advise(loud, ())] == [LOUDNESS]
    assert advise(loud, ("club master at -7 LUFS",)) == ()
