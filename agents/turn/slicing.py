"""What each task's agent is handed: its files and facts, and a package cut from project memory."""

from collections.abc import Callable, Sequence

from agents.contexts.coder import CODER, CoderSlice, coder_slice
from agents.contexts.gama import GAMA, GamaSlice, gama_slice
from agents.contexts.qwen_vl import QWEN_VL, QwenVlSlice, qwen_vl_slice
from grym_synth.settings import PackageTokens
from memory.context import AgentName, Finding, ProjectContext, Task
from memory.glossary.glossary import Glossary
from memory.packing.knowledge import Knowledge
from memory.packing.token_budget import EstimatedTokens, TokenCounter
from memory.repository import Repository

SpecialistSlice = GamaSlice | QwenVlSlice | CoderSlice
"""What a specialist sees; each is cut by that agent's own adapter."""


def slices_for(
    tasks: Sequence[Task],
    context: ProjectContext,
    findings: tuple[Finding, ...],
    repository: Repository,
    budgets: PackageTokens,
    counter: Callable[[AgentName], TokenCounter | None],
) -> list[SpecialistSlice]:
    """Cut the slices of a round's tasks; the memory is asked for all of them at once.

    Args:
        tasks: the tasks, each for its agent.
        context: the turn's context.
        findings: what this turn has found so far.
        repository: the project memory.
        budgets: most tokens of each agent's package.
        counter: who counts as an agent's model does; None for the estimate.
    """
    glossary = Glossary.load(context.terms)
    each = repository.knowledge(context.project, tasks, glossary)
    return [
        _slice(task, context, findings, known.with_findings(findings), budgets, glossary, count)
        for task, known in zip(tasks, each, strict=True)
        for count in [counter(task.agent) or EstimatedTokens()]
    ]


def _slice(
    task: Task,
    context: ProjectContext,
    findings: tuple[Finding, ...],
    known: Knowledge,
    budgets: PackageTokens,
    glossary: Glossary,
    count: TokenCounter,
) -> SpecialistSlice:
    if task.agent == "gama":
        package = GAMA.package(task, known, budgets.gama, glossary, count)
        return gama_slice(task, context, findings, package)
    if task.agent == "qwen_vl":
        package = QWEN_VL.package(task, known, budgets.qwen_vl, glossary, count)
        return qwen_vl_slice(task, context, findings, package)
    package = CODER.package(task, known, budgets.coder, glossary, count)
    return coder_slice(task, context, findings, package)
