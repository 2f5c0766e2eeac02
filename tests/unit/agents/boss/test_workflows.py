from agents.boss.checking import check_plan
from agents.boss.drafting import drafted
from agents.boss.files import Files
from agents.boss.forms import PlanForm, StepForm, TaskForm, Value
from agents.boss.verdict import Verdict
from agents.supervisor import Supervisor
from audio.assets import AssetRef
from memory.context import AgentName, Order, Plan, ProjectContext

SONG = AssetRef(
    id="3f9a" + "0" * 60, kind="audio", name="song.wav", suffix="wav", size_bytes=9,
    seconds=180.0, sample_rate_hz=48000, channels=2,
)  # fmt: skip


def _context(request: str, *assets: AssetRef) -> ProjectContext:
    attached = tuple(one.id for one in assets)
    return ProjectContext(
        project="p", thread="main", turn=1, request=request, assets=assets, attached=attached
    )


def _decided(
    request: str, agent: AgentName, name: str, *assets: AssetRef, draft: int = 0, **given: Value
) -> tuple[Plan, Verdict]:
    context = _context(request, *assets)
    step = StepForm(name=name, parameters=given)
    task = TaskForm(draft=draft, agent=agent, objective="Do it", reason="wanted", steps=(step,))
    return check_plan(PlanForm(tasks=(task,)), context, Supervisor().plan(context), 8)


def test_the_boss_has_a_song_composed_in_its_own_words() -> None:
    plan, verdict = _decided("Something for a rainy day", "coder", "compose", brief="slow, D minor")
    assert not verdict.faults
    assert plan.tasks[-1].order == Order(workflow="compose", parameters={"brief": "slow, D minor"})
    assert not plan.asks


def test_the_boss_has_a_recording_unpacked() -> None:
    plan, verdict = _decided("What is in here?", "gama", "unpack", SONG)
    assert not verdict.faults
    (task,) = (one for one in plan.tasks if one.order is not None)
    assert (task.order, task.inputs) == (Order(workflow="unpack"), (SONG.id,))


def test_a_workflow_belongs_to_one_agent_and_needs_what_it_works_from() -> None:
    _, of_another = _decided("Unpack it", "coder", "unpack", SONG)
    assert any("belongs to gama" in one for one in of_another.faults)
    _, without = _decided("A tool, please", "coder", "build")
    assert any("needs its spec" in one for one in without.faults)
    _, more = _decided("Unpack it", "gama", "unpack", SONG, path="/etc/passwd")
    assert any("takes no path" in one for one in more.faults)


def test_what_the_request_ordered_is_shown_to_the_boss_and_kept() -> None:
    context = _context("Compose a waltz in G")
    draft = Supervisor().plan(context)
    assert '"name":"compose"' in drafted(draft, Files.of(()))
    plan, verdict = check_plan(PlanForm(), context, draft, 8)
    assert not verdict.faults
    assert [one.order for one in plan.tasks] == [one.order for one in draft.tasks]


def test_mastering_one_file_stays_a_recipe() -> None:
    plan, verdict = _decided(
        "Master it to -14 LUFS", "coder", "master", SONG, draft=1, target_lufs=-14.0
    )
    assert not verdict.faults
    assert [one.name for one in plan.tasks[0].operations] == ["master"]
    assert plan.tasks[0].order is None
