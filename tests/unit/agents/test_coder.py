import ast
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from pydantic import JsonValue

from agents.building.compensation import compensated
from agents.coder import Coder
from agents.contexts.coder import coder_slice
from agents.judging.criteria import judge
from agents.recipes.binding import bind, chains_of, needed_facts
from agents.recipes.catalog import RECIPES, parameters_of
from agents.recipes.script import write_script
from agents.sandbox.choose import open_runner
from agents.sandbox.plain import PlainChild
from agents.sandbox.runs import Runner
from audio.assets import AssetRef, AssetStore
from audio.measure import measure
from grym_synth.errors import BadInput, SandboxRefused
from grym_synth.settings import MediaLimits
from memory.context import (
    Artifact,
    Criterion,
    Evidence,
    Finding,
    Operation,
    ProjectContext,
    ProjectSetting,
    Report,
    Subject,
    Task,
)

RATE = 22_050
MASTER_CRITERIA = (
    Criterion(aspect="loudness.integrated_lufs", op="==", value=-14.0, tolerance=0.5, unit="LUFS"),
    Criterion(aspect="loudness.true_peak_dbtp", op="<=", value=-1.0, unit="dBTP"),
)
GOOD_PARAMETERS: dict[str, dict[str, JsonValue]] = {
    "gain": {"db": -3},
    "master": {"target_lufs": -14.0, "true_peak_dbtp": -1.0},
    "normalise_loudness": {"target_lufs": -23},
    "normalise_peak": {"peak_dbfs": -1.0},
    "trim_silence": {"threshold_dbfs": -60.0},
    "trim": {"start_seconds": 0.5, "end_seconds": 1.5},
    "fade": {"in_seconds": 0.1, "out_seconds": 0.5},
    "resample": {"sample_rate_hz": 48000.0},
    "convert": {"format": "mp3"},
    "remove_dc": {},
    "dehum": {"hum_hz": 0.0},
    "highpass": {"cutoff_hz": 30.0, "order": 2},
    "lowpass": {"cutoff_hz": 8000.0, "order": 2},
    "bandpass": {"low_hz": 300.0, "high_hz": 3400.0},
    "low_shelf": {"frequency_hz": 120.0, "gain_db": -3.0},
    "high_shelf": {"frequency_hz": 8000.0, "gain_db": 3.0},
    "peak_eq": {"frequency_hz": 300.0, "gain_db": -3.0, "q": 1.0},
    "mono": {},
    "mid_side": {"width": 1.3},
    "hpss": {},
    "time_stretch": {"rate": 1.1},
    "pitch_shift": {"semitones": -2},
    "click_track": {"bpm": 120.0, "beats_per_bar": 4},
}


def mix(seconds: float = 3.0, seed: int = 1) -> "np.typing.NDArray[np.float64]":
    random = np.random.default_rng(seed)
    time = np.arange(round(seconds * RATE)) / RATE
    hits = random.normal(size=(len(time), 2)) * np.exp(-(time % 0.5) * 25)[:, np.newaxis]
    return np.asarray(0.1 * hits + 0.05 * np.sin(2 * np.pi * 110 * time)[:, np.newaxis])


@pytest.fixture
def store(tmp_path: Path) -> AssetStore:
    return AssetStore(tmp_path / "assets", MediaLimits())


@pytest.fixture
def song(store: AssetStore, tmp_path: Path) -> AssetRef:
    path = tmp_path / "my mix.wav"
    soundfile.write(path, mix(), RATE, subtype="PCM_24")
    return store.add(path)


@pytest.fixture
def coder(store: AssetStore) -> Coder:
    return Coder(store, PlainChild, 60.0)


def operation(name: str, **parameters: JsonValue) -> Operation:
    return Operation(name=name, parameters=parameters)


def task_of(
    *operations: Operation,
    assets: tuple[AssetRef, ...] = (),
    criteria: tuple[Criterion, ...] = (),
    rounds: int = 0,
) -> Task:
    return Task(
        id="t-1",
        agent="coder",
        objective="change it",
        inputs=tuple(asset.id for asset in assets),
        operations=operations,
        criteria=criteria,
        rounds=rounds,
    )


def context_of(*assets: AssetRef, findings: tuple[Finding, ...] = ()) -> ProjectContext:
    return ProjectContext(
        project="demo", thread="main", turn=1, request="…", assets=assets, findings=findings
    )


def fact(
    asset: AssetRef, aspect: str, value: JsonValue, evidence: Evidence = "measured", unit: str = ""
) -> Finding:
    return Finding.make(
        Subject(kind="asset", id=asset.id), aspect, value,
        unit=unit, evidence=evidence, source="gama/test@1", method="", confidence=1.0,
    )  # fmt: skip


def work(coder: Coder, task: Task, *assets: AssetRef) -> Report:
    return coder.work(coder_slice(task, context_of(*assets), ()))


def of_kind(report: Report, kind: str) -> list[Artifact]:
    return [one for one in report.artifacts if one.kind == kind]


def by_hand(script: str, *arguments: Path, folder: Path) -> "subprocess.CompletedProcess[str]":
    (folder / "by_hand.py").write_text(script)
    return subprocess.run(
        [sys.executable, "-I", folder / "by_hand.py", *arguments],
        capture_output=True, text=True, check=False, cwd=folder,
    )  # fmt: skip


class TestWork:
    def test_a_master_is_made_measured_and_named_after_the_file(
        self, coder: Coder, song: AssetRef
    ) -> None:
        task = task_of(
            operation("master", target_lufs=-14, true_peak_dbtp=-1),
            assets=(song,), criteria=MASTER_CRITERIA,
        )  # fmt: skip
        report = work(coder, task, song)
        assert report.failure is None
        assert [one.name for one in report.artifacts] == ["my mix-master.py", "my mix-master.wav"]
        assert all(one.met for one in judge(MASTER_CRITERIA, report.findings))
        assert {one.subject.id for one in report.findings} == {report.artifacts[1].id}
        assert {one.evidence for one in report.findings} == {"measured"}

    def test_the_input_stays_as_it_was(
        self, coder: Coder, song: AssetRef, store: AssetStore
    ) -> None:
        before = store.path(song).read_bytes()
        work(coder, task_of(operation("gain", db=-6), assets=(song,)), song)
        assert store.path(song).read_bytes() == before

    def test_each_of_two_files_gets_its_result_and_they_share_a_script(
        self, coder: Coder, song: AssetRef, store: AssetStore, tmp_path: Path
    ) -> None:
        (tmp_path / "b").mkdir()
        soundfile.write(tmp_path / "b" / "my mix.wav", mix(1.0, 2), RATE)
        other = store.add(tmp_path / "b" / "my mix.wav")
        report = work(coder, task_of(operation("gain", db=-6), assets=(song, other)), song, other)
        names = [one.name for one in report.artifacts]
        assert names == ["my mix-gain.py", "my mix-gain.wav", "my mix-gain-2.wav"]

    def test_an_unknown_operation_fails_in_words(self, coder: Coder, song: AssetRef) -> None:
        report = work(coder, task_of(operation("reverb"), assets=(song,)), song)
        assert report.failure is not None
        assert report.failure.kind == "failed"
        assert "no operation of that name" in report.failure.why

    def test_a_parameter_out_of_range_fails_with_the_range(
        self, coder: Coder, song: AssetRef
    ) -> None:
        report = work(coder, task_of(operation("gain", db=400), assets=(song,)), song)
        assert report.failure is not None
        assert "-60 to 60" in report.failure.why

    def test_free_code_needs_a_model_and_is_skipped(self, coder: Coder) -> None:
        failure = work(coder, task_of()).failure
        assert failure is not None
        assert failure.kind == "skipped"
        assert "coding model" in failure.why

    def test_a_script_that_fails_tells_why_and_is_kept(self, coder: Coder, song: AssetRef) -> None:
        task = task_of(operation("lowpass", cutoff_hz=15_000), assets=(song,))
        report = work(coder, task, song)
        assert report.failure is not None
        assert "sample rate of 22050 Hz" in report.failure.why
        assert [one.kind for one in report.artifacts] == ["script"]

    def test_a_file_that_breaks_off_is_worked_on_as_far_as_it_goes(
        self, coder: Coder, store: AssetStore, tmp_path: Path
    ) -> None:
        soundfile.write(tmp_path / "whole.flac", mix(12.0), RATE)
        content = (tmp_path / "whole.flac").read_bytes()
        (tmp_path / "my take.flac").write_bytes(content[: len(content) // 2])
        take = store.add(tmp_path / "my take.flac")
        report = work(coder, task_of(operation("gain", db=-3.0), assets=(take,)), take)
        assert report.failure is None
        assert "my take.flac breaks off after" in report.summary
        length = next(one.value for one in report.findings if one.aspect == "duration.seconds")
        assert length == measure(store.path(take), ["duration.seconds"])[0].value

    def test_hum_that_cant_be_told_is_not_taken_for_removed(
        self, coder: Coder, store: AssetStore, tmp_path: Path
    ) -> None:
        soundfile.write(tmp_path / "hit.wav", mix(1.0), RATE)
        hit = store.add(tmp_path / "hit.wav")
        criterion = Criterion(aspect="hum.hz", op="==", value=None)
        task = task_of(operation("dehum"), assets=(hit,), criteria=(criterion,), rounds=1)
        report = work(coder, task, hit)
        assert judge((criterion,), report.findings)[0].met is False
        assert report.failure is not None and report.failure.kind == "not_met"
        assert "(shorter than 2.0 s)" in report.failure.why

    def test_silence_ends_not_met_with_its_reason(
        self, coder: Coder, store: AssetStore, tmp_path: Path
    ) -> None:
        soundfile.write(tmp_path / "silent.wav", np.zeros((RATE, 2)), RATE)
        silent = store.add(tmp_path / "silent.wav")
        task = task_of(operation("master"), assets=(silent,), criteria=MASTER_CRITERIA)
        report = work(coder, task, silent)
        assert report.failure is not None
        assert report.failure.kind == "not_met"
        assert "silent" in report.failure.why
        assert of_kind(report, "audio")

    def test_without_a_sandbox_the_script_is_still_delivered(
        self, store: AssetStore, song: AssetRef
    ) -> None:
        def refuse() -> Runner:
            raise SandboxRefused("opening a sandbox", "a script could fork", "Run it by hand")

        report = work(Coder(store, refuse), task_of(operation("gain", db=1), assets=(song,)), song)
        assert report.failure is not None
        assert report.failure.kind == "skipped"
        assert [one.kind for one in report.artifacts] == ["script"]

    def test_a_machine_without_a_sandbox_is_asked_once_and_told_of_each_time(
        self, store: AssetStore, song: AssetRef
    ) -> None:
        asked = []

        def refuse() -> Runner:
            asked.append(1)
            raise SandboxRefused("opening a sandbox", "a script could fork", "Run it by hand")

        coder = Coder(store, refuse)
        reports = [work(coder, task_of(operation("gain", db=db), assets=(song,)), song)
                   for db in (1, 2)]  # fmt: skip
        assert len(asked) == 1
        assert all(one.failure and "could fork" in one.failure.why for one in reports)

    def test_clicks_need_no_sound(self, coder: Coder, store: AssetStore) -> None:
        task = task_of(operation("click_track", bpm=120, seconds=2.0, beats_per_bar=4))
        report = work(coder, task)
        assert [one.name for one in report.artifacts] == ["new-clicks.py", "new-clicks.wav"]
        assert ("duration.seconds", 2.0) in [(one.aspect, one.value) for one in report.findings]

    def test_anything_else_does(self, coder: Coder) -> None:
        failure = work(coder, task_of(operation("mono"))).failure
        assert failure is not None
        assert "no sound to work on" in failure.why

    def test_a_click_track_follows_the_beats_that_were_found(
        self, coder: Coder, store: AssetStore, song: AssetRef
    ) -> None:
        beats = fact(song, "beats", [0.5, 1.0, 1.7])
        context = context_of(song, findings=(beats,))
        task = task_of(operation("click_track"), assets=(song,))
        report = coder.work(coder_slice(task, context, (fact(song, "downbeats", [0.5]),)))
        made = next(one for one in report.artifacts if one.kind == "audio")
        path = store.path(store.ref(made.id))
        samples, rate = soundfile.read(path)
        starts = np.flatnonzero((np.abs(samples) > 0.1) & (np.arange(len(samples)) > 0)) / rate
        firsts = starts[np.insert(np.diff(starts) > 0.2, 0, True)]
        assert np.allclose(firsts, [0.5, 1.0, 1.7], atol=0.005)

    def test_a_split_leaves_two_files(self, coder: Coder, song: AssetRef) -> None:
        operations = (operation("hpss"), operation("convert", format="flac"))
        report = work(coder, task_of(*operations, assets=(song,)), song)
        names = [one.name for one in of_kind(report, "audio")]
        assert names == ["my mix-harmonic.flac", "my mix-percussive.flac"]


class TestSecondTry:
    def test_a_miss_that_can_be_mended_goes_back_without_a_failure(
        self, coder: Coder, song: AssetRef
    ) -> None:
        quieter = MASTER_CRITERIA[0].model_copy(update={"value": -15.0})
        task = task_of(operation("master"), assets=(song,), criteria=(quieter,))
        report = work(coder, task, song)
        assert report.failure is None
        judged = judge(task.criteria, report.findings)
        assert judged[0].met is False
        again = coder_slice(
            task.model_copy(update={"criteria": judged, "rounds": 1}), context_of(song), ()
        )
        second = judge(task.criteria, coder.work(again).findings)
        assert second[0].met is True

    def test_a_second_miss_is_told_with_its_numbers(self, coder: Coder, song: AssetRef) -> None:
        quieter = MASTER_CRITERIA[0].model_copy(update={"value": -15.0})
        task = task_of(operation("master"), assets=(song,), criteria=(quieter,), rounds=1)
        failure = work(coder, task, song).failure
        assert failure is not None
        assert failure.kind == "not_met"
        assert "wanted -15 LUFS" in failure.why

    def test_targets_move_against_the_miss(self) -> None:
        master = operation("master", target_lufs=-14.0, true_peak_dbtp=-1.0)
        misses = (
            MASTER_CRITERIA[0].model_copy(update={"measured": -14.8, "met": False}),
            MASTER_CRITERIA[1].model_copy(update={"measured": -0.7, "met": False}),
        )
        (moved,) = compensated((master,), misses)
        assert moved.parameters == {"target_lufs": -13.2, "true_peak_dbtp": -1.35}

    def test_the_frequency_of_the_hum_that_is_left_is_taken_over(self) -> None:
        miss = Criterion(aspect="hum.hz", op="==", value=None, measured=49.9, met=False)
        (moved,) = compensated((operation("dehum", hum_hz=0.0),), (miss,))
        assert moved.parameters["hum_hz"] == 49.9

    def test_a_miss_that_nothing_can_mend_changes_nothing(self) -> None:
        miss = Criterion(aspect="channels", op="==", value=1, measured=2, met=False)
        assert compensated((operation("gain", db=3),), (miss,)) == (operation("gain", db=3),)


class TestSlice:
    def test_it_holds_numbers_and_rules_but_no_talk_and_no_pictures(self, song: AssetRef) -> None:
        picture = AssetRef(id="p" * 64, kind="image", name="a.png", suffix="png", size_bytes=1)
        known = (
            fact(song, "loudness.integrated_lufs", -20.0, unit="LUFS"),
            fact(song, "loudness.integrated_lufs", -21.0, evidence="heard", unit="LUFS"),
            fact(song, "chords", [[0.0, 1.0, "C"]]),
            fact(song, "key", "F minor"),
        )
        rules = (
            ProjectSetting(field="constraint", value="never above -1 dBTP"),
            ProjectSetting(field="style", value="lo-fi hip hop"),
        )
        context = context_of(song, picture, findings=known).model_copy(update={"settings": rules})
        task = task_of(operation("gain", db=-1), assets=(song, picture))
        slice_ = coder_slice(task, context, ())
        assert slice_["assets"] == (song,)
        assert [one.value for one in slice_["facts"]] == [-20.0]
        assert slice_["requirements"] == (
            "never above -1 dBTP",
            f"my mix.wav: wav, {RATE} Hz, 2 channels, {3 * RATE} frames",
        )
        package = slice_["package"]
        assert "never above -1 dBTP" in package.text and picture.name not in package.text
        assert package.never_seen["an impression that is no number for code"] == 1

    def test_what_an_operation_needs_comes_first_and_newest(self, song: AssetRef) -> None:
        known = (fact(song, "duration.seconds", 3.0), fact(song, "key", "C major"))
        now = (fact(song, "key", "A minor"),)
        task = task_of(operation("pitch_shift", target_key="C minor"), assets=(song,))
        slice_ = coder_slice(task, context_of(song, findings=known), now)
        assert [one.value for one in slice_["facts"]] == ["A minor", 3.0]

    def test_missed_criteria_come_back_with_their_numbers(self, song: AssetRef) -> None:
        missed = MASTER_CRITERIA[0].model_copy(update={"measured": -15.2, "met": False})
        task = task_of(operation("master"), assets=(song,), criteria=(missed, MASTER_CRITERIA[1]))
        assert coder_slice(task, context_of(song), ())["misses"] == (missed,)


class TestScripts:
    @pytest.mark.parametrize("name", RECIPES)
    def test_each_operation_becomes_a_script_that_is_valid_and_needs_nothing_of_ours(
        self, name: str
    ) -> None:
        script = write_script(bind((operation(name, **GOOD_PARAMETERS[name]),), {}), "Try.")
        tree = ast.parse(script)
        imported = {
            alias.name if isinstance(node, ast.Import) else str(node.module)
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        outside = {name.split(".")[0] for name in imported} - set(sys.stdlib_module_names)
        assert outside <= {"numpy", "scipy", "soundfile"}
        compile(script, name, "exec")

    def test_a_chain_of_all_operations_runs_by_hand(self, tmp_path: Path) -> None:
        names = [one for one in RECIPES if one not in ("click_track", "mono", "convert")]
        chain = tuple(operation(one, **GOOD_PARAMETERS[one]) for one in names)
        soundfile.write(tmp_path / "in.wav", mix(3.0), RATE)
        script = write_script(bind(chain, {}), "Everything.")
        ended = by_hand(script, tmp_path / "in.wav", tmp_path / "out.flac", folder=tmp_path)
        assert ended.returncode == 0, ended.stderr
        assert soundfile.info(tmp_path / "out-harmonic.flac").samplerate == 48_000
        assert (tmp_path / "out-percussive.flac").exists()

    def test_a_script_does_the_same_to_another_file(self, tmp_path: Path) -> None:
        script = write_script(bind((operation("master", target_lufs=-12),), {}), "Master.")
        soundfile.write(tmp_path / "other.flac", mix(4.0, seed=7) * 0.3, RATE)
        ended = by_hand(script, tmp_path / "other.flac", tmp_path / "out.wav", folder=tmp_path)
        assert ended.returncode == 0, ended.stderr
        values = measure(tmp_path / "out.wav", [one.aspect for one in MASTER_CRITERIA])
        loudness, peak = (one.value for one in values)
        assert loudness == pytest.approx(-12.0, abs=0.1)
        assert isinstance(peak, float)
        assert peak <= -1.0

    def test_a_script_never_writes_over_its_input(self, tmp_path: Path) -> None:
        soundfile.write(tmp_path / "in.wav", mix(1.0), RATE)
        before = (tmp_path / "in.wav").read_bytes()
        script = write_script(bind((operation("gain", db=3),), {}), "Gain.")
        ended = by_hand(script, tmp_path / "in.wav", tmp_path / "in.wav", folder=tmp_path)
        assert ended.returncode == 2
        assert (tmp_path / "in.wav").read_bytes() == before

    @pytest.mark.parametrize(
        ("source", "result", "told"),
        [
            ("in.wav", "out.xyz", "out.xyz: its suffix must be one of"),
            ("in.wav", "nowhere/out.wav", "out.wav: there is no folder"),
            ("empty.wav", "out.wav", "empty.wav: it holds no samples"),
            ("none.wav", "out.wav", "none.wav: there is no such file"),
            ("text.wav", "out.wav", "text.wav: it can't be read as sound"),
        ],
    )
    def test_what_a_script_cant_use_is_told_in_a_line_that_names_the_file(
        self, tmp_path: Path, source: str, result: str, told: str
    ) -> None:
        soundfile.write(tmp_path / "in.wav", mix(1.0), RATE)
        soundfile.write(tmp_path / "empty.wav", np.zeros((0, 2)), RATE)
        (tmp_path / "text.wav").write_text("no sound")
        script = write_script(bind((operation("gain", db=3),), {}), "Gain.")
        ended = by_hand(script, tmp_path / source, tmp_path / result, folder=tmp_path)
        assert ended.returncode == 2
        assert ended.stderr.startswith(told)
        assert ended.stderr.count("\n") == 1
        assert not (tmp_path / result).exists()

    def test_its_numbers_stand_at_its_top_even_when_an_operation_is_repeated(self) -> None:
        chain = (
            operation("peak_eq", frequency_hz=300, gain_db=-3),
            operation("peak_eq", frequency_hz=4000, gain_db=2),
        )
        script = write_script(bind(chain, {}), "EQ.")
        assert "PEAK_EQ_FREQUENCY_HZ = 300.0" in script
        assert "PEAK_EQ_2_FREQUENCY_HZ = 4000.0" in script

    def test_no_two_recipes_define_the_same_name(self) -> None:
        folder = Path(sys.modules[write_script.__module__].__file__ or "").parent
        modules = {recipe.module for recipe in RECIPES.values() if recipe.module}
        modules |= {"sound", "levels", "limiter", "formats"}
        names = [
            name
            for module in modules
            for node in ast.parse((folder / f"{module}.py").read_text()).body
            for name in _defined(node)
        ]
        assert sorted(names) == sorted(set(names))


class TestBinding:
    def test_a_tempo_target_needs_the_tempo(self) -> None:
        stretch = (operation("time_stretch", target_bpm=128),)
        assert needed_facts(stretch) == ("tempo.bpm",)
        (call,) = bind(stretch, {"tempo.bpm": 120.0}).calls
        assert call.arguments == {"source_bpm": 120.0, "target_bpm": 128.0}
        with pytest.raises(BadInput, match="can't be told"):
            bind(stretch, {"tempo.bpm": None})

    @pytest.mark.parametrize(
        ("key", "target", "steps"),
        [("C major", "D major", 2), ("C major", "B major", -1), ("C major", "A minor", 0),
         ("F# minor", "C minor", 6), ("A minor", "F major", 5)],
    )  # fmt: skip
    def test_a_key_is_reached_by_the_shortest_way(self, key: str, target: str, steps: int) -> None:
        (call,) = bind((operation("pitch_shift", target_key=target),), {"key": key}).calls
        assert call.arguments == {"semitones": steps}

    def test_clicks_beside_a_master_are_a_file_of_their_own(self) -> None:
        operations = tuple(
            operation(name, **GOOD_PARAMETERS[name]) for name in ("master", "click_track")
        )
        assert [[one.name for one in chain] for chain in chains_of(operations)] == [
            ["master"],
            ["click_track"],
        ]

    @pytest.mark.parametrize(
        ("name", "parameters"),
        [
            ("gain", {}),
            ("gain", {"db": "loud"}),
            ("gain", {"db": float("nan")}),
            ("gain", {"db": 3, "curve": 1}),
            ("trim", {"start_seconds": 5, "end_seconds": 2}),
            ("bandpass", {"low_hz": 500, "high_hz": 100}),
            ("time_stretch", {}),
            ("time_stretch", {"rate": 1.1, "target_bpm": 120}),
            ("pitch_shift", {"target_key": "H moll"}),
            ("convert", {"format": "wma"}),
            ("convert", {"bit_depth": 20}),
            ("resample", {"sample_rate_hz": 44100.5}),
        ],
    )
    def test_numbers_that_make_no_sense_are_refused(
        self, name: str, parameters: dict[str, JsonValue]
    ) -> None:
        with pytest.raises(BadInput) as refusal:
            parameters_of(Operation.model_construct(name=name, parameters=parameters))
        assert refusal.value.do.startswith("Give")

    def test_null_counts_as_not_given(self) -> None:
        parameters_of(operation("time_stretch", rate=None, target_bpm=120))


class TestCriteria:
    @pytest.mark.parametrize(
        ("op", "wanted", "measured", "met"),
        [
            ("==", -14.0, -14.4, True),
            ("==", -14.0, -14.6, False),
            ("<=", -1.0, -1.0, True),
            ("<=", -1.0, -0.98, False),
            (">=", -20.0, -19.0, True),
            ("==", -14.0, None, False),
            ("==", None, -3.0, False),
        ],
    )
    def test_numbers_are_judged_in_their_unit(
        self, song: AssetRef, op: str, wanted: JsonValue, measured: JsonValue, met: bool
    ) -> None:
        criterion = Criterion.model_validate(
            {"aspect": "loudness.integrated_lufs", "op": op, "value": wanted}
        )
        found = fact(song, "loudness.integrated_lufs", measured)
        assert judge((criterion,), (found,))[0].met is met

    @pytest.mark.parametrize("absent", [True, False])
    def test_only_what_is_surely_not_there_meets_a_wish_for_none(
        self, song: AssetRef, absent: bool
    ) -> None:
        found = fact(song, "hum.hz", None).model_copy(update={"absent": absent})
        criterion = Criterion(aspect="hum.hz", op="==", value=None)
        assert judge((criterion,), (found,))[0].met is absent

    def test_the_default_agreement_of_an_aspect_holds(self, song: AssetRef) -> None:
        criterion = Criterion(aspect="tempo.bpm", op="==", value=120)
        assert judge((criterion,), (fact(song, "tempo.bpm", 124.0),))[0].met
        assert not judge((criterion,), (fact(song, "tempo.bpm", 126.0),))[0].met

    def test_keys_are_compared_by_what_they_mean(self, song: AssetRef) -> None:
        criterion = Criterion(aspect="key", op="==", value="Gb major")
        assert judge((criterion,), (fact(song, "key", "F# major"),))[0].met

    def test_what_a_model_heard_counts_for_nothing(self, song: AssetRef) -> None:
        criterion = Criterion(aspect="tempo.bpm", op="==", value=120)
        (judged,) = judge((criterion,), (fact(song, "tempo.bpm", 120.0, evidence="heard"),))
        assert judged == criterion

    def test_every_result_must_meet_it_and_the_newest_measurement_counts(
        self, song: AssetRef
    ) -> None:
        other = song.model_copy(update={"id": "b" * 64})
        criterion = Criterion(aspect="channels", op="==", value=1)
        old, new, second = (fact(song, "channels", 2), fact(song, "channels", 1),
                            fact(other, "channels", 1))  # fmt: skip
        assert judge((criterion,), (old, new, second))[0].met
        assert judge((criterion,), (new, fact(other, "channels", 2)))[0].measured == 2


def test_platforms_without_a_sandbox_run_only_what_is_known() -> None:
    assert not open_runner("darwin").confines


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [one.id for target in node.targets for one in ast.walk(target)
                if isinstance(one, ast.Name)]  # fmt: skip
    return []
