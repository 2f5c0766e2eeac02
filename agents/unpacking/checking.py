"""Hold what was written against what was found: every check reads the file that the user gets."""

from collections.abc import Iterator

from agents.unpacking.analysis import Analysis
from agents.unpacking.listening import Heard
from agents.unpacking.separating import METHOD, Stems
from agents.unpacking.session import grid_of, played_song
from agents.unpacking.writing import Written
from agents.workflows.checks import Check, compared, held, unchecked
from audio.assets import AssetRef, AssetStore
from audio.interchange.dawproject_reading import Session, read_dawproject
from audio.interchange.midi_reading import read_midi
from audio.interchange.musicxml_reading import read_musicxml
from audio.songs.song import PPQ, Song
from audio.truncation import missing_seconds

_LEAST_NULL_DB = -60.0
_ON_BEAT_SECONDS = 0.035
_MISSING_SECONDS = 0.1
_EXACT = ("wav", "flac", "aiff")
"""Formats whose headers give the exact length."""
_NULL = "RMS of harmonic plus percussive less the recording, all read back from their files"
_BACK = "read back from the file"


def check(
    analysis: Analysis, heard: Heard, stems: Stems, written: Written, assets: AssetStore
) -> tuple[Check, ...]:
    """All checks of an unpacked recording.

    Args:
        analysis: what is told of it.
        heard: its notes.
        stems: its parts.
        written: its files.
        assets: where they are.
    """
    return (
        _whole_check(analysis, assets),
        compared(
            "stems.sum",
            "Harmonic and percussive part add up to the recording",
            stems.residue_db,
            "<=",
            _LEAST_NULL_DB,
            f"{_NULL}; separated by {METHOD}",
            unit="dB",
        ),
        _model_check(stems),
        *_rhythm_checks(analysis),
        *_midi_checks(analysis, heard, written, assets),
        *_score_checks(heard, written, assets),
        *_session_checks(analysis, heard, written, assets),
    )


def _whole_check(analysis: Analysis, assets: AssetStore) -> Check:
    """Whether the file goes on to the end that its header promises."""
    ref = assets.ref(analysis.sha256)
    missing = missing_seconds(assets.path(ref))
    if ref.suffix.lower().strip(".") in _EXACT:
        missing = max(missing, (ref.seconds or 0.0) - analysis.seconds)
    return compared(
        "input.whole",
        "The recording goes on to the end that its header promises",
        round(max(missing, 0.0), 2),
        "<=",
        _MISSING_SECONDS,
        "length in the header against what is there",
        unit="s",
        why="the file breaks off: it was cut or copied in part; what is there was unpacked",
    )


def _model_check(stems: Stems) -> Check:
    """Whether a separation model told the instruments apart."""
    what, method = "A separation model tells voices and instruments apart", "its files are there"
    if stems.no_model:
        return unchecked("stems.model", what, method, stems.no_model)
    return held("stems.model", what, bool(stems.by_model), method, measured=len(stems.by_model))


def _rhythm_checks(analysis: Analysis) -> Iterator[Check]:
    """The grid of the files against the beats that were heard."""
    what = "The beats that were heard lie on the beats of the session"
    beats = analysis.times("beats")
    if not beats:
        yield unchecked("grid.beats", what, "", analysis.facts["beats"].method)
        return
    grid = grid_of(analysis)
    timeline = grid.timeline
    on = sum(
        abs(timeline.seconds_at(round(tick / PPQ) * PPQ) + grid.offset - beat) <= _ON_BEAT_SECONDS
        for beat in beats
        for tick in (timeline.tick_at(beat - grid.offset) - grid.first_downbeat % PPQ,)
    )
    yield compared(
        "grid.beats",
        what,
        round(on / len(beats), 4),
        ">=",
        0.95,
        f"share of the beats within {_ON_BEAT_SECONDS * 1000:.0f} ms of the tempo map",
    )


def _midi_checks(
    analysis: Analysis, heard: Heard, written: Written, assets: AssetStore
) -> Iterator[Check]:
    what = "The transcription holds the notes that were heard, when they were heard"
    if written.midi is None:
        yield unchecked("midi.notes", what, "", written.no_midi)
        return
    song = _midi(written.midi, assets)
    expected = played_song(analysis, heard, song.title, on_grid=False)
    same = _notes(song) == _notes(expected)
    count = sum(len(one.notes) for one in song.tracks)
    yield held("midi.notes", what, same, _BACK, measured=count, why="notes differ")
    bpm = analysis.number("tempo")
    what = "The transcription has the tempo that was measured"
    if bpm is None:
        yield unchecked("midi.tempo", what, "", analysis.facts["tempo"].method)
        return
    if not grid_of(analysis).even:
        reason = "the performance drifts: the transcription has a tempo for each beat"
        yield unchecked("midi.tempo", what, _BACK, reason)
        return
    yield compared(
        "midi.tempo",
        what,
        song.tempos[0].bpm,
        "==",
        bpm,
        _BACK,
        unit="BPM",
        tolerance=round(0.01 * bpm, 3),
        why="it has another one",
    )


def _score_checks(heard: Heard, written: Written, assets: AssetStore) -> Iterator[Check]:
    what = "The lead sheet can be read, and holds the melody"
    if written.score is None:
        yield unchecked("score.notes", what, "", written.no_score)
        return
    song = read_musicxml(assets.path(written.score).read_bytes(), written.score.name)
    count = sum(len(one.notes) for one in song.tracks)
    least = round(0.8 * len(heard.melody))
    why = f"of {len(heard.melody)} notes heard, {count} are written"
    yield compared(
        "score.notes", what, float(count), ">=", float(least), _BACK, unit="notes", why=why
    )


def _session_checks(
    analysis: Analysis, heard: Heard, written: Written, assets: AssetStore
) -> Iterator[Check]:
    content = assets.path(written.session).read_bytes()
    session = read_dawproject(content, written.session.name)
    song = played_song(analysis, heard, session.song.title, on_grid=True)
    yield held(
        "session.notes",
        "The session holds the same notes, tempo and meter",
        (_notes(session.song), session.song.tempos, session.song.meters)
        == (_notes(song), song.tempos, song.meters),
        _BACK,
        measured=sum(len(one.notes) for one in session.song.tracks),
        why="notes, tempo or meter differ",
    )
    begins = [one.first_bar for one in session.song.sections]
    yield held(
        "session.markers",
        "The session has a marker for each section that was found",
        begins == [one.first_bar for one in song.sections],
        _BACK,
        measured=len(begins),
        why="markers differ",
    )
    yield _audio_check(session, analysis)


def _audio_check(session: Session, analysis: Analysis) -> Check:
    """Where the recording lies in the session."""
    grid = grid_of(analysis)
    start = session.audio[0].start if session.audio else None
    seconds = None if start is None else session.song.timeline.seconds_at(start * PPQ)
    away = None if seconds is None else round(abs(seconds + grid.offset) * 1000, 3)
    return compared(
        "session.audio",
        "The recording lies in the session so that its beats are on the grid",
        away,
        "<=",
        2.0,
        "start of its clip, read back, against the tempo map",
        unit="ms",
        why="there is no recording in it" if start is None else "it is off the grid",
    )


def _midi(ref: AssetRef, assets: AssetStore) -> Song:
    return read_midi(assets.path(ref).read_bytes(), ref.name)


def _notes(song: Song) -> list[tuple[str, int, int, int]]:
    return sorted(
        (track.name, one.start, one.length, one.pitch)
        for track in song.tracks
        for one in track.notes
    )
