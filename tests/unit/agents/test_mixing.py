import pytest

from agents.supervisor import Supervisor
from audio.assets import AssetRef
from memory.context import Plan, ProjectContext

CLIP = AssetRef(id="a" * 64, kind="audio", name="clip.wav", suffix="wav", size_bytes=1, seconds=2.0)


def plan(request: str, writes_code: bool = True) -> Plan:
    return Supervisor().plan(
        ProjectContext(
            project="p", thread="main", turn=1, request=request, assets=(CLIP,),
            attached=(CLIP.id,), writes_code=writes_code,
        )
    )  # fmt: skip


def shape(made: Plan) -> list[list[str]]:
    return [[one.name for one in task.operations] for task in made.tasks]


def test_recipes_and_code_take_turns_in_the_order_said() -> None:
    made = plan("High-pass at 80 Hz, then ring modulate it at 30 Hz, and normalise to -16 LUFS")
    first, second, third = made.tasks
    assert shape(made) == [["highpass"], [], ["normalise_loudness"]]
    assert (first.needs, second.needs, third.needs) == ((), (first.id,), (second.id,))
    assert second.objective.endswith(": ring modulate it at 30 Hz")
    assert [(one.aspect, one.value) for one in third.criteria] == [
        ("loudness.integrated_lufs", -16.0)
    ]
    assert not (first.criteria or second.criteria or made.notes)


def test_and_then_begins_a_step_of_its_own() -> None:
    made = plan("Ring modulate this at 30 Hz and then make it 3 dB quieter")
    assert shape(made) == [[], ["gain"]]
    assert made.tasks[1].needs == (made.tasks[0].id,)


def test_what_follows_a_mixed_build_works_on_its_last_result() -> None:
    made = plan("Cut below 100 Hz, apply a vocoder, and show me the spectrogram of the result")
    assert made.tasks[-1].agent == "qwen_vl"
    assert made.tasks[-1].needs == (made.tasks[-2].id,)
    assert not made.tasks[-2].operations


def test_a_clause_whose_numbers_may_belong_to_either_is_left_to_the_model() -> None:
    made = plan("Ring modulate this at 30 Hz 3 dB quieter")
    assert shape(made) == [[]]


@pytest.mark.parametrize(
    "request_",
    ["High-pass at 80 Hz and normalise to -14 LUFS", "Write a ring modulator and run it on this"],
)
def test_a_request_of_one_kind_stays_one_task(request_: str) -> None:
    assert len(plan(request_).tasks) == 1


def test_without_a_model_recipes_do_their_part_and_the_rest_is_told() -> None:
    made = plan("High-pass at 80 Hz, then ring modulate it at 30 Hz", writes_code=False)
    assert shape(made) == [["highpass"]]
    assert any("ring modulate" in note for note in made.notes)
