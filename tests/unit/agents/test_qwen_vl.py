from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image
from pydantic import JsonValue

from agents.contexts.qwen_vl import QwenVlSlice, qwen_vl_slice
from agents.qwen_vl import QwenVl
from audio.assets import AssetRef, AssetStore
from audio.axes import read_axes
from grym_synth.settings import MediaLimits
from memory.context import Finding, Operation, ProjectContext, Report, Subject, Task

RATE = 44100


@pytest.fixture
def store(tmp_path: Path) -> AssetStore:
    return AssetStore(tmp_path / "assets", MediaLimits())


@pytest.fixture
def mix(tmp_path: Path, store: AssetStore) -> AssetRef:
    samples = np.random.default_rng(1).normal(0, 0.1, (4 * RATE, 2))
    samples[2 * RATE : 2 * RATE + 2000] = 0
    path = tmp_path / "my mix!.wav"
    soundfile.write(path, samples, RATE)
    return store.add(path)


@pytest.fixture
def photo(tmp_path: Path, store: AssetStore) -> AssetRef:
    Image.new("RGB", (320, 200), (200, 20, 30)).save(tmp_path / "cover.png")
    return store.add(tmp_path / "cover.png")


def _context(*assets: AssetRef, findings: tuple[Finding, ...] = ()) -> ProjectContext:
    return ProjectContext(
        project="p",
        thread="main",
        turn=1,
        request="show me",
        assets=assets,
        attached=tuple(asset.id for asset in assets),
        findings=findings,
    )


def _task(*names: str, inputs: tuple[AssetRef, ...] = (), **parameters: JsonValue) -> Task:
    operations = tuple(Operation(name=name, parameters=parameters) for name in names)
    ids = tuple(asset.id for asset in inputs)
    return Task(id="t", agent="qwen_vl", objective="look", inputs=ids, operations=operations)


def _fact(asset: AssetRef, aspect: str, value: JsonValue) -> Finding:
    return Finding.make(
        Subject(kind="asset", id=asset.id),
        aspect,
        value,
        unit="",
        evidence="measured",
        source="gama/test@1",
        method="test",
        confidence=1,
    )


def _work(store: AssetStore, task: Task, *assets: AssetRef) -> Report:
    return QwenVl(store).work(qwen_vl_slice(task, _context(*assets), ()))


def test_the_slice_holds_the_files_of_the_task_and_facts_that_a_picture_shows(
    mix: AssetRef, photo: AssetRef
) -> None:
    findings = (
        _fact(mix, "spectrum.cutoff_hz", 16000),
        _fact(mix, "stereo.width", 0.3),
        _fact(photo, "picture.kind", "photo"),
    )
    slice_ = qwen_vl_slice(_task(inputs=(mix,)), _context(mix, photo, findings=findings), ())
    assert slice_["assets"] == (mix,)
    assert [one.aspect for one in slice_["relations"]] == ["spectrum.cutoff_hz"]
    assert "16000" in slice_["package"].text and "stereo" in slice_["package"].text
    assert set(slice_) == set(QwenVlSlice.__annotations__)


def test_a_new_fact_takes_the_place_of_the_old_one(mix: AssetRef) -> None:
    old, new = _fact(mix, "hum.hz", 50.0), _fact(mix, "hum.hz", 60.0)
    slice_ = qwen_vl_slice(_task(inputs=(mix,)), _context(mix, findings=(old,)), (new,))
    assert slice_["relations"] == (new,)


def test_long_lists_are_cut_so_that_the_slice_stays_small(mix: AssetRef) -> None:
    sections: JsonValue = [[n, n + 1, f"section {n}"] for n in range(5000)]
    facts = (_fact(mix, "structure.sections", sections),)
    slice_ = qwen_vl_slice(_task(inputs=(mix,)), _context(mix, findings=facts), ())
    assert slice_["package"].tokens < 1500
    assert "of 5000" in slice_["relations"][0].method


def test_a_task_that_names_nothing_draws_sound_and_inspects_pictures(
    store: AssetStore, mix: AssetRef, photo: AssetRef
) -> None:
    report = _work(store, _task(), mix, photo)
    assert [one.name for one in report.artifacts] == ["my mix-spectrogram.png"]
    assert {"picture.size", "picture.mode", "picture.palette"} <= {
        one.aspect for one in report.findings
    }
    assert report.failure is None
    assert "my mix-spectrogram.png" in report.summary and "320 x 200" in report.summary


def test_every_drawing_is_kept_as_a_picture_with_axes(
    tmp_path: Path, store: AssetStore, mix: AssetRef
) -> None:
    kinds = ("spectrogram", "chromagram", "waveform", "loudness_curve", "self_similarity")
    report = _work(store, _task(*kinds, inputs=(mix,)), mix)
    assert report.failure is None
    for artifact, kind in zip(report.artifacts, kinds, strict=True):
        path = next(tmp_path.rglob(f"{artifact.id}.png"))
        axes = read_axes(Image.open(path))
        assert axes is not None and axes.kind == kind
        assert artifact.task == "t" and artifact.kind == "image"


def test_both_frequency_scales_can_be_asked_for(store: AssetStore, mix: AssetRef) -> None:
    report = _work(store, _task("spectrogram", inputs=(mix,), scale="log"), mix)
    assert report.artifacts[0].name == "my mix-spectrogram-log.png"
    assert "log" in report.summary


def test_regions_become_measured_findings_with_their_time(store: AssetStore, mix: AssetRef) -> None:
    report = _work(store, _task("read_regions", inputs=(mix,)), mix)
    gaps = [one for one in report.findings if one.aspect == "dropouts"]
    whole = next(one for one in gaps if one.subject.start is None)
    place = next(one for one in gaps if one.subject.start is not None)
    assert isinstance(whole.value, list) and len(whole.value) >= 1
    assert place.subject.start == pytest.approx(2.0, abs=0.005)
    assert place.evidence == "measured" and place.source.startswith("qwen_vl/regions@")
    hum = next(one for one in report.findings if one.aspect == "hum.hz")
    assert hum.value is None and hum.confidence == 0 and hum.method


def test_what_a_picture_shows_is_never_called_measured(store: AssetStore, photo: AssetRef) -> None:
    report = _work(store, _task("inspect_picture", inputs=(photo,)), photo)
    kind = next(one for one in report.findings if one.aspect == "picture.kind")
    assert kind.evidence == "inferred" and kind.confidence < 0.9


def test_an_unknown_operation_fails_in_words_and_keeps_the_rest(
    store: AssetStore, mix: AssetRef
) -> None:
    report = _work(store, _task("waveform", "hologram", inputs=(mix,)), mix)
    assert len(report.artifacts) == 1
    assert report.failure is not None and "hologram" in report.failure.why


def test_an_unknown_scale_fails_in_words(store: AssetStore, mix: AssetRef) -> None:
    report = _work(store, _task("spectrogram", inputs=(mix,), scale="bark"), mix)
    assert report.failure is not None and "bark" in report.failure.why


def test_drawing_without_a_sound_file_says_what_is_missing(
    store: AssetStore, photo: AssetRef
) -> None:
    report = _work(store, _task("spectrogram", inputs=(photo,)), photo)
    assert report.failure is not None and "sound file" in report.failure.why
    nothing = _work(store, _task())
    assert nothing.failure is not None and "none was handed over" in nothing.failure.why


def test_a_file_that_left_the_store_is_a_failure_not_a_crash(
    store: AssetStore, mix: AssetRef
) -> None:
    store.path(mix).unlink()
    report = _work(store, _task("spectrogram", inputs=(mix,)), mix)
    assert report.failure is not None and "not in the store" in report.failure.why


def test_a_drawing_that_a_short_sound_is_too_short_for_leaves_the_others(
    store: AssetStore, tmp_path: Path
) -> None:
    path = tmp_path / "one hit.wav"
    soundfile.write(path, np.random.default_rng(1).normal(0, 0.1, RATE // 4), RATE)
    hit = store.add(path)
    report = _work(store, _task("loudness_curve", "waveform", inputs=(hit,)), hit)
    assert [one.name for one in report.artifacts] == ["one hit-waveform.png"]
    assert report.failure is not None and report.failure.kind == "not_met"
    assert "one hit.wav" in report.failure.why and hit.id not in report.failure.why
    nothing = _work(store, _task("loudness_curve", inputs=(hit,)), hit)
    assert nothing.failure is not None and nothing.failure.kind == "failed"


def test_of_an_animation_only_the_first_picture_is_read_and_that_is_told(
    store: AssetStore, tmp_path: Path
) -> None:
    first, more = Image.new("RGB", (64, 64), "teal"), [Image.new("RGB", (64, 64), "red")]
    first.save(tmp_path / "moving.webp", save_all=True, append_images=more)
    moving = store.add(tmp_path / "moving.webp")
    report = _work(store, _task("inspect_picture", inputs=(moving,)), moving)
    assert "only its first picture was looked at" in report.summary
