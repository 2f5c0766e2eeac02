from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.boss.checking import check_plan
from agents.boss.forms import (
    AskForm,
    CriterionForm,
    DropForm,
    PlanForm,
    StepForm,
    TaskForm,
    Value,
)
from agents.boss.steps import names_for
from agents.judging.mending import UNSETTLED
from agents.recipes.binding import needed_facts
from agents.supervisor import Supervisor
from audio.aspects import ASPECTS, PROFILE
from audio.assets import AssetRef
from memory.context import AGENTS, ProjectContext

MIX = AssetRef(
    id="3f9a" + "0" * 56 + "b2c3", kind="audio", name="mix.wav", suffix="wav", size_bytes=9,
    seconds=180.0, sample_rate_hz=48000, channels=2,
)  # fmt: skip
REQUESTS = (
    "Measure the key and master it to -14 LUFS",
    "Show me the spectrogram, and if it hums take the hum out",
    "hello",
    "Write a plug-in",
)
WORDS = st.text(max_size=12) | st.sampled_from(["mix.wav", "measure", "key", "loudness", *PROFILE])
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
VALUES: st.SearchStrategy[Value] = (
    st.none() | st.booleans() | NUMBERS | WORDS | st.lists(WORDS, max_size=3)
)
NAMES = [name for agent in AGENTS for name in names_for(agent)]
PARAMETERS = ["db", "aspects", "target_lufs", "cutoff_hz", "target_bpm", "aspect", "op", "value"]
STEPS = st.builds(
    StepForm,
    name=st.sampled_from(NAMES) | WORDS,
    parameters=st.dictionaries(st.sampled_from(PARAMETERS) | WORDS, VALUES, max_size=3),
)
CRITERIA = st.builds(
    CriterionForm,
    aspect=st.sampled_from(list(ASPECTS)) | WORDS,
    op=st.sampled_from(["==", "<=", ">="]),
    value=st.none() | NUMBERS | WORDS,
    tolerance=st.none() | st.floats(allow_nan=False, allow_infinity=False),
)
TASKS = st.builds(
    TaskForm,
    draft=st.integers(0, 3),
    agent=st.sampled_from(list(AGENTS)),
    objective=WORDS,
    inputs=st.lists(WORDS, max_size=2).map(tuple),
    needs=st.lists(st.integers(-1, 4), max_size=2).map(tuple),
    priority=st.integers(1, 99),
    reason=WORDS,
    criteria=st.lists(CRITERIA, max_size=2).map(tuple),
    steps=st.lists(STEPS, max_size=2).map(tuple),
)
PLANS = st.builds(
    PlanForm,
    tasks=st.lists(TASKS, max_size=4).map(tuple),
    dropped=st.lists(
        st.builds(
            DropForm,
            what=st.sampled_from(["task", "question"]),
            number=st.integers(1, 4),
            why=WORDS,
        ),
        max_size=2,
    ).map(tuple),
    asks=st.lists(st.builds(AskForm, question=WORDS, missing=st.just("audio")), max_size=2).map(
        tuple
    ),
    recalls=st.lists(WORDS, max_size=2).map(tuple),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(form=PLANS, request=st.sampled_from(REQUESTS), there=st.booleans())
def test_whatever_a_model_plans_is_refused_or_can_be_carried_out(
    form: PlanForm, request: str, there: bool
) -> None:
    context = ProjectContext(
        project="p", thread="main", turn=1, request=request, assets=(MIX,) if there else (),
        attached=(MIX.id,) if there else (),
    )  # fmt: skip
    plan, verdict = check_plan(form, context, Supervisor().plan(context), 8)
    if verdict.faults:
        return

    ids = [task.id for task in plan.tasks]
    assert len(set(ids)) == len(ids) <= 8
    for task in plan.tasks:
        assert task.objective and task.reason
        assert set(task.needs) <= set(ids) - {task.id}
        assert set(task.inputs) <= {MIX.id}
        assert all(one.name in names_for(task.agent) for one in task.operations)
        assert all(one.aspect in PROFILE for one in task.criteria)
        if task.agent == "coder":
            needed_facts(tuple(one for one in task.operations if one.name not in UNSETTLED))
