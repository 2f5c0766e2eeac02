import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile
from langgraph.checkpoint.memory import InMemorySaver
from pydantic import JsonValue

from agents.mastering.replaying import replay
from agents.mastering.steps import Chain
from audio.loudness import Doubles
from graph.state import Context
from graph.workflows.master import graph
from grym_synth.errors import BadInput, SoundUnusable
from grym_synth.settings import Settings
from grym_synth.studio import Studio, open_studio
from memory.context import Report

RATE = 44100
QUICK: dict[str, JsonValue] = {"targets": ["streaming"], "formats": ["wav"]}


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    home = tmp_path_factory.mktemp("home")
    with open_studio(settings=Settings(home=home, embedder="lexical")) as opened:
        yield opened


def stem(number: int, seconds: float = 3.0, rate: int = RATE) -> Doubles:
    """A part of a song: noise in a band of its own, beaten twice a second."""
    random, time = np.random.default_rng(number), np.arange(int(seconds * rate)) / rate
    beat = 0.05 + np.exp(-(time % 0.5) / (0.03 * (number + 1)))
    noise = np.convolve(random.standard_normal(len(time)), np.ones(3 * number + 1), "same")
    pair = np.stack((noise * beat, np.roll(noise, 40) * beat), axis=1)
    return np.asarray(0.5 * pair / np.abs(pair).max())


def written(folder: Path, name: str, samples: Doubles, rate: int = RATE) -> Path:
    soundfile.write(folder / name, samples, rate, subtype="PCM_24" if "wav" in name else None)
    return folder / name


def master(
    studio: Studio, files: Sequence[Path], parameters: dict[str, JsonValue]
) -> tuple[Report, dict[str, Path]]:
    """Master files and return the report, with each of its files by name."""
    refs = [studio.deps.assets.add(one) for one in files]
    workflow = graph.copy()
    workflow.store, workflow.checkpointer = studio.deps.store, InMemorySaver()
    values = workflow.invoke(
        {"files": tuple(one.id for one in refs), "parameters": parameters},
        {"configurable": {"thread_id": "1"}},
        context=Context(),
    )
    report: Report = values["reports"][0]
    assets = studio.deps.assets
    return report, {one.name: assets.path(assets.ref(one.id)) for one in report.artifacts}


def unmet(report: Report) -> list[str]:
    return [one.aspect for one in report.criteria if not one.met]


def test_stems_become_masters_that_meet_every_check_and_can_be_replayed(
    studio: Studio, tmp_path: Path
) -> None:
    drums = stem(0) + 0.02
    files = [
        written(tmp_path, "drums.wav", drums),
        written(tmp_path, "bass.flac", stem(6, rate=48000), 48000),
        written(tmp_path, "keys.wav", stem(2)[:, :1]),
    ]
    asked: dict[str, JsonValue] = {"targets": ["streaming", "broadcast"], "title": "Night Drive"}
    report, made = master(studio, files, asked)
    assert unmet(report) == []
    assert {one.folder for one in report.artifacts} == {
        "Night Drive", "Night Drive/masters", "Night Drive/pictures"
    }  # fmt: skip
    control = json.loads(made["qc.json"].read_text())
    assert [(one["kind"], one["name"]) for one in control["faults"]] == [
        ("dc", "drums.wav"), ("sample_rate", "bass.flac")
    ]  # fmt: skip
    chain = Chain.model_validate_json(made["chain.json"].read_text())
    sources = {studio.deps.assets.add(one).id: one for one in files}
    again = replay(chain, lambda id_: sources[id_], tmp_path)
    assert len(again) == 6
    for path in again:
        assert path.read_bytes() == made[path.name].read_bytes(), path.name


def test_a_second_run_gives_the_same_files(studio: Studio, tmp_path: Path) -> None:
    mix = written(tmp_path, "song.wav", stem(1))
    first, _ = master(studio, [mix], QUICK)
    second, _ = master(studio, [mix], QUICK)
    assert [one.id for one in first.artifacts] == [one.id for one in second.artifacts]


def test_a_loudness_out_of_reach_is_not_met_and_told(studio: Studio, tmp_path: Path) -> None:
    mix = written(tmp_path, "song.wav", stem(1))
    asked: dict[str, JsonValue] = {**QUICK, "targets": ["-6"], "most_reduction_db": 3}
    report, made = master(studio, [mix], asked)
    assert unmet(report) == ["6lufs.wav.loudness", "6lufs.wav.loudness.second"]
    told = json.loads(made["report.json"].read_text())
    assert told["status"] == "not_met"
    assert "3 dB" in told["checks"][0]["why"]
    assert "is the most that it reaches" in told["checks"][0]["why"]


def test_a_reference_draws_tonal_balance_nearer(studio: Studio, tmp_path: Path) -> None:
    dull = written(tmp_path, "dull.wav", stem(4))
    bright = written(tmp_path, "bright.wav", stem(0))
    reference = studio.deps.assets.add(bright).id
    asked: dict[str, JsonValue] = {**QUICK, "reference": reference}
    report, made = master(studio, [dull, bright], asked)
    told = json.loads(made["report.json"].read_text())
    before, after = told["comparison"][0]["balance_db"]
    assert after < before - 0.5
    assert [one["name"] for one in told["inputs"]] == ["dull.wav"]
    assert unmet(report) == []


@pytest.mark.parametrize(("rate", "out"), [(8000, 48000), (22050, 44100), (96000, 96000)])
def test_a_mono_mix_stays_mono_at_a_rate_that_is_delivered(
    studio: Studio, tmp_path: Path, rate: int, out: int
) -> None:
    mix = written(tmp_path, "mono.wav", stem(1, 2.0, rate)[:, :1], rate)
    report, made = master(studio, [mix], {**QUICK, "targets": ["broadcast"]})
    header = soundfile.info(str(made["mono-broadcast.wav"]))
    assert (header.samplerate, header.channels) == (out, 1)
    assert unmet(report) == []


def test_what_is_too_short_for_a_loudness_is_not_met_but_made(
    studio: Studio, tmp_path: Path
) -> None:
    mix = written(tmp_path, "click.wav", stem(1, 0.3))
    report, made = master(studio, [mix], QUICK)
    assert "streaming.wav.loudness" in unmet(report)
    assert "click-streaming.wav" in made


def test_files_that_can_not_be_mixed_are_refused_in_words(studio: Studio, tmp_path: Path) -> None:
    surround = written(tmp_path, "surround.wav", np.tile(stem(1), (1, 3)))
    with pytest.raises(BadInput, match=r"surround\.wav: it has 6 channels"):
        master(studio, [surround], QUICK)
    silence = written(tmp_path, "silence.wav", np.zeros((RATE, 2)))
    with pytest.raises(SoundUnusable, match="nothing but silence"):
        master(studio, [silence], QUICK)
    with pytest.raises(BadInput, match="1 to 24"):
        master(studio, [], QUICK)
    with pytest.raises(BadInput, match="no target"):
        master(studio, [written(tmp_path, "song.wav", stem(1))], {"targets": ["louder"]})
