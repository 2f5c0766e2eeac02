import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import soundfile
from pydantic import JsonValue

from audio.assets import AssetRef
from grym_synth.cli import main
from grym_synth.result import TurnResult
from grym_synth.settings import Settings
from grym_synth.studio import Studio, open_studio
from tests.integration.boss.scripts import write_script
from tests.integration.models.tiny_ears import write_gama, write_wav2vec2
from tests.unit.audio.sounds import RATE, music

DESCRIBE = "Describe how this sounds"
SAID: dict[str, JsonValue] = {
    "answer": "A dance track at 77 BPM. The kick is dry and the chords are wide.",
    "times": 0,
}


@contextmanager
def studio_hearing(home: Path, model: str, **changes: object) -> Iterator[tuple[Studio, AssetRef]]:
    """A studio with a model that listens and instruments for all else, and a song in it."""
    given = {"home": home, "out": home / "out", "models": "instruments", "embedder": "lexical"}
    home.mkdir(exist_ok=True)
    song = home / "song.wav"
    soundfile.write(song, music(16), RATE)
    with open_studio(
        settings=Settings.model_validate({**given, "gama_model": model, **changes})
    ) as studio:
        (ref,) = studio.attach([(song, "audio")])
        yield studio, ref


def findings(result: TurnResult, aspect: str) -> list[tuple[JsonValue, str]]:
    return [(one.value, one.evidence) for one in result.findings if one.aspect == aspect]


@pytest.fixture(scope="module")
def turn(tmp_path_factory: pytest.TempPathFactory) -> tuple[TurnResult, list[str]]:
    home = tmp_path_factory.mktemp("listening") / "home"
    home.mkdir()
    script = write_script(home / "ear.jsonl", SAID)
    with studio_hearing(home, script) as (studio, song):
        result = studio.ask(DESCRIBE, (song,))
        return result, [one.model for one in studio.graph.values(
            studio.config("default", "main"))["thoughts"]]  # fmt: skip


def test_the_answer_tells_what_was_heard_beside_what_was_measured(
    turn: tuple[TurnResult, list[str]],
) -> None:
    result, models = turn

    assert result.exit_code == 0
    assert result.degraded == ()
    assert "The kick is dry and the chords are wide." in result.answer
    assert ("A dance track. The kick is dry and the chords are wide.", "heard") in findings(
        result, "heard.description"
    ) or ("The kick is dry and the chords are wide.", "heard") in findings(
        result, "heard.description"
    )
    assert len(models) >= 1
    assert models[0].startswith("scripted:")


def test_the_measured_tempo_is_believed_against_what_was_heard(
    turn: tuple[TurnResult, list[str]],
) -> None:
    result, _ = turn
    tempos = findings(result, "tempo.bpm")
    (conflict,) = [one for one in result.conflicts if one.aspect == "tempo.bpm"]

    assert (77.0, "heard") in tempos
    measured = next(one for one in result.findings
                    if (one.aspect, one.evidence) == ("tempo.bpm", "measured"))  # fmt: skip
    assert conflict.kept == measured.id
    assert conflict.status == "settled"


def test_a_checkpoint_that_breaks_costs_its_part_and_no_measurement(
    home: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "gama"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"model_type": "gama"}))
    with studio_hearing(home, f"gama:{folder}") as (studio, song):
        result = studio.ask(DESCRIBE, (song,))

    assert {task.status for task in result.tasks} == {"done"}
    assert findings(result, "tempo.bpm")[0][1] == "measured"
    assert not findings(result, "heard.description")
    (less,) = [one for one in result.degraded if one.role == "gama"]
    assert (less.wanted, less.used) == (f"gama:{folder}", "instruments")
    assert "safetensors" in less.why
    assert less.why in result.answer


def test_voices_are_found_before_their_words_are_read(
    home: Path, tmp_path: Path, recordings: Path
) -> None:
    speech, rate = soundfile.read(recordings / "speech" / "spk1_snt1.wav", dtype="float32")
    clip = tmp_path / "voice.wav"
    soundfile.write(clip, np.concatenate([np.zeros(3 * rate), speech, np.zeros(3 * rate)]), rate)
    folder = write_wav2vec2(tmp_path)
    script = write_script(tmp_path / "ear.jsonl", SAID)
    with studio_hearing(home, script, speech_model=f"transformers:{folder}") as (studio, _):
        result = studio.ask(DESCRIBE, studio.attach([(clip, "audio")]))

    ((spans, _),) = findings(result, "voice.spans")
    ((words, evidence),) = findings(result, "voice.words")
    ends = 3 + len(speech) / rate
    assert evidence == "heard"
    for found in (spans, words):
        assert isinstance(found, list)
        assert found
        for one in found:
            assert isinstance(one, list)
            assert all(isinstance(at, float) and 2.5 < at < ends + 0.5 for at in one[:2])


def test_a_speech_model_that_is_not_there_costs_only_the_words(
    home: Path, tmp_path: Path, recordings: Path
) -> None:
    clip = recordings / "speech" / "spk2_snt2.wav"
    script = write_script(tmp_path / "ear.jsonl", SAID)
    with studio_hearing(home, script, speech_model="transformers:nowhere") as (studio, _):
        result = studio.ask(DESCRIBE, studio.attach([(clip, "audio")]))

    assert findings(result, "heard.description")
    assert findings(result, "voice.spans")
    (less,) = result.degraded
    assert (less.role, less.wanted) == ("speech", "transformers:nowhere")
    assert {task.status for task in result.tasks} == {"done"}


def test_a_run_on_instruments_asks_no_model(home: Path, tmp_path: Path) -> None:
    script = write_script(tmp_path / "ear.jsonl", {"fault": "absent", "times": 0})
    with studio_hearing(home, script) as (studio, song):
        asked = studio.ask("What key is this in?", (song,))

    assert asked.degraded == ()
    assert {evidence for _, evidence in findings(asked, "key")} == {"measured"}


def test_a_script_that_cannot_be_read_is_refused_before_anything_is_done(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "ear.jsonl"
    script.write_text("no script")
    words = ["ask", DESCRIBE, "--home", str(home), "--model", f"gama=scripted:{script}"]

    with pytest.raises(SystemExit) as ended:
        main(words)

    assert ended.value.code == 2
    assert f"line 1 of the script {script}" in capsys.readouterr().err
    assert not home.exists()


def test_weights_that_vanish_between_turns_cost_the_description_alone(
    home: Path, tmp_path: Path
) -> None:
    (tmp_path / "tiny").mkdir()
    folder = write_gama(tmp_path / "tiny" / "gama")
    with studio_hearing(home, f"gama:{folder}") as (studio, song):
        shutil.rmtree(folder)
        result = studio.ask(DESCRIBE, (song,))

    assert {task.status for task in result.tasks} == {"done"}
    assert findings(result, "tempo.bpm")[0][1] == "measured"
    (less,) = [one for one in result.degraded if one.role == "gama"]
    assert less.why in result.answer


def test_a_model_that_cannot_be_opened_any_more_leaves_the_measurements(
    home: Path, tmp_path: Path
) -> None:
    script = tmp_path / "home" / "ear.jsonl"
    home.mkdir()
    write_script(script, SAID)
    with studio_hearing(home, f"scripted:{script}") as (studio, song):
        script.write_text("broken since")
        result = studio.ask(DESCRIBE, (song,))

    assert {task.status for task in result.tasks} == {"done"}
    assert findings(result, "tempo.bpm")[0][1] == "measured"
    (less,) = [one for one in result.degraded if one.role == "gama"]
    assert "line 1 of the script" in less.why


def test_samples_that_are_no_numbers_are_told_and_the_rest_is_heard(
    home: Path, tmp_path: Path
) -> None:
    samples = music(16).astype(np.float32)
    samples[RATE : RATE + 100] = np.nan
    clip = tmp_path / "torn.wav"
    soundfile.write(clip, samples, RATE, "FLOAT")
    script = write_script(tmp_path / "ear.jsonl", SAID)
    with studio_hearing(home, script) as (studio, _):
        result = studio.ask(DESCRIBE, studio.attach([(clip, "audio")]))

    assert findings(result, "heard.description")
    assert findings(result, "tempo.bpm")[0][1] == "measured"
    (less,) = [one for one in result.degraded if one.role == "gama"]
    assert "samples are not numbers" in less.why
    assert less.used == "instruments for a part"
