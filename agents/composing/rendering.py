"""The sound and the files of a session: stems, mix, MIDI, score, DAW session."""

import re
from collections.abc import Callable

import soundfile

from agents.composing.session import Session, written
from audio.assets import AssetRef, AssetStore
from audio.interchange.dawproject import AudioTrack, write_dawproject
from audio.interchange.midi import write_midi
from audio.interchange.musicxml import write_musicxml
from audio.songs.song import Song
from audio.synthesis.rendering import flac_bytes, render, wav_bytes
from audio.synthesis.synthesiser import Synthesiser
from memory.context import Word


class StemFile(Word):
    """One track's sound."""

    track: str
    ref: AssetRef
    gain_db: float
    """The track's own gain in the mix."""
    pan: float
    """-1 left … 1 right."""


class Rendered(Word):
    """A session as sound."""

    stems: tuple[StemFile, ...]
    mix: AssetRef
    gain_db: float
    """The gain that all stems were given, lest the mix clip."""
    synthesiser: str


class Exported(Word):
    """A session as files."""

    project: AssetRef
    midi: AssetRef
    score: AssetRef
    daw: AssetRef


def rendered(
    session: Session,
    synthesiser: Synthesiser,
    assets: AssetStore,
    progress: Callable[[float], None],
) -> Rendered:
    """Play a session: a 24-bit 48 kHz WAV file for each track, and their sum as FLAC.

    Args:
        session: what to play; a mix gain that it holds is kept.
        synthesiser: what to play it on.
        assets: where files go.
        progress: takes the share that is done.
    """
    names = [track.name for track in session.song.tracks]

    def tell(name: str) -> None:
        progress(names.index(name) / len(names))

    made = render(session.song, synthesiser, gain_db=session.mix_gain_db, tell=tell)
    stems = tuple(
        StemFile(
            track=stem.name,
            ref=assets.add_bytes(wav_bytes(stem.samples), "audio", file_name(stem.name, "wav")),
            gain_db=stem.stage.gain_db,
            pan=stem.stage.pan,
        )
        for stem in made.stems
    )
    mix = assets.add_bytes(flac_bytes(made.mix), "audio", "mix.flac")
    return Rendered(stems=stems, mix=mix, gain_db=made.gain_db, synthesiser=made.synthesiser)


def sealed(session: Session, made: Rendered) -> Session:
    """The session with the marks of its sound."""
    return session.model_copy(
        update={
            "stems": {one.track: one.ref.id for one in made.stems},
            "mix_gain_db": made.gain_db,
        }
    )


def exported(session: Session, made: Rendered, assets: AssetStore) -> Exported:
    """Write a session as MIDI, MusicXML, DAWproject and ``project.json``.

    The DAW's session holds the notes and, on muted tracks of their own, the stems: as it opens, the
    instruments of the DAW play; what was rendered is at hand beside them.
    """
    song = session.song
    sounds = [_sound(one, song, assets) for one in made.stems]
    return Exported(
        project=assets.add_bytes(written(session), "text", "project.json"),
        midi=assets.add_bytes(write_midi(song), "midi", "song.mid"),
        score=assets.add_bytes(write_musicxml(song), "score", "score.musicxml"),
        daw=assets.add_bytes(write_dawproject(song, sounds), "archive", "song.dawproject"),
    )


def _sound(stem: StemFile, song: Song, assets: AssetStore) -> AudioTrack:
    """A stem as a muted track; its clip ends with the last bar, what rings on can be drawn out."""
    samples, rate = soundfile.read(str(assets.path(stem.ref)), dtype="int32")
    return AudioTrack(
        name=f"{stem.track} (rendered)",
        file_name=file_name(stem.track, "flac"),
        content=flac_bytes(samples >> 8),
        sample_rate_hz=rate,
        channels=samples.shape[1],
        frames=len(samples),
        end_tick=song.ticks,
        muted=True,
    )


def file_name(track: str, suffix: str) -> str:
    """A track's name as a file's."""
    plain = re.sub(r"[^\w-]+", "-", track.casefold()).strip("-")
    return f"{plain or 'track'}.{suffix}"
