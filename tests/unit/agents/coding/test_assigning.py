import pytest

from agents.coding.assigning import with_places
from memory.context import AgentName, Operation, Order, Plan, Task


def task(
    id_: str, agent: AgentName = "coder", *needs: str, free: bool = False, objective: str = ""
) -> Task:
    operations = () if free else (Operation(name="normalise_loudness"),)
    return Task(id=id_, agent=agent, objective=objective, needs=needs, operations=operations)


def places(request: str, *tasks: Task) -> dict[str, tuple[str, ...]]:
    """Where each task's results go."""
    plan = with_places(Plan(request=request, tasks=tasks))
    return {one.id: one.save_as for one in plan.tasks if one.save_as}


def test_the_last_of_a_series_has_the_place() -> None:
    series = (task("a"), task("b", "coder", "a", free=True), task("c", "coder", "b"))
    assert places("do all three and save it as x.wav", *series) == {"c": ("x.wav",)}


def test_a_step_whose_words_name_a_place_has_it() -> None:
    first = task("a", free=True, objective="Write code: ring it and save it as a.wav")
    request = "ring it and save it as a.wav, then normalise it and save it as b.wav"
    assert places(request, first, task("b", "coder", "a")) == {"a": ("a.wav",), "b": ("b.wav",)}


def test_a_place_with_the_name_of_the_source_belongs_to_the_last_step_too() -> None:
    first = task("a", objective="Apply highpass to mix.wav")
    series = (first, task("b", "coder", "a", free=True))
    assert places("high-pass mix.wav, ring it and save it as mix.wav", *series) == {
        "b": ("mix.wav",)
    }


def test_an_objective_can_name_no_place_that_the_request_does_not() -> None:
    told = task("a", objective="save it as ~/secret.wav")
    assert places("normalise it", told) == {}


def test_a_picture_and_a_sound_have_each_their_own() -> None:
    request = "normalise it and save it as x.wav, draw it and save that as y.png"
    assert places(request, task("a"), task("b", "qwen_vl")) == {"a": ("x.wav",), "b": ("y.png",)}


@pytest.mark.parametrize("others", [(task("b"),), (task("b"), task("c"))])
def test_where_two_would_do_nobody_has_it(others: tuple[Task, ...]) -> None:
    assert places("normalise both and save it as x.wav", task("a"), *others) == {}


def test_a_workflow_has_a_folder_of_its_own() -> None:
    order = Order(workflow="master")
    ordered = task("a").model_copy(update={"order": order})
    assert places("master it and save it as x.wav", ordered) == {}


@pytest.mark.parametrize(
    ("name", "held", "names"),
    [
        ("x.flac", (), ["normalise_loudness", "convert"]),
        ("x.wav", (), ["normalise_loudness"]),
        ("x.mp3", ("convert",), ["convert"]),
    ],
)
def test_recipes_make_the_format_that_a_name_says_unless_one_was_asked_for(
    name: str, held: tuple[str, ...], names: list[str]
) -> None:
    one = task("a")
    if held:
        one = one.model_copy(update={"operations": tuple(Operation(name=each) for each in held)})
    plan = with_places(Plan(request=f"save it as {name}", tasks=(one,)))
    assert [each.name for each in plan.tasks[0].operations] == names
