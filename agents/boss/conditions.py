"""What a result must meet: by its steps, by the decision, and before all by the user."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from agents.boss.aspects import criteria_of
from agents.boss.forms import CriterionForm
from agents.boss.verdict import Verdict
from agents.judging.criteria import meets
from agents.planning.criteria import of_operations, targets
from agents.wording import criterion_text
from audio.assets import AssetRef
from memory.context import Criterion, Finding, Plan, ProjectContext, Subject, Task


@dataclass(frozen=True)
class Demands:
    """What a turn's conditions rest on."""

    stated: tuple[Criterion, ...]
    """What the user demands in numbers."""
    findings: tuple[Finding, ...]
    """What is known of the files."""

    @classmethod
    def of(cls, plan: Plan, context: ProjectContext) -> "Demands":
        """The demands of the request that a plan answers."""
        return cls(targets(plan.request or context.request), context.findings)

    def criteria(
        self,
        forms: Iterable[CriterionForm],
        task: Task,
        base: Task | None,
        inputs: Sequence[AssetRef],
        verdict: Verdict,
        where: str,
    ) -> tuple[Criterion, ...]:
        """The conditions of a task; one that denies the user's numbers is a fault.

        Args:
            forms: what the decision states.
            task: the task, with its steps.
            base: the draft's task that it takes over.
            inputs: its files.
            verdict: takes what is wrong.
            where: what the task is called in faults.
        """
        said = criteria_of(forms, task.agent, verdict, where)
        old = base.criteria if base is not None else ()
        holds = base is not None and (task.agent != "coder" or base.operations == task.operations)
        fixed = old if holds else tuple(one for one in old if self._is_stated(one))
        derived = () if holds else tuple(self._derived(task, inputs))
        for one in (*derived, *said):
            for demand in fixed:
                if self._is_stated(demand) and _denies(one, demand):
                    wanted, told = criterion_text(demand, False), criterion_text(one, False)
                    verdict.fault(where, f"the request wants {wanted}, and this {told}")
        return tuple({(one.aspect, one.op): one for one in (*derived, *said, *fixed)}.values())

    def _is_stated(self, one: Criterion) -> bool:
        stated = ((other.aspect, other.op, other.value) for other in self.stated)
        return (one.aspect, one.op, one.value) in stated

    def _derived(self, task: Task, inputs: Sequence[AssetRef]) -> Iterator[Criterion]:
        if task.agent == "coder":
            ids = {one.id for one in inputs}
            about = [one for one in self.findings if one.subject.id in ids]
            yield from of_operations(task.operations, inputs, about)


def _denies(one: Criterion, demand: Criterion) -> bool:
    """Whether what meets a condition can't meet the user's demand."""
    if demand.aspect != one.aspect or one.op not in ("==", demand.op):
        return False
    if demand.op == "==" != one.op:
        return False
    reached = Finding.make(
        Subject(kind="asset", id=""),
        demand.aspect,
        one.value,
        unit=demand.unit,
        evidence="inferred",
        source="supervisor",
        method="",
        confidence=1.0,
        absent=one.value is None,
    )
    return not meets(demand, reached)
