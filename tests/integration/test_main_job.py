import json
from pathlib import Path

import pytest

from grym_synth.result import TurnResult
from grym_synth.settings import Settings
from grym_synth.studio import open_studio
from tests.conftest import DEMO_MIX

MAIN_JOB = (
    "Measure this mix, show me its spectrogram, "
    "and write a script that masters it to -14 LUFS and -1 dBTP"
)


def ask(home: Path, request: str, *files: Path, thread: str = "main") -> TurnResult:
    with open_studio(settings=Settings(home=home, out=home / "out")) as studio:
        refs = studio.attach((file, "audio") for file in files)
        return studio.ask(request, refs, thread=thread)


@pytest.fixture(scope="module")
def first_turn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, TurnResult]:
    home = tmp_path_factory.mktemp("main-job")
    mix = home / "mix.flac"
    mix.write_bytes(DEMO_MIX.read_bytes())
    result = ask(home, MAIN_JOB, mix)
    mix.unlink()
    return home, result


def test_the_main_job_plans_one_task_for_each_specialist(
    first_turn: tuple[Path, TurnResult],
) -> None:
    _, result = first_turn
    assert sorted(task.agent for task in result.tasks) == ["coder", "gama", "qwen_vl"]
    assert {task.status for task in result.tasks} == {"done"}
    assert result.exit_code == 0


def test_the_master_meets_both_targets_by_measurement(
    first_turn: tuple[Path, TurnResult],
) -> None:
    _, result = first_turn
    (coder,) = (task for task in result.tasks if task.agent == "coder")
    measured = {criterion.aspect: criterion.measured for criterion in coder.criteria}
    loudness, peak = measured["loudness.integrated_lufs"], measured["loudness.true_peak_dbtp"]
    assert isinstance(loudness, float) and abs(loudness + 14) <= 0.5
    assert isinstance(peak, float) and peak <= -1.0


def test_picture_script_and_master_are_left_as_files(
    first_turn: tuple[Path, TurnResult],
) -> None:
    _, result = first_turn
    paths = {artifact.kind: Path(artifact.path) for artifact in result.artifacts}
    assert set(paths) == {"image", "script", "audio"}
    assert all(path.is_absolute() and path.stat().st_size > 1000 for path in paths.values())


def test_the_result_is_strict_json_with_every_key(first_turn: tuple[Path, TurnResult]) -> None:
    _, result = first_turn
    shown = json.loads(result.model_dump_json(), parse_constant=pytest.fail)
    assert list(shown) == list(TurnResult.model_fields)


@pytest.mark.parametrize("thread", ["main", "another"])
def test_a_later_process_answers_from_memory_without_measuring(
    first_turn: tuple[Path, TurnResult], thread: str
) -> None:
    home, _ = first_turn
    result = ask(home, "What key was it in, and what did you change?", thread=thread)
    assert result.tasks == ()
    assert "F minor" in result.answer
    assert "-14" in result.answer
