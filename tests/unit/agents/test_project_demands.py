"""What the project wants of loudness and tempo holds for work whose request names no number."""

import pytest

from agents.planning.criteria import targets
from agents.supervisor import Supervisor
from audio.assets import AssetRef
from memory.context import Plan, ProjectContext, ProjectSetting

MIX = AssetRef(
    id="a" * 64, kind="audio", name="mix.wav", suffix="wav", size_bytes=9, seconds=180.0,
    sample_rate_hz=44100,
)  # fmt: skip


def plan(request: str, *constraints: str) -> Plan:
    settings = tuple(ProjectSetting(field="constraint", value=one) for one in constraints)
    context = ProjectContext(
        project="p", thread="main", turn=2, request=request, assets=(MIX,), settings=settings
    )
    return Supervisor().plan(context)


def numbers(request: str, *constraints: str) -> dict[str, object]:
    (task,) = plan(request, *constraints).tasks
    return {name: value for one in task.operations for name, value in one.parameters.items()}


@pytest.mark.parametrize(
    ("said", "aspect", "op", "value"),
    [
        ("loudness must be -16", "loudness.integrated_lufs", "==", -16.0),
        ("the loudness of the master has to be -16.5", "loudness.integrated_lufs", "==", -16.5),
        ("Die Lautheit muss -16 sein", "loudness.integrated_lufs", "==", -16.0),
        ("loudness must not exceed -16", "loudness.integrated_lufs", "<=", -16.0),
        ("true peak below -1.5", "loudness.true_peak_dbtp", "<=", -1.5),
        ("loudness range: 6", "loudness.range_lu", "==", 6.0),
        ("the tempo should be 92", "tempo.bpm", "==", 92.0),
    ],
)
def test_a_bare_number_has_the_unit_of_the_measure_before_it(
    said: str, aspect: str, op: str, value: float
) -> None:
    (criterion,) = targets(said)
    assert (criterion.aspect, criterion.op, criterion.value) == (aspect, op, value)


@pytest.mark.parametrize(
    "said",
    [
        "the tempo of 3 songs", "loudness at bar 16", "how loud is take 3", "loudness 50 percent",
        "loudness is 3 dB too low", "change the tempo from 120 to 128", "tempo 4",
    ],
)  # fmt: skip
def test_a_number_that_counts_something_else_is_no_measure(said: str) -> None:
    assert targets(said) == ()


def test_a_master_follows_the_project_where_the_request_names_no_number() -> None:
    wanted = ("loudness must be -16", "true peak must stay below -2")
    held = numbers("master it", *wanted)
    assert (held["target_lufs"], held["true_peak_dbtp"]) == (-16.0, -2.0)
    assert numbers("normalise it", *wanted)["target_lufs"] == -16.0
    assert numbers("master it to -12 LUFS", *wanted)["target_lufs"] == -12.0
    (task,) = plan("master it", *wanted).tasks
    assert "-16 LUFS, as the project wants it" in task.reason


def test_a_loudness_that_is_only_limited_leaves_the_usual_master_within_it() -> None:
    assert numbers("master it", "never louder than -10 LUFS")["target_lufs"] == -14.0
    assert numbers("master it", "not above -18 LUFS")["target_lufs"] == -18.0
    assert numbers("master it", "the vocals must be at -20 LUFS")["target_lufs"] == -14.0
