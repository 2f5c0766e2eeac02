from pathlib import Path

import numpy as np
import pytest
import soundfile

from agents.coder import Coder
from agents.contexts.coder import coder_slice
from agents.judging.criteria import judge
from agents.sandbox.choose import open_runner
from audio.assets import AssetStore
from grym_synth.errors import SandboxRefused
from grym_synth.settings import MediaLimits
from memory.context import Criterion, Operation, ProjectContext, Task

RATE = 44_100


@pytest.fixture(scope="module")
def coder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Coder, AssetStore]:
    try:
        runner = open_runner()
    except SandboxRefused as refusal:
        pytest.skip(str(refusal))
    store = AssetStore(tmp_path_factory.mktemp("assets"), MediaLimits())
    return Coder(store, lambda: runner, 60.0), store


def humming_mix(seconds: float) -> "np.typing.NDArray[np.float64]":
    random = np.random.default_rng(3)
    time = np.arange(round(seconds * RATE))[:, np.newaxis] / RATE
    hits = random.normal(size=(len(time), 2)) * np.exp(-(time % 0.5) * 25)
    hum = 0.01 * np.sin(2 * np.pi * 50.02 * time) + 0.005 * np.sin(2 * np.pi * 100.04 * time)
    quiet = np.abs(time - seconds / 2) > seconds / 2 - 0.5
    return np.where(quiet, 0.0, 0.1 * hits + hum) + 0.02


def test_a_chain_cleans_masters_and_converts_and_every_number_is_measured(
    coder: tuple[Coder, AssetStore], tmp_path: Path
) -> None:
    builder, store = coder
    soundfile.write(tmp_path / "take 1.flac", humming_mix(8.0), RATE)
    song = store.add(tmp_path / "take 1.flac")
    criteria = (
        Criterion(aspect="hum.hz", op="==", value=None),
        Criterion(aspect="dc_offset", op="<=", value=0.001),
        Criterion(aspect="loudness.integrated_lufs", op="==", value=-12.0),
        Criterion(aspect="loudness.true_peak_dbtp", op="<=", value=-1.0),
        Criterion(aspect="sample_rate.hz", op="==", value=48_000),
        Criterion(aspect="silence.start_seconds", op="<=", value=0.1),
    )
    operations = (
        Operation(name="remove_dc"),
        Operation(name="dehum", parameters={"hum_hz": 0.0}),
        Operation(name="trim_silence", parameters={"threshold_dbfs": -50.0}),
        Operation(name="resample", parameters={"sample_rate_hz": 48_000.0}),
        Operation(name="master", parameters={"target_lufs": -12.0, "true_peak_dbtp": -1.0}),
        Operation(name="convert", parameters={"format": "flac"}),
    )
    task = Task(
        id="t", agent="coder", objective="release it", inputs=(song.id,),
        operations=operations, criteria=criteria,
    )  # fmt: skip
    context = ProjectContext(project="p", thread="t", turn=1, request="…", assets=(song,))
    report = builder.work(coder_slice(task, context, ()))
    assert report.failure is None
    assert {one.aspect: one.met for one in judge(criteria, report.findings)} == dict.fromkeys(
        (one.aspect for one in criteria), True
    )
    assert [one.name for one in report.artifacts] == ["take 1-master.py", "take 1-master.flac"]


@pytest.mark.parametrize(("rate", "channels"), [(8_000, 1), (192_000, 2), (48_000, 8)])
def test_odd_rates_and_many_channels_are_mastered(
    coder: tuple[Coder, AssetStore], tmp_path: Path, rate: int, channels: int
) -> None:
    builder, store = coder
    samples = 0.05 * np.random.default_rng(1).normal(size=(rate, channels))
    soundfile.write(tmp_path / "in.wav", samples, rate)
    song = store.add(tmp_path / "in.wav")
    criterion = Criterion(aspect="loudness.integrated_lufs", op="==", value=-20.0)
    task = Task(
        id="t", agent="coder", objective="master it", inputs=(song.id,), criteria=(criterion,),
        operations=(Operation(name="master", parameters={"target_lufs": -20.0}),),
    )  # fmt: skip
    context = ProjectContext(project="p", thread="t", turn=1, request="…", assets=(song,))
    report = builder.work(coder_slice(task, context, ()))
    assert judge((criterion,), report.findings)[0].met
