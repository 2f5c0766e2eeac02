"""What users state of a project, read as typed words."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.assets import AssetRef
from memory.filing.stating import read_deadline, read_element, read_section

LOOP = AssetRef(id="ab" * 32, kind="audio", name="dusty loop.wav", suffix="wav", size_bytes=1)


@pytest.mark.parametrize(
    ("text", "name", "bars", "seconds"),
    [
        ("chorus: bars 17-32", "chorus", (17, 32), (None, None)),
        ("the chorus is bars 17 to 32", "chorus", (17, 32), (None, None)),
        ("main theme, bars 1–8", "main theme", (1, 8), (None, None)),
        ("pre-chorus bar 9", "pre-chorus", (9, 9), (None, None)),
        ("drop: bars 32-17", "drop", (17, 32), (None, None)),
        ("opening: first 8 bars", "opening", (1, 8), (None, None)),
        ("intro 0:00-0:12", "intro", (None, None), (0.0, 12.0)),
        ("bridge from 1:04 to 1:20", "bridge", (None, None), (64.0, 80.0)),
        ("verse 2: 12-24 s", "verse 2", (None, None), (12.0, 24.0)),
        ("solo = 12.5 s to 20 s", "solo", (None, None), (12.5, 20.0)),
        ("part two at 1:02:03", "part two", (None, None), (3723.0, None)),
        ("Outro (0:50-1:10)", "Outro", (None, None), (50.0, 70.0)),
        ("verse 1", "verse 1", (None, None), (None, None)),
    ],
)
def test_a_section_has_its_name_and_its_span(
    text: str,
    name: str,
    bars: tuple[int | None, int | None],
    seconds: tuple[float | None, float | None],
) -> None:
    section = read_section(text)
    assert (section.name, section.text) == (name, text)
    assert (section.first_bar, section.last_bar) == bars
    assert (section.start, section.end) == seconds


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Intro: bars 1-4", "introduction"),
        ("outro: bars 60-64", "conclusion"),
        ("rain: bars 1-8, the introduction", "introduction"),
        ("coda", "conclusion"),
        ("chorus", "main"),
    ],
)
def test_a_sections_role_is_its_name_or_what_is_said(text: str, role: str) -> None:
    assert read_section(text).role == role


@pytest.mark.parametrize(
    ("text", "name", "kind", "section", "assets"),
    [
        ("drums: dusty loop.wav, in the Chorus", "drums", "track", "chorus", (LOOP.id,)),
        ("vocal chain: EQ, then compression", "vocal chain", "effects_chain", "", ()),
        ("kick sample", "kick sample", "sample", "", ()),
        ("reverb settings: 1.2 s", "reverb settings", "parameters", "", ()),
        ("bass", "bass", "track", "", ()),
    ],
)
def test_an_element_knows_its_kind_its_section_and_its_files(
    text: str, name: str, kind: str, section: str, assets: tuple[str, ...]
) -> None:
    element = read_element(text, [read_section("chorus: bars 1-8")], [LOOP])
    assert (element.name, element.kind, element.section, element.assets) == (
        name,
        kind,
        section,
        assets,
    )


def test_a_deadline_says_what_is_due_and_when() -> None:
    today = date(2026, 11, 23)
    mix, soon = read_deadline("mixing by Friday", today), read_deadline("as soon as you can", today)
    assert (mix.what, mix.date) == ("mix", "2026-11-27")
    assert (soon.what, soon.date, soon.text) == ("", None, "as soon as you can")


@given(st.text(max_size=80))
def test_no_words_break_the_reading_and_each_has_a_name(text: str) -> None:
    assert read_section(text).text == text
    assert bool(read_element(text).name) == bool(text.strip())
