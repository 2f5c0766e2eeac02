from agents.answering.plain_words import in_their_words
from agents.supervisor import Supervisor
from audio.aspects import ASPECTS, BAND_EDGES_HZ
from audio.assets import AssetRef
from audio.balance import JUDGED
from memory.context import Finding, ProjectContext, Subject
from memory.glossary.glossary import Glossary
from memory.terms import Term

USUAL = {"bass": -14.0, "low_mid": -15.5, "mid": -20.5, "high_mid": -29.0, "presence": -34.0}


def found(aspect: str, value: float, asset: str = "a") -> Finding:
    return Finding.make(
        Subject(kind="asset", id=asset * 64),
        aspect,
        value,
        unit=ASPECTS[aspect].unit,
        evidence="measured",
        source="gama/spectrum@1",
        method="",
        confidence=1.0,
    )


def spectrum(asset: str = "a", **lifts: float) -> list[Finding]:
    assert USUAL.keys() == set(JUDGED) <= BAND_EDGES_HZ.keys()
    return [
        found(f"spectrum.band_db.{band}", level + lifts.get(band, 0.0), asset)
        for band, level in USUAL.items()
    ]


def told(request: str, findings: list[Finding]) -> str:
    return in_their_words(request, findings, {"a" * 64: "mix.wav", "b" * 64: "b.wav"}, GLOSSARY)


GLOSSARY = Glossary.load()


def test_muddy_mix_is_told_with_band_number_and_word() -> None:
    text = told("is it muddy?", spectrum(low_mid=7.0))
    assert "“muddy” speaks of 200–500 Hz" in text
    assert "-8.5 dB" in text
    assert text.endswith("it fits")


def test_clean_mix_is_told_that_the_word_does_not_fit() -> None:
    assert told("is it muddy?", spectrum(low_mid=-5.0)).endswith("it does not fit")


def test_missing_bass_makes_it_thin_not_boomy() -> None:
    boomy, thin = told("boomy or thin?", spectrum(bass=-9.0, low_mid=-9.0)).splitlines()[1:]
    assert boomy.endswith("it does not fit")
    assert thin.endswith("it fits")


def test_words_with_a_limit_are_held_against_it() -> None:
    assert "below 8 dB" in told("squashed?", [found("dynamics.crest_db", 6.0)])
    assert told("squashed?", [found("dynamics.crest_db", 6.0)]).endswith("it fits")
    assert told("squashed?", [found("dynamics.crest_db", 14.0)]).endswith("it does not fit")


def test_several_files_are_told_apart() -> None:
    text = told("which one is muddy?", [*spectrum("a", low_mid=7.0), *spectrum("b")])
    assert "mix.wav: “muddy”" in text
    assert "b.wav: “muddy”" in text


def test_nothing_is_said_without_a_word_or_without_a_measurement() -> None:
    assert told("how loud is it?", spectrum()) == ""
    assert told("is it muddy?", [found("tempo.bpm", 120.0)]) == ""
    assert told("is it muddy?", []) == ""


def test_a_question_for_the_meaning_is_answered_without_any_measurement() -> None:
    assert "blurs bass" in told("What does muddy mean?", [])
    assert told("What does this mean?", []) == ""


def test_a_projects_own_word_is_told_as_it_was_read() -> None:
    own = Glossary.load([Term(name="dusty", means="a high cut at 8 kHz", own=True)])
    assert "read as “a high cut at 8 kHz”" in in_their_words("make it dusty", [], {}, own)


def test_a_projects_own_word_is_planned_as_what_it_means() -> None:
    own = Term(name="dusty", means="vinyl noise and a high cut at 8 kHz", own=True)
    mix = AssetRef(id="a" * 64, kind="audio", name="mix.wav", suffix="wav", size_bytes=9, seconds=9)
    for request, built in (("make it dusty", True), ("is it dusty?", False), ("not dusty!", False)):
        context = ProjectContext(
            project="lofi", thread="main", turn=1, request=request, assets=(mix,),
            attached=(mix.id,), terms=(own,),
        )  # fmt: skip
        steps = [step for task in Supervisor().plan(context).tasks for step in task.operations]
        cuts = [step.parameters.get("cutoff_hz") for step in steps if step.name == "lowpass"]
        assert cuts == ([8000.0] if built else [])
