"""Questions that want a judgement get one: yes or no, the number, the target, how far off."""

import pytest

from agents.answering.answer import answer
from agents.judging.targets import published
from agents.planning.judgements import judgement_of
from agents.planning.languages import read_request
from agents.supervisor import Supervisor
from audio.aspects import ASPECTS
from audio.assets import AssetRef
from memory.context import Finding, Plan, ProjectContext, ProjectSetting, Recommendation, Subject

LUFS, PEAK, CLIPPED = (
    "loudness.integrated_lufs", "loudness.true_peak_dbtp", "clipping.samples",
)  # fmt: skip


def sound(letter: str, name: str) -> AssetRef:
    return AssetRef(
        id=letter * 64, name=name, kind="audio", suffix=".wav", size_bytes=9, seconds=20.0
    )


MIX, REFERENCE = sound("a", "mix.wav"), sound("b", "reference.wav")


def asked(request: str, *files: AssetRef, settings: tuple[str, ...] = ()) -> ProjectContext:
    held = files or (MIX,)
    return ProjectContext(
        project="p", thread="t", turn=1, request=request, assets=held,
        attached=tuple(one.id for one in held),
        settings=tuple(ProjectSetting(field="constraint", value=one) for one in settings),
    )  # fmt: skip


def found(aspect: str, value: float, file: AssetRef = MIX) -> Finding:
    return Finding.make(
        Subject(kind="asset", id=file.id), aspect, value, unit=ASPECTS[aspect].unit,
        evidence="measured", source="gama/meter@1", method="", confidence=1.0,
    )  # fmt: skip


def levels(lufs: float, peak: float, clipped: int = 0) -> list[Finding]:
    return [found(LUFS, lufs), found(PEAK, peak), found(CLIPPED, clipped)]


def told(request: str, findings: list[Finding], *files: AssetRef) -> str:
    return answer(asked(request, *files), Plan(), (), findings).split("\n\n**mix.wav**\n")[0]


def test_a_loud_mix_is_too_loud_for_spotify_by_so_many_units() -> None:
    text = told("Is this too loud for Spotify?", levels(-8.9, -0.4))
    assert text.startswith("**Yes**, mix.wav is too loud for Spotify: ")
    assert "-8.9 LUFS is 5.1 LU above the target of -14 LUFS" in text
    assert "turned down by 5.1 dB" in text
    assert "the true peak -0.4 dBTP is 0.6 dB above the limit of -1 dBTP" in text


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        ("Is it loud enough for YouTube?", "**No**, mix.wav is not loud enough for YouTube"),
        ("Is this too quiet for Apple Music?", "**Yes**, mix.wav is too quiet for Apple Music"),
        ("Ist das zu laut für Spotify?", "**No**, mix.wav is not too loud for Spotify"),
        ("¿Está demasiado alto para Tidal?", "**No**, mix.wav is not too loud for Tidal"),
        ("Est-ce trop fort pour Deezer ?", "**No**, mix.wav is not too loud for Deezer"),
        ("How far is it from Amazon Music's target?", "**mix.wav** against Amazon Music"),
        ("Check this against Spotify's target", "**mix.wav** against Spotify"),
    ],
)
def test_quiet_mix_is_judged_in_the_sense_of_the_question(request_: str, says: str) -> None:
    assert says in told(request_, levels(-19.0, -6.0))


def test_broadcast_means_both_norms_and_each_has_its_own_tolerance() -> None:
    text = told("Would it pass broadcast?", levels(-23.3, -1.5))
    assert "**Yes**, mix.wav meets EBU R 128" in text
    assert "0.3 LU below the target of -23 ± 0.5 LUFS" in text
    assert "**No**, mix.wav does not meet ATSC A/85" in text
    assert "0.5 dB above the limit of -2 dBTP" in text


def test_whole_programme_against_a_dialogue_target_is_called_a_hint() -> None:
    assert "only a hint" in told("Does it meet Netflix specs?", levels(-27.0, -3.0))


def test_without_a_target_the_projects_own_demand_counts_first() -> None:
    context = asked("Is it too loud?", settings=("master at -16 LUFS",))
    text = answer(context, Plan(), (), levels(-13.0, -2.0))
    assert "too loud for the project's “master at -16 LUFS”" in text
    assert "3.0 LU above the target of -16" in text
    usual = told("Is it too loud?", levels(-13.0, -2.0))
    assert "most streaming services" in usual and "No target was named" in usual


@pytest.mark.parametrize(
    ("clipped", "peak", "says"),
    [
        (1200, 0.9, "**Yes**, mix.wav clips: 1,200 samples"),
        (0, -3.25, "**No**, mix.wav does not clip: no clipped samples"),
        (0, 0.6, "**Not in its samples**"),
    ],
)
def test_clipping_is_answered_with_yes_or_no(clipped: int, peak: float, says: str) -> None:
    assert says in told("is it clipping?", [found(CLIPPED, clipped), found(PEAK, peak)])


def test_bass_is_compared_with_the_reference_at_equal_loudness() -> None:
    band = "spectrum.band_db.bass"
    findings = [
        found(LUFS, -8.0), found(band, -10.0),
        found(LUFS, -18.0, REFERENCE), found(band, -24.5, REFERENCE),
    ]  # fmt: skip
    text = told("is the bass too loud against this reference?", findings, MIX, REFERENCE)
    assert text.startswith("**Yes**: the bass (60–120 Hz) is 4.5 dB higher at equal loudness")
    enough = told("Is there enough bass compared to the reference?", findings, MIX, REFERENCE)
    assert enough.startswith("**Yes**")


def test_same_width_is_not_called_wider() -> None:
    findings = [found(one, value, file) for one, value, file in (
        (LUFS, -9.0, MIX), ("stereo.width", 0.31, MIX),
        (LUFS, -12.0, REFERENCE), ("stereo.width", 0.28, REFERENCE),
    )]  # fmt: skip
    text = told("Is my mix wider than the reference?", findings, MIX, REFERENCE)
    assert text.startswith("**No**: the width is the same within 0.1")


def test_verdict_says_no_second_time_what_advice_would_say() -> None:
    advice = Recommendation(text="At -8 LUFS it is so loud", findings=(), aspect=LUFS)
    context = asked("Is this too loud for Spotify?")
    text = answer(context, Plan(), (), levels(-8.0, -2.0), (advice,))
    assert "Recommended" not in text


@pytest.mark.parametrize(
    "request_",
    ["Master this for Spotify", "How long is the radio edit?", "What tempo is this?",
     "Make it louder for streaming", "Are the vocals too loud?"],
)  # fmt: skip
def test_work_and_other_questions_want_no_verdict(request_: str) -> None:
    assert judgement_of(read_request(asked(request_))) is None


def test_a_judgement_measures_what_it_needs_and_of_both_files() -> None:
    plan = Supervisor().plan(asked("Is this too loud for Spotify?"))
    assert [one.name for one in plan.tasks[0].operations] == ["measure"]
    aspects = plan.tasks[0].operations[0].parameters["aspects"]
    assert isinstance(aspects, list) and {LUFS, PEAK, CLIPPED} <= set(aspects)
    assert len(aspects) < 8
    both = Supervisor().plan(asked("Is my mix brighter than the reference?", MIX, REFERENCE))
    assert both.tasks[0].inputs == (MIX.id, REFERENCE.id)


def test_every_published_target_names_its_source() -> None:
    for one in published():
        assert one.source.startswith("https://")
        assert -40 < one.lufs < -5 and -3 <= one.dbtp <= 0


def test_a_goal_that_names_a_target_is_kept_and_nothing_is_judged() -> None:
    plan = Supervisor().plan(asked("set the goal to a -14 LUFS master for streaming"))
    assert not plan.tasks
    assert [one.field for one in plan.settings] == ["goal"]
