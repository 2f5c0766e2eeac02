import pytest

from agents.composing.brief import read_order
from agents.composing.order import ComposeOrder
from agents.composing.planning import plan_of
from grym_synth.errors import BadInput


def read(brief: str) -> ComposeOrder:
    return read_order({"brief": brief})


def form(order: ComposeOrder) -> list[tuple[str, int | None]]:
    return [(one.kind, one.bars) for one in order.form]


def band(order: ComposeOrder) -> list[str]:
    return [one.name for one in order.instruments]


def test_a_brief_in_words_is_understood() -> None:
    order = read(
        "A 32-bar house track called “Night Drive” in A minor at 124 bpm, intro 4, verse 8, "
        "chorus 8, verse 4, chorus 8, with piano, bass, drums. Seed 7."
    )

    assert (order.title, order.key, order.tempo, order.style) == (
        "Night Drive", "A minor", 124, "house",
    )  # fmt: skip
    assert form(order) == [("intro", 4), ("verse", 8), ("chorus", 8), ("verse", 4), ("chorus", 8)]
    assert band(order) == ["Piano", "Electric Bass", "Drum Kit"]
    assert (order.bars, order.seed) == (32, 7)


def test_a_brief_in_german_is_understood() -> None:
    order = read("Ein langsamer Walzer in a-Moll mit Klavier und Geige, 24 Takte, ohne Schlagzeug")

    assert (order.key, order.style, order.bars) == ("A minor", "waltz", 24)
    assert band(order) == ["Piano", "Violin"]
    assert order.without == ("Drum Kit",)
    assert plan_of(order).tempo < 110


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("intro 4, verse 8, chorus 8", [("intro", 4), ("verse", 8), ("chorus", 8)]),
        ("4-bar intro, 8-bar verse, 8 bars of chorus", [("intro", 4), ("verse", 8), ("chorus", 8)]),
        ("intro (4), verse 1 (16), chorus (8)", [("intro", 4), ("verse", 16), ("chorus", 8)]),
        ("intro of 4 bars, then a verse of 16 bars", [("intro", 4), ("verse", 16)]),
        ("verse 8, chorus 8 x2", [("verse", 8), ("chorus", 8), ("chorus", 8)]),
        ("Strophe 8, Refrain 8 Takte", [("verse", 8), ("chorus", 8)]),
        ("AABA, 32 bars", [("A", 8), ("A", 8), ("B", 8), ("A", 8)]),
        ("A (8 bars), B 8 bars, A 8", [("A", 8), ("B", 8), ("A", 8)]),
        ("intro 4, A 8, B 8, outro 4", [("intro", 4), ("A", 8), ("B", 8), ("outro", 4)]),
        ("AAB, 4 bars each", [("A", 4), ("A", 4), ("B", 4)]),
        ("12-bar blues, 3 choruses", [("verse", 12)] * 3),
        ("verse, chorus, verse", [("verse", None), ("chorus", None), ("verse", None)]),
    ],
)
def test_a_form_is_read_however_it_is_written(
    text: str, wanted: list[tuple[str, int | None]]
) -> None:
    assert form(read(f"Pop in C major: {text}, with piano")) == wanted


def test_a_section_with_a_name_of_the_user_s_own_stands_between_others() -> None:
    order = read("intro 4 bars, haze 8 bars, outro 4 bars, with piano")
    assert form(order) == [("intro", 4), ("haze", 8), ("outro", 4)]
    order = read("verse 8 bars, tempo 120, chorus 8 bars, with piano")
    assert (form(order), order.tempo) == ([("verse", 8), ("chorus", 8)], 120)


def test_chords_belong_to_the_section_that_they_are_named_with() -> None:
    order = read("reggae in G, verse 8: G C G D, chorus 8: Em | C | G D |, organ, bass and drums")

    assert [one.chords for one in order.form] == [("G", "C", "G", "D"), ("Em", "C", "G D")]
    assert order.key == "G major"


def test_numerals_are_chords_of_the_key() -> None:
    plan = plan_of(read("vi-IV-I-V pop progression in C with piano, verse 8, chorus 8"))

    assert plan.material("verse").chords == ("Am", "F", "C", "G")


def test_words_that_only_look_like_music_are_left_alone() -> None:
    order = read("A major hit for a rainy day, with piano, a dreamy mood and a soft sound")

    assert order.key is None
    assert band(order) == ["Piano"]


def test_names_of_styles_are_no_instruments() -> None:
    order = read("drum and bass at 174 bpm in F minor, pad and synth bass, no piano")

    assert (order.style, order.without) == ("drumandbass", ("Piano",))
    assert band(order) == ["Synth Pad", "Synth Bass"]


def test_a_brief_in_toml_is_understood() -> None:
    order = read(
        'title = "Rain"\nbpm = 90\nkey = "A minor"\nstyle = "hip hop"\n'
        'instruments = ["piano", "bass", {name = "flute", role = "melody"}]\n'
        '[[sections]]\nname = "Intro"\nbars = 4\n'
        '[[sections]]\nname = "Verse 1"\nbars = 8\nchords = "Am F C G"\n'
    )

    assert (order.title, order.tempo, order.style) == ("Rain", 90, "hiphop")
    assert form(order) == [("intro", 4), ("verse", 8)]
    assert order.form[1].name == "Verse 1" and order.form[1].chords == ("Am", "F", "C", "G")
    assert order.instruments[2].role == "melody"


@pytest.mark.parametrize(
    ("brief", "says"),
    [
        ("techno with kazoo, drums and bass", "kazoo"),
        ("instruments: piano, glockenflute and drums", "glockenflute"),
        ("a happy ukulele tune", "ukulele"),
        ("a pop song at 500 bpm", "out of range"),
        ("a pop song at 5 bpm", "out of range"),
        ("A 20-bar rock song: intro 4, verse 8, chorus 16", "don't add up"),
        ("a song in 4/5 time", "impossible"),
        ("", "empty"),
        ("tempo = 90\nkey = 'H moll\n", "TOML"),
        ("tempo = 90\ncolour = 'red'\n", "no such field"),
        ("tempo = 90\nkey = 'X minor'\n", "key"),
        ("tempo = 90\nstyle = 'polkacore'\n", "no style"),
        ("tempo = 90\ninstruments = ['kazoo']\n", "kazoo"),
        ("tempo = 90\nchords = 'Am Xq C'\n", "Xq"),
        ("tempo = 'fast'\n", "tempo"),
    ],
)
def test_what_is_impossible_is_refused_with_the_reason(brief: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        read(brief)


def test_a_key_that_only_chords_tell_is_found() -> None:
    assert (
        plan_of(read("disco with the progression Dm Bb C Am, strings and bass")).scale == "D minor"
    )


def test_dances_bring_their_meters() -> None:
    assert plan_of(read("a jazz waltz in Bb for piano")).meter == "3/4"
    assert plan_of(read("a jig in D for fiddle")).meter == "6/8"


def test_fields_beside_a_brief_hold_against_it() -> None:
    order = read_order({"brief": "house at 124 bpm", "tempo": 120, "seed": 3})

    assert (order.tempo, order.seed) == (120, 3)


def test_what_is_left_open_is_decided_the_same_way_each_time() -> None:
    order = read("something for piano and cello")

    assert plan_of(order) == plan_of(order)
    assert plan_of(order).bars > 8


@pytest.mark.parametrize("bars", [1, 3, 8, 13, 24, 37, 64, 128])
def test_a_number_of_bars_is_kept_exactly(bars: int) -> None:
    assert plan_of(read(f"a pop song of {bars} bars with piano")).bars == bars


def test_a_length_in_minutes_becomes_bars() -> None:
    plan = plan_of(read("2 minutes of ambient at 60 bpm in 4/4"))

    assert abs(plan.bars * 4 - 120) <= 8


def test_a_beat_in_a_key_is_more_than_a_kit() -> None:
    plan = plan_of(read_order({"brief": "write me an 8 bar 90 bpm boom bap beat in D minor"}))
    assert len(plan.parts) > 1
    alone = plan_of(read_order({"brief": "only a beat, 8 bars at 90 bpm"}))
    assert len(alone.parts) == 1
