import pytest
from pydantic import JsonValue

from audio.aspects import ASPECTS
from audio.axes import Axes, Axis, PlotBox
from memory.context import AgentName, Finding, Subject
from memory.glossary.glossary import Glossary
from memory.glossary.translation import View, translate

SPECTROGRAM = Axes(
    kind="spectrogram",
    plot=PlotBox(left=50, top=10, width=800, height=400),
    x=Axis(quantity="time", unit="s", low=0, high=160),
    y=Axis(quantity="frequency", unit="Hz", scale="log", low=40, high=16_000),
)
VIEW = View(Glossary.load(), sample_rate_hz=48_000, axes=SPECTROGRAM)
PLAIN = View(Glossary.load())


def found(
    aspect: str, value: JsonValue, start: float | None = None, end: float | None = None
) -> Finding:
    return Finding.make(
        Subject(kind="asset", id="a" * 64, start=start, end=end),
        aspect,
        value,
        unit=ASPECTS[aspect].unit,
        evidence="measured",
        source="gama/meter@1",
        method="",
        confidence=1.0,
    )


def test_one_word_is_told_to_the_ear_to_the_eye_and_in_code() -> None:
    assert "blur together" in translate("the mix is muddy", "gama", VIEW)
    seen = translate("the mix is muddy", "qwen_vl", VIEW)
    assert "200-500 Hz" in seen
    assert "brighter" in seen
    coded = translate("the mix is muddy", "coder", VIEW)
    assert "spectrum.band_db.low_mid (dB) too high" in coded


def test_a_band_becomes_pixel_rows_of_the_picture_at_hand() -> None:
    top, bottom = SPECTROGRAM.pixel_at(0, 500).y, SPECTROGRAM.pixel_at(0, 200).y
    assert f"pixel rows {top:.0f} to {bottom:.0f}" in translate("muddy", "qwen_vl", VIEW)
    assert "pixel rows" not in translate("muddy", "qwen_vl", PLAIN)
    assert "outside this picture" in translate("air band", "qwen_vl", narrowed(8000))


def narrowed(high_hz: float) -> View:
    low = SPECTROGRAM.y.model_copy(update={"high": high_hz})
    return View(VIEW.glossary, axes=SPECTROGRAM.model_copy(update={"y": low}))


def test_a_denied_word_is_marked_so() -> None:
    assert translate("not boxy", "gama", VIEW).startswith("boxy (denied")


def test_each_term_has_one_line_and_small_talk_none() -> None:
    assert len(translate("muddy mud, harsh, and muddy", "coder", VIEW).splitlines()) == 2
    assert translate("thank you", "coder", VIEW) == ""


@pytest.mark.parametrize(
    ("finding", "told"),
    [
        (found("loudness.true_peak_dbtp", -6.0), "linear 0.5012"),
        (found("tempo.bpm", 120.0), "a beat lasts 0.5000 s = 24000.0 samples"),
        (found("silence.start_seconds", 0.25), "12000 samples at 48000 Hz"),
        (found("hum.hz", 50.0), "G1 +35 cents"),
        (found("key", "F# minor"), "pitch class 6 (0 = C), minor"),
        (found("dynamics.crest_db", 9.0, 1.0, 2.5), "samples 48000 to 120000"),
        (found("hum.hz", None), "hum.hz = none"),
    ],
)
def test_findings_reach_the_coder_in_code_units(finding: Finding, told: str) -> None:
    assert told in translate(finding, "coder", VIEW)


def test_findings_reach_the_ear_with_the_word_that_fits() -> None:
    told = translate(found("dynamics.crest_db", 5.0, 64, 80), "gama", VIEW)
    assert "squashed" in told
    assert "from 1:04.0 to 1:20.0" in told


def test_findings_reach_the_eye_with_their_place_in_the_picture() -> None:
    told = translate(found("spectrum.band_db.low_mid", -8.0, 40.0, 80.0), "qwen_vl", VIEW)
    assert "pixel columns 250 to 450" in told
    line = round(SPECTROGRAM.pixel_at(0, 50).y)
    rows = translate(found("hum.hz", 50.0), "qwen_vl", VIEW).rpartition("pixel rows ")[2]
    top, bottom = map(int, rows.rstrip(")").split(" to "))
    assert top <= line <= bottom


@pytest.mark.parametrize("agent", ["gama", "qwen_vl", "coder"])
def test_every_term_can_be_told_to_every_specialist(agent: AgentName) -> None:
    silent = [
        term.name
        for term in VIEW.glossary.terms
        if not translate(term.name, agent, VIEW).startswith(f"{term.name}: ")
    ]
    assert silent == []
