from agents.judging.mending import changed_nothing, settle
from audio.assets import AssetRef
from memory.context import Criterion, Finding, Operation, ProjectContext, Subject, Task

MIX = AssetRef(id="a" * 64, kind="audio", name="mix.wav", suffix="wav", size_bytes=9, seconds=180.0)
VOX = AssetRef(id="b" * 64, kind="audio", name="vox.wav", suffix="wav", size_bytes=9, seconds=60.0)
LISTENED = Task(id="t-1", agent="gama", objective="Measure", status="done")
CONTEXT = ProjectContext(project="p", thread="t", turn=1, request="", assets=(MIX, VOX))
QUIET = Operation(
    name="when", parameters={"aspect": "loudness.integrated_lufs", "op": "<=", "value": -16.0}
)
RAISE = Operation(name="normalise_loudness", parameters={"target_lufs": -14.0})


def work(*operations: Operation, inputs: tuple[AssetRef, ...] = (MIX,)) -> Task:
    return Task(
        id="t-2",
        agent="coder",
        objective="Build",
        inputs=tuple(asset.id for asset in inputs),
        needs=("t-1",),
        operations=operations,
    )


def measured(aspect: str, value: float | None, asset: AssetRef = MIX) -> Finding:
    return Finding.make(
        Subject(kind="asset", id=asset.id),
        aspect,
        value,
        unit="",
        evidence="measured",
        source="gama/meter@1",
        method="",
        confidence=0.9,
    )


def settled(task: Task, *findings: Finding) -> Task:
    return settle((LISTENED, task), CONTEXT, findings)[1]


def test_each_measured_fault_gets_its_recipe_and_a_criterion() -> None:
    task = settled(
        work(Operation(name="mend")),
        measured("hum.hz", 50.0),
        measured("dc_offset", 0.02),
        measured("silence.start_seconds", 0.1),
    )
    assert {one.name: one.parameters for one in task.operations} == {
        "remove_dc": {},
        "dehum": {"hum_hz": 50.0},
    }
    assert {one.aspect for one in task.criteria} == {"dc_offset", "hum.hz"}
    assert "hum" in task.reason and task.status == "planned"


def test_sound_without_faults_is_left_alone_with_a_reason() -> None:
    task = settled(work(Operation(name="mend")), measured("hum.hz", None))
    assert changed_nothing(task)
    assert "Nothing that was measured" in task.why


def test_condition_that_holds_lets_the_work_go_on() -> None:
    task = settled(work(QUIET, RAISE), measured("loudness.integrated_lufs", -20.0))
    assert task.operations == (RAISE,) and task.status == "planned"


def test_condition_that_does_not_hold_ends_the_work_with_the_value() -> None:
    task = settled(work(QUIET, RAISE), measured("loudness.integrated_lufs", -12.0))
    assert changed_nothing(task) and "-12" in task.why
    assert task.criteria == ()


def test_condition_is_judged_for_each_file() -> None:
    task = settled(
        work(QUIET, RAISE, inputs=(MIX, VOX)),
        measured("loudness.integrated_lufs", -12.0),
        measured("loudness.integrated_lufs", -20.0, VOX),
    )
    assert task.inputs == (VOX.id,)


def test_nothing_is_settled_before_the_measurement_is_done() -> None:
    waiting = LISTENED.model_copy(update={"status": "planned"})
    task = work(Operation(name="mend"))
    assert settle((waiting, task), CONTEXT, ()) == (waiting, task)


def test_what_the_request_wanted_besides_stays_a_criterion() -> None:
    wish = Criterion(aspect="channels", op="==", value=2)
    task = work(Operation(name="mend")).model_copy(update={"criteria": (wish,)})
    assert wish in settled(task, measured("hum.hz", 50.0)).criteria
