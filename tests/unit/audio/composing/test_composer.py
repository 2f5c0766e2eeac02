from itertools import combinations

import pytest

from audio.composing.casting import cast
from audio.composing.composer import compose
from audio.composing.counting import (
    chord_tones,
    four_bar_melodies,
    in_key,
    out_of_range,
)
from audio.composing.form import sections_of
from audio.composing.plan import PiecePlan
from audio.composing.styles import Style, styles
from audio.songs.instruments import instrument_of
from audio.songs.song import Song

FORM = (("intro", "", 4), ("verse", "", 8), ("chorus", "", 8), ("verse", "", 8), ("chorus", "", 8))


def plan_of(style: str, scale: str = "A minor", seed: int = 1, meter: str = "") -> PiecePlan:
    habits: Style = styles()[style]
    return PiecePlan(
        title=style,
        identity=f"{style} {scale}",
        seed=seed,
        scale=scale,
        tempo=habits.tempo[1],
        meter=meter or habits.meter,
        style=style,
        sections=sections_of(FORM),
        parts=cast([(instrument_of(name), None) for name in habits.band]),
    )


def melody(plan: PiecePlan, song: Song) -> frozenset[object]:
    lead = next(part for part in plan.parts if part.role == "melody")
    track = song.track(lead.track)
    assert track is not None
    return frozenset(four_bar_melodies(track.notes, plan.meter_words.ticks))


@pytest.mark.parametrize("style", styles())
def test_every_style_plays_in_key_on_its_chords_and_in_range(style: str) -> None:
    plan = plan_of(style, "F# minor")

    song = compose(plan)

    assert in_key(song, plan.scale_words).value >= 0.9
    assert chord_tones(song, plan.meter_words).value >= 0.8
    assert out_of_range(song) == []
    assert all(track.notes for track in song.tracks)
    assert song.bars == 36


@pytest.mark.parametrize("meter", ["2/4", "3/4", "5/4", "6/8", "7/8", "9/8", "12/8", "11/8", "3/2"])
def test_every_meter_is_filled_to_its_last_bar(meter: str) -> None:
    plan = plan_of("pop", "C major", meter=meter)

    song = compose(plan)

    last = song.timeline.tick_of_bar(song.bars)
    assert chord_tones(song, plan.meter_words).value >= 0.8
    assert all(any(note.start >= last for note in track.notes) for track in song.tracks)


@pytest.mark.parametrize("mode", ["major", "dorian", "phrygian", "lydian", "mixolydian", "locrian"])
def test_every_mode_keeps_to_its_scale(mode: str) -> None:
    plan = plan_of("folk", f"Eb {mode}")

    assert in_key(compose(plan), plan.scale_words).value >= 0.9


def test_twenty_songs_share_no_four_bar_melody() -> None:
    plans = [plan_of(name, seed=seed) for name in list(styles())[:10] for seed in (1, 2)]

    shapes = [melody(plan, compose(plan)) for plan in plans]

    assert all(shapes)
    assert not any(one & other for one, other in combinations(shapes, 2))


def test_the_same_plan_gives_the_same_song_and_another_seed_another() -> None:
    plan = plan_of("jazz")

    assert compose(plan) == compose(plan)
    assert compose(plan) != compose(plan_of("jazz", seed=2))


def test_a_part_that_is_composed_anew_leaves_all_others_as_they_are() -> None:
    plan = plan_of("funk")
    newer = plan.model_copy(update={"revisions": {"chorus/bass": 1}})

    before, after = compose(plan), compose(newer)

    differing = [a.name for a, b in zip(before.tracks, after.tracks, strict=True) if a != b]
    old, new = before.track("Electric Bass"), after.track("Electric Bass")
    assert differing == ["Electric Bass"]
    assert old is not None and new is not None
    chorus = [one for one in before.sections if one.role == "chorus"]
    spans = [
        range(
            before.timeline.tick_of_bar(one.first_bar),
            before.timeline.tick_of_bar(one.last_bar + 1),
        )
        for one in chorus
    ]
    assert all(any(note.start in span for span in spans) for note in {*old.notes} ^ {*new.notes})


def test_a_chorus_that_comes_back_is_known_again() -> None:
    plan = plan_of("pop", "G major")
    song = compose(plan)
    lead = next(part for part in plan.parts if part.role == "melody")
    track = song.track(lead.track)
    assert track is not None
    starts = [
        song.timeline.tick_of_bar(one.first_bar) for one in song.sections if one.role == "chorus"
    ]
    heads = [
        [(n.start - at, n.pitch) for n in track.notes if at <= n.start < at + 1920] for at in starts
    ]

    assert heads[0] and heads[0] == heads[1]


def test_swing_plays_offbeats_late() -> None:
    song = compose(plan_of("jazz"))
    ride = song.tracks[-1]

    assert any(note.start % 480 == 320 for note in ride.notes)
    assert not any(note.start % 480 == 240 for note in ride.notes)


@pytest.mark.parametrize("band", [("flute",), ("flute", "drum kit"), ("electric bass", "drum kit")])
def test_a_small_band_is_silent_in_no_section(band: tuple[str, ...]) -> None:
    sections = sections_of((("intro", "", 4), ("chorus", "", 8), ("outro", "", 4)))
    parts = cast([(instrument_of(name), None) for name in band])
    plan = plan_of("pop").model_copy(update={"sections": sections, "parts": parts})

    song = compose(plan)

    bars = {note.start // plan.meter_words.ticks for track in song.tracks for note in track.notes}
    assert bars & {*range(4)} and bars & {*range(4, 12)} and bars & {*range(12, 16)}
