"""What each task's agent is handed: its files and facts, and a package cut from project memory."""

from agents.contexts.coder import CODER, CoderSlice, coder_slice
from agents.contexts.gama import GAMA, GamaSlice, gama_slice
from agents.contexts.qwen_vl import QWEN_VL, QwenVlSlice, qwen_vl_slice
from grym_synth.settings import PackageTokens
from memory.context import Finding, ProjectContext, Task
from memory.glossary.glossary import Glossary
from memory.packing.token_budget import EstimatedTokens, TokenCounter
from memory.repository import Repository

SpecialistSlice = GamaSlice | QwenVlSlice | CoderSlice
"""What a specialist sees; each is cut by that agent's own adapter."""


def slice_for(
    task: Task,
    context: ProjectContext,
    findings: tuple[Finding, ...],
    repository: Repository,
    budgets: PackageTokens,
    counter: TokenCounter | None = None,
) -> SpecialistSlice:
    """Cut the slice of one task.

    Args:
        task: the task, whose agent it is for.
        context: the turn's context.
        findings: what this turn has found so far.
        repository: the project memory.
        budgets: most tokens of each agent's package.
        counter: counts as the agent's model does; by default the estimate.
    """
    count = counter or EstimatedTokens()
    glossary = Glossary.load(context.terms)
    known = repository.knowledge(context.project, task, glossary).with_findings(findings)
    if task.agent == "gama":
        package = GAMA.package(task, known, budgets.gama, glossary, count)
        return gama_slice(task, context, findings, package)
    if task.agent == "qwen_vl":
        package = QWEN_VL.package(task, known, budgets.qwen_vl, glossary, count)
        return qwen_vl_slice(task, context, findings, package)
    package = CODER.package(task, known, budgets.coder, glossary, count)
    return coder_slice(task, context, findings, package)
