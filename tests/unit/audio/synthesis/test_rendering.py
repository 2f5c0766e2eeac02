import io
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio.measure import measure
from audio.songs.song import PPQ, ChordSpan, Note, Song, SongSection, TempoMark, Track
from audio.synthesis.rendering import Rendering, flac_bytes, render, wav_bytes
from audio.synthesis.stems import TAIL_SECONDS
from audio.synthesis.synthesiser import RATE_HZ, Synthesiser
from grym_synth.errors import BadInput
from tests.unit.audio.interchange.songs import pop_song

BPM = 126.0


@pytest.fixture(scope="module")
def song() -> Song:
    return pop_song(bpm=BPM, bars=8)


@pytest.fixture(scope="module")
def rendering(song: Song) -> Rendering:
    return render(song, Synthesiser())


@pytest.fixture(scope="module")
def short() -> Song:
    """Bass and drums, two bars of each section."""
    song = pop_song(bpm=240, bars=4)
    return song.model_copy(update={"tracks": song.tracks[1:]})


def _bass_changed(song: Song, section: SongSection) -> Song:
    start = song.timeline.tick_of_bar(section.first_bar)
    end = song.timeline.tick_of_bar(section.last_bar + 1)
    bass = song.tracks[0]
    notes = tuple(
        one.model_copy(update={"pitch": one.pitch + 5}) if start <= one.start < end else one
        for one in bass.notes
    )
    return song.with_track(bass.model_copy(update={"notes": notes}))


def test_the_mix_is_the_sum_of_its_stems_and_does_not_clip(rendering: Rendering) -> None:
    total = np.sum([one.samples for one in rendering.stems], axis=0, dtype=np.int64)
    assert np.array_equal(total, rendering.mix)
    assert 10 ** (-12 / 20) < np.abs(rendering.mix).max() / 2**23 <= 10 ** (-1 / 20)


def test_stems_are_as_long_as_the_song_and_its_tail(song: Song, rendering: Rendering) -> None:
    frames = round(song.seconds * RATE_HZ) + round(TAIL_SECONDS * RATE_HZ)
    assert {len(one.samples) for one in rendering.stems} == {frames}
    assert not rendering.mix[-10:].any()


def test_a_changed_verse_bass_leaves_all_else_as_it_was(short: Song) -> None:
    before = render(short, Synthesiser())
    after = render(_bass_changed(short, short.sections[0]), Synthesiser(), gain_db=before.gain_db)
    (bass, drums), (new_bass, new_drums) = before.stems, after.stems
    assert np.array_equal(drums.samples, new_drums.samples)
    differs = np.flatnonzero((bass.samples != new_bass.samples).any(axis=1))
    end = short.timeline.seconds_at(short.timeline.tick_of_bar(short.sections[1].first_bar))
    assert differs.min() < 0.1 * RATE_HZ
    assert end * RATE_HZ < differs.max() < (end + TAIL_SECONDS) * RATE_HZ


def test_instruments_find_tempo_key_and_chords_of_what_was_played(
    song: Song, rendering: Rendering, tmp_path: Path
) -> None:
    path = tmp_path / "mix.flac"
    path.write_bytes(flac_bytes(rendering.mix))
    heard = {one.aspect: one.value for one in measure(path, ("tempo.bpm", "key", "chords"))}
    assert heard["tempo.bpm"] == pytest.approx(BPM, rel=0.01)
    assert heard["key"] == "C major"
    spans = heard["chords"]
    assert isinstance(spans, list)
    right = sum(_overlap(song, chord, span) for chord in song.chords for span in spans)
    assert right / song.seconds > 0.9


def _overlap(song: Song, chord: ChordSpan, span: object) -> float:
    """Seconds for which a chord is heard where it is."""
    assert isinstance(span, list)
    start, end = song.timeline.seconds_at(chord.start), song.timeline.seconds_at(chord.end)
    same = span[2] == chord.name
    return max(0.0, min(end, float(span[1])) - max(start, float(span[0]))) if same else 0.0


def test_files_hold_the_samples_in_24_bits(rendering: Rendering) -> None:
    for content in (wav_bytes(rendering.mix), flac_bytes(rendering.mix)):
        with soundfile.SoundFile(io.BytesIO(content)) as file:
            assert (file.samplerate, file.channels, file.subtype) == (48_000, 2, "PCM_24")
            assert np.array_equal(file.read(dtype="int32") >> 8, rendering.mix)


def test_a_loud_song_is_lowered_in_whole_steps_instead_of_clipping() -> None:
    notes = tuple(Note(start=0, length=PPQ, pitch=p, velocity=127) for p in range(60, 84))
    tracks = tuple(Track(name=f"Lead {i}", program=81, notes=notes) for i in range(2))
    loud = render(Song(bars=1, tempos=(TempoMark(bpm=200),), tracks=tracks), Synthesiser())
    assert loud.gain_db in (-3, -6, -9, -12, -15)
    assert np.abs(loud.mix).max() <= 2**23 * 10 ** (-1 / 20)


def test_a_song_that_fills_the_memory_is_refused_before_it_does() -> None:
    song = Song(bars=5000, tempos=(TempoMark(bpm=60),), tracks=(Track(name="Piano"),))
    with pytest.raises(BadInput, match="fewer bars"):
        render(song, Synthesiser())


def test_a_track_without_notes_is_silence_of_full_length() -> None:
    song = Song(bars=1, tempos=(TempoMark(bpm=200),), tracks=(Track(name="Piano"),))
    rendering = render(song, Synthesiser())
    assert not rendering.mix.any()
    assert len(rendering.mix) == round((song.seconds + TAIL_SECONDS) * RATE_HZ)


def test_a_caller_can_stop_between_tracks(short: Song) -> None:
    silent = short.model_copy(
        update={"tracks": tuple(one.model_copy(update={"notes": ()}) for one in short.tracks)}
    )
    told: list[str] = []

    def tell(name: str) -> None:
        told.append(name)
        if len(told) == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        render(silent, Synthesiser(), tell=tell)
    assert told == ["Electric Bass", "Drum Kit"]
