import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.sqlite import SqliteSaver
from pydantic import JsonValue

from agents.unpacking.separating import residue_db
from audio.interchange.dawproject_reading import read_dawproject
from audio.interchange.midi_reading import read_midi
from audio.interchange.musicxml_reading import read_musicxml
from audio.transcribing.notes import HeardNote
from evals.notes import compare
from graph.state import Context
from graph.workflows.state import Handed
from graph.workflows.unpack import graph
from grym_synth.errors import BadInput, MediaRejected
from grym_synth.settings import Settings
from grym_synth.studio import Studio, open_studio
from memory.context import Report
from tests.unit.audio.transcribing.instruments import RATE, bowed, line, played, plucked, written

BEAT = 0.5
MELODY = [72, 76, 79, 76, 74, 77, 81, 77, 72, 76, 79, 84, 79, 74, 71, 72] * 2
BASS = [36, 41, 43, 36] * 2


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    home = tmp_path_factory.mktemp("home")
    with open_studio(settings=Settings(home=home, embedder="lexical")) as opened:
        yield opened


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixteen seconds at 120 BPM: a melody in quarters over a bass note in each bar."""
    melody = played(line(MELODY, [BEAT] * 32), plucked, 16.5)
    bass = played(line(BASS, [4 * BEAT] * 8), bowed, 16.5)
    return written(tmp_path_factory.mktemp("song"), melody + 0.7 * bass, "night drive.wav")


def unpack(studio: Studio, path: Path, **parameters: JsonValue) -> Report:
    asset = studio.deps.assets.add(path)
    thread: RunnableConfig = {"configurable": {"thread_id": asset.id}}
    graph.store = studio.deps.store
    with SqliteSaver.from_conn_string(":memory:") as saver:
        graph.checkpointer = saver
        given: Handed = {"files": (asset.id,), "parameters": dict(parameters)}
        values = graph.invoke(given, thread, context=Context())
    return Report.model_validate(values["reports"][0])


@pytest.fixture(scope="module")
def report(studio: Studio, song: Path) -> Report:
    return unpack(studio, song, pictures=False)


def content(studio: Studio, report: Report, name: str) -> bytes:
    found = next(one for one in report.artifacts if one.name == name)
    return studio.deps.assets.path(studio.deps.assets.ref(found.id)).read_bytes()


def test_all_files_of_a_session_lie_in_its_folder(report: Report) -> None:
    assert {(one.folder, one.name) for one in report.artifacts} == {
        ("night drive", "analysis.json"),
        ("night drive", "song.dawproject"),
        ("night drive", "transcription.mid"),
        ("night drive", "leadsheet.musicxml"),
        ("night drive/stems", "harmonic.wav"),
        ("night drive/stems", "percussive.wav"),
        ("night drive", "report.json"),
        ("night drive", "report.md"),
    }


def test_every_check_is_met_and_says_how_it_was_made(report: Report, studio: Studio) -> None:
    told = json.loads(content(studio, report, "report.json"))
    assert told["status"] == "done"
    assert all(one["method"] for one in told["checks"])
    assert all(one.met for one in report.criteria)


def test_the_analysis_tells_tempo_and_key_with_method_and_confidence(
    report: Report, studio: Studio
) -> None:
    told = json.loads(content(studio, report, "analysis.json"))
    assert told["tempo"]["value"] == pytest.approx(120, rel=0.01)
    assert told["key"]["value"] in ("C major", "A minor")
    for name in ("tempo", "beats", "downbeats", "key", "chords", "sections", "true_peak"):
        assert told[name]["method"]
        assert 0 <= told[name]["confidence"] <= 1


def test_the_transcription_sounds_when_the_recording_does(report: Report, studio: Studio) -> None:
    song = read_midi(content(studio, report, "transcription.mid"))
    melody = song.track("Melody")
    assert melody is not None
    time = song.timeline
    heard = [
        HeardNote(
            start=time.seconds_at(one.start), end=time.seconds_at(one.end), pitch=one.pitch,
            strength=1.0,
        )
        for one in melody.notes
    ]  # fmt: skip
    assert song.tempos[0].bpm == pytest.approx(120, rel=0.01)
    assert compare("melody", line(MELODY, [BEAT] * 32), heard).onset_f >= 0.9


def test_the_lead_sheet_holds_the_melody_in_quarters(report: Report, studio: Studio) -> None:
    song = read_musicxml(content(studio, report, "leadsheet.musicxml"))
    lengths = [one.length for one in song.tracks[0].notes]
    assert lengths.count(480) >= 0.8 * len(lengths)
    assert song.chords


def test_the_session_holds_the_recording_and_the_notes(report: Report, studio: Studio) -> None:
    session = read_dawproject(content(studio, report, "song.dawproject"))
    assert [one.path for one in session.audio] == ["audio/recording.wav"]
    assert session.song.track("Melody") is not None
    assert session.song.tempos[0].bpm == pytest.approx(120, rel=0.01)


def test_the_stems_add_up_to_the_recording(report: Report, studio: Studio, song: Path) -> None:
    stems = [one for one in report.artifacts if one.folder.endswith("stems")]
    assets = studio.deps.assets
    assert residue_db(song, [assets.path(assets.ref(one.id)) for one in stems]) < -120


def test_the_same_recording_gives_the_same_files(
    report: Report, studio: Studio, song: Path
) -> None:
    again = unpack(studio, song, pictures=False)
    assert [one.id for one in again.artifacts] == [one.id for one in report.artifacts]


def test_silence_is_refused_in_one_sentence(studio: Studio, tmp_path: Path) -> None:
    path = written(tmp_path, np.zeros(5 * RATE), "silence.wav")
    with pytest.raises(BadInput, match="it is silent"):
        unpack(studio, path)


def test_half_a_second_is_refused_before_any_work(studio: Studio, tmp_path: Path) -> None:
    path = written(tmp_path, played(line([60], [0.5]), plucked, 0.5), "blip.wav")
    with pytest.raises(BadInput, match=r"it lasts 0.50 s, 2 s are needed"):
        unpack(studio, path)


def test_a_corrupt_file_is_refused(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "broken.flac"
    path.write_bytes(b"fLaC" + bytes(3000))
    with pytest.raises(MediaRejected):
        unpack(studio, path)


def test_of_noise_nothing_musical_is_told(studio: Studio, tmp_path: Path) -> None:
    noise = 0.1 * np.random.default_rng(5).standard_normal(10 * RATE)
    soundfile.write(tmp_path / "hiss.wav", noise, RATE)
    report = unpack(studio, tmp_path / "hiss.wav", pictures=False)
    told = json.loads(content(studio, report, "analysis.json"))
    for name in ("tempo", "beats", "meter", "key", "chords"):
        assert told[name]["value"] is None
        assert told[name]["method"]
    assert all(one.name != "transcription.mid" for one in report.artifacts)
    assert report.failure is None
