"""How a context package is cut: filter, prioritise, translate and format, then fit the budget."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from agents.contexts.telling import Names, below, heading, tell_briefly, tell_to
from memory.context import (
    AgentName,
    ContextPackage,
    Finding,
    ProjectContext,
    Task,
)
from memory.filing.records import Record
from memory.glossary.glossary import Glossary
from memory.glossary.translation import View, translate
from memory.packing.compression import telling_words
from memory.packing.focus import focus_on, task_text
from memory.packing.forms import Candidate
from memory.packing.knowledge import Knowledge, from_context
from memory.packing.packages import Dropped, fit
from memory.packing.relevance import ranking
from memory.packing.token_budget import EstimatedTokens, TokenCounter, budget_for

MOST_WEIGHED = 160
"""Entries that may go in; a budget holds fewer."""

LESS_LIKELY = "many others are more likely needed"

GUIDES = "guides all work of this kind"

MOST_TERMS = 6
"""Words of the task that are explained."""

UNASKED_TOKENS = 2000
"""Budget of a package where no setting says another."""

_ESTIMATE = EstimatedTokens()


def everything(task: Task, knowledge: Knowledge) -> Knowledge:
    """Leave nothing out."""
    return knowledge


@dataclass(frozen=True)
class Adapter:
    """One agent's rules: what it may never see."""

    agent: AgentName
    refuses: Callable[[Record, Names], str]
    """Why the agent must never see an entry; empty when it may."""
    narrow: Callable[[Task, Knowledge], Knowledge] = everything
    """Leaves out what a task of this agent doesn't touch."""

    def package(
        self,
        task: Task,
        knowledge: Knowledge,
        most: int,
        glossary: Glossary,
        counter: TokenCounter = _ESTIMATE,
    ) -> ContextPackage:
        """Cut the agent's package for a task.

        Args:
            task: what it has to do.
            knowledge: what may bear on it.
            most: the agent's budget in tokens; a small project's package has less.
            glossary: what the task's words mean.
            counter: counts the tokens of the agent's model.
        """
        knowledge = self.narrow(task, knowledge)
        names = Names.of(knowledge)
        seen, refused = self._filtered(knowledge, names)
        focus = focus_on(task, knowledge, glossary)
        ranked = ranking(seen, focus, knowledge.nearness, glossary)
        text = task_text(task)
        view = View(glossary, _rate(task, names))
        return fit(
            self.agent,
            task.id,
            [*self._terms(text, view), *self._candidates(ranked, names, view)],
            budget_for(most, knowledge.tokens) if knowledge.tokens else most,
            counter,
            wanted=telling_words(text),
            left_out=[
                Dropped(record.id, record.kind, LESS_LIKELY)
                for record, _, _ in ranked[MOST_WEIGHED:]
            ],
            never_seen=refused,
        )

    def alone(
        self, task: Task, context: ProjectContext, findings: Sequence[Finding]
    ) -> ContextPackage:
        """The package from a turn's context, where there is no project memory to ask."""
        known = from_context(context).with_findings(findings)
        return self.package(task, known, UNASKED_TOKENS, Glossary.load(context.terms))

    def _filtered(self, knowledge: Knowledge, names: Names) -> tuple[list[Record], dict[str, int]]:
        refused = dict(knowledge.passed)
        seen: list[Record] = []
        for record in knowledge.records.values():
            if reason := self.refuses(record, names):
                refused[reason] = refused.get(reason, 0) + 1
            else:
                seen.append(record)
        return seen, refused

    def _candidates(
        self, ranked: Sequence[tuple[Record, float, str]], names: Names, view: View
    ) -> Iterator[Candidate]:
        for record, worth, reason in ranked[:MOST_WEIGHED]:
            group = heading(record, names)
            yield Candidate(
                id=record.id,
                kind=record.kind,
                text=below(group, tell_to(self.agent, record, names, view)),
                brief=below(group, tell_briefly(record, names)),
                worth=worth,
                reason=reason or GUIDES,
                place=record.place,
                group=group,
            )

    def _terms(self, text: str, view: View) -> Iterator[Candidate]:
        """What the task's own words mean for this agent."""
        for line in translate(text, self.agent, view).splitlines()[:MOST_TERMS]:
            yield Candidate(
                id=f"term:{line.partition(':')[0]}",
                kind="term",
                text=line,
                worth=1.0,
                reason="a word of the task",
                group="words of the task",
            )


def _rate(task: Task, names: Names) -> int | None:
    """The sample rate of the first sound that the task works on."""
    inputs = (names.assets[id_] for id_ in task.inputs if id_ in names.assets)
    return next((one.sample_rate_hz for one in inputs if one.sample_rate_hz), None)
