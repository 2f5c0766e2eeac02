import pytest

from audio.composing.harmonising import harmonised, named_chords
from audio.composing.meters import Meter, meter_of
from audio.composing.numerals import named
from audio.composing.scales import scale_of
from audio.composing.sketching import sketch_of, transposition
from audio.songs.song import Note, Song, TempoMark, Track
from grym_synth.errors import BadInput

FOUR = Meter(4, 4)
TUNE = (60, 64, 67, 64, 65, 69, 72, 69, 67, 71, 74, 71, 72, 67, 64, 60)


def song(*tracks: Track) -> Song:
    return Song(bars=8, tempos=(TempoMark(bpm=96),), tracks=tracks)


def line(pitches: tuple[int, ...], start: int = 0) -> tuple[Note, ...]:
    return tuple(
        Note(start=start + 480 * place, length=480, pitch=pitch)
        for place, pitch in enumerate(pitches)
    )


def triads(*roots: tuple[int, int, int]) -> tuple[Note, ...]:
    return tuple(
        Note(start=1920 * bar, length=1920, pitch=pitch)
        for bar, chord in enumerate(roots)
        for pitch in chord
    )


def test_a_melody_is_harmonised_by_the_chords_that_it_outlines() -> None:
    assert harmonised(line(TUNE), scale_of("C major"), FOUR, 4) == ("C", "F", "G", "C")


def test_chords_of_a_sketch_are_named() -> None:
    notes = triads((57, 60, 64), (53, 57, 60), (60, 64, 67), (55, 59, 62))

    assert named_chords(notes, FOUR, 4) == ("Am", "F", "C", "G")


def test_a_sketch_begins_with_its_first_bar_and_tells_key_tempo_and_roles() -> None:
    read = sketch_of(
        song(
            Track(name="Tune", notes=line(TUNE, start=1920)),
            Track(name="Bass", notes=line((36, 36, 41, 43), start=1920)),
            Track(name="Kit", is_drums=True, notes=line((36, 38), start=1920)),
        )
    )

    assert (read.bars, read.tempo, read.scale.name) == (4, 96, "C major")
    assert set(read.parts) == {"melody", "bass", "drums"}
    assert read.line[0].start == 0 and len(read.line) == 16


def test_a_sketch_moves_to_the_key_that_is_wanted_by_the_shortest_way() -> None:
    read = sketch_of(song(Track(name="Tune", notes=line(TUNE))))

    assert transposition(read, scale_of("D major")) == 2
    assert transposition(read, scale_of("Bb major")) == -2
    assert transposition(read, scale_of("A minor")) == 0


def test_a_sketch_without_pitches_is_refused() -> None:
    with pytest.raises(BadInput, match="no pitched notes"):
        sketch_of(song(Track(name="Kit", is_drums=True, notes=line((36, 38)))))


@pytest.mark.parametrize(
    ("text", "scale", "name"),
    [("vi", "C major", "Am"), ("V7/ii", "C major", "A7"), ("VI", "A minor", "F"),
     ("iiø7", "A minor", "Bm7b5"), ("bVII", "D major", "C"), ("Gmaj7", "C major", "Gmaj7")],
)  # fmt: skip
def test_numerals_are_chords_of_their_scale(text: str, scale: str, name: str) -> None:
    assert named(text, scale_of(scale)) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [("a-Moll", "A minor"), ("H-Moll", "B minor"), ("B-Dur", "Bb major"), ("Bbm", "Bb minor"),
     ("Es-Dur", "Eb major"), ("E flat major", "Eb major"), ("F#m", "F# minor"), ("C", "C major"),
     ("G Mixolydian", "G mixolydian")],
)  # fmt: skip
def test_keys_are_read_as_musicians_write_them(text: str, name: str) -> None:
    assert scale_of(text).name == name


@pytest.mark.parametrize("text", ["4/5", "0/4", "40/4", "4", "x/4", ""])
def test_an_impossible_meter_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="impossible"):
        meter_of(text)


def test_beats_of_odd_meters_are_grouped() -> None:
    seven = meter_of("7/8").beats

    assert [beat.length for beat in seven] == [480, 480, 720]
    assert meter_of("5/4").strong_ticks == (0, 1440)
    assert meter_of("6/8").strong_ticks == (0, 720)
