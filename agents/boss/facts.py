"""What a prompt may cite: facts, tasks and advice under short names, with what each one says."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agents.wording import criterion_text, finding_text, operation_text
from memory.context import Finding, ProjectContext, Recommendation, Task
from memory.distilling.distill import source_text
from memory.language.invention import invented_numbers

MOST = 60
"""Most facts of one prompt; those that come first are the most important."""


@dataclass(frozen=True)
class Facts:
    """Facts by short name."""

    findings: Mapping[str, Finding]
    lines: Mapping[str, str]
    """What a model reads of each."""
    sources: Mapping[str, str]
    """What numbers each one holds."""

    @classmethod
    def of(
        cls,
        findings: Sequence[Finding],
        names: Mapping[str, str],
        tasks: Iterable[Task] = (),
        advice: Iterable[Recommendation] = (),
    ) -> "Facts":
        """Name findings ``f1``, tasks ``t1`` and recommendations ``r1`` in their order.

        Args:
            findings: the most important first.
            names: file names by asset id.
            tasks: work, with what was verified.
            advice: what follows from the findings.
        """
        held = {f"f{number}": one for number, one in enumerate(findings[:MOST], 1)}
        lines = {name: _line(one, names) for name, one in held.items()}
        sources = {name: f"{lines[name]} ; {source_text(one)}" for name, one in held.items()}
        others = {f"t{number}": _task(one) for number, one in enumerate(tasks, 1)}
        others |= {f"r{number}": one.text for number, one in enumerate(advice, 1)}
        return cls(held, {**lines, **others}, {**sources, **others})

    def text(self) -> str:
        """All of them, a line each."""
        return "\n".join(f"[{name}] {line}" for name, line in self.lines.items())

    def cited(self, said: Iterable[str]) -> tuple[str, ...]:
        """The names among some that there are."""
        plain = (one.strip().strip("[]() ") for one in said)
        return tuple(dict.fromkeys(one for one in plain if one in self.lines))

    def ids(self, names: Iterable[str]) -> tuple[str, ...]:
        """Ids of the findings among some names."""
        return tuple(self.findings[one].id for one in names if one in self.findings)

    def unsupported(self, text: str, names: Iterable[str]) -> tuple[str, ...]:
        """The numbers of a text that what it cites does not hold."""
        return invented_numbers(text, [self.sources[one] for one in names])


def file_names(context: ProjectContext) -> dict[str, str]:
    """File names by asset id."""
    return {one.id: one.name for one in context.assets}


def _line(one: Finding, names: Mapping[str, str]) -> str:
    subject = one.subject
    about = names.get(subject.id, "a file") if subject.kind == "asset" else subject.id
    when = ""
    if subject.start is not None and subject.end is not None:
        when = f" at {subject.start:.2f}-{subject.end:.2f} s"
    return f"{about}{when}: {finding_text(one)} [{one.aspect}]"


def _task(task: Task) -> str:
    parts = [
        f"{task.agent}, {task.status.replace('_', ' ')}: {task.objective}",
        "; ".join(map(operation_text, task.operations)),
        "; ".join(map(criterion_text, task.criteria)),
        task.why,
    ]
    return " | ".join(filter(None, parts))
