"""What is outside of the documented family: a model writes it, a human agrees, the bench judges.

Each version is checked, approved, tested and measured as any package is; what was wrong goes back
with lines and numbers, a bounded number of times.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from agents.coding.approval import Decision, Source, approval_for
from agents.coding.author import Author
from agents.coding.briefing import sent_back
from agents.coding.coding import MOST_TRIES
from agents.coding.drafting import drafted, edited, form_of, sources_of
from agents.coding.forms import CodeForm
from agents.coding.gate import Gate
from agents.coding.rehearsal import Rehearsal
from agents.coding.words import CodeFile, Draft
from agents.sandbox.runs import Runner
from agents.toolchain.bench import Bench, BenchFault
from agents.toolchain.framing import MODULE, declared, framed
from agents.toolchain.measuring.measuring import measured
from agents.toolchain.products import Designed, Written
from agents.toolchain.specification import ParameterSpec, Specification
from agents.toolchain.steps import SECONDS, stored_package
from agents.toolchain.wheel import wheel_name, wheel_of
from agents.toolchain.writing import class_name, source_of_module
from agents.turn.events import Tell
from audio.assets import AssetStore
from grym_synth.errors import BadInput
from memory.context import CodeTrial, Event, Word
from models.base import Message
from prompts.outline import outline
from prompts.rendering import render

_MOST_FAULTS = 8


class Judged(Word):
    """What came of one version."""

    specification: Specification
    """With the parameters that it declares, where the specification names none."""
    faults: tuple[str, ...] = ()


@dataclass
class Authoring:
    """The work of a model on one specification."""

    specification: Specification
    author: Author
    gate: Gate
    runner: Runner
    assets: AssetStore
    tell: Tell
    asks: bool
    """Whether running code needs a human's yes."""
    task: str
    _trials: list[CodeTrial] = field(default_factory=list)
    _shown: list[Source] = field(default_factory=list)

    def write(self) -> tuple[Designed, Written]:
        """Write until a version is right or the tries are used up; the last one counts.

        Raises:
            BadInput: there is no version that may run.
            Cancelled: the caller no longer wants the turn.
        """
        kept: tuple[Draft, Judged] | None = None
        last: Draft | None = None
        faults: tuple[str, ...] = ()
        for number in range(1, MOST_TRIES + 1):
            draft = self._written(number, last, faults)
            last, faults = draft if draft.files else last, draft.faults
            if draft.lost:
                self._note(draft, "none", (draft.lost,))
                break
            if draft.faults:
                self._note(draft, "unsound" if draft.files else "none", draft.faults)
                continue
            decision = self._decided(draft)
            if decision is not None and decision.type == "reject":
                why = decision.message.strip()
                faults = (f"a human refused to run it: {why}" if why else "it was not approved",)
                self._note(draft, "refused", faults, decision.type)
                if not why:
                    break
                continue
            if decision is not None and decision.type == "edit":
                draft = last = edited(draft, decision.files, self.assets)
            judged = self._judged(draft)
            kept, faults = (draft, judged), judged.faults
            verdict = decision.type if decision is not None else ""
            self._note(draft, "failed" if faults else "passed", faults, verdict)
            if not faults:
                break
        if kept is None:
            raise BadInput(
                "having a model write the processor", "; ".join(faults) or "no code came",
                "Say more exactly what it shall do, or ask for a member of the documented family",
            )  # fmt: skip
        return self._stored(*kept)

    def _written(self, number: int, before: Draft | None, faults: Sequence[str]) -> Draft:
        def write() -> Draft:
            self._announce(f"{self.author.name} writes version {number}")
            messages = briefing(self.specification)
            if faults:
                shown = form_of(before, self.assets) if before is not None else None
                messages += sent_back(shown, max(1, number - 1), list(faults)[:_MOST_FAULTS])
            said = self.author.write(messages)
            if said.form is None:
                wrong = () if said.lost else (f"the answer has not the wanted form: {said.fault}",)
                return Draft(
                    number=number, author=self.author.name, thought=said.thought, lost=said.lost,
                    faults=wrong,
                )  # fmt: skip
            form = said.form.model_copy(update={"criteria": (), "save_as": ()})
            draft = drafted(form, number, self.author.name, said.thought, self.assets)
            found = draft.faults or self._checked(draft)
            return draft.model_copy(update={"faults": found})

        return self.gate.once(f"write-{number}", Draft, write)

    def _checked(self, draft: Draft) -> tuple[str, ...]:
        """What is wrong with a version as it stands; nothing of it is executed."""
        if draft.program != MODULE:
            return (f"the first file must be {MODULE}, not {draft.program}",)
        name = f"{self.specification.name}.py"  # stands for the package itself
        stub = CodeFile(name=name, id=self.assets.add_bytes(b'"""."""\n', "text", name).id)
        rehearsal = Rehearsal(self.runner, self.assets, (*draft.files, stub), (), SECONDS)
        return rehearsal.check()

    def _decided(self, draft: Draft) -> Decision | None:
        """What a human says; None where nobody needs to be asked."""
        if not self.asks:
            return None
        sources, before = sources_of(draft, self.assets), self._shown
        self._shown = sources
        says = f"Build {self.specification.title}"
        return self.gate.decide(approval_for(draft, sources, before, says, True, ()))[0]

    def _judged(self, draft: Draft) -> Judged:
        def judge() -> Judged:
            self._announce(f"version {draft.number} is tested and measured")
            files = framed(self.specification, sources_of(draft, self.assets))
            with tempfile.TemporaryDirectory(prefix="grym-build-") as name:
                wheel = Path(name) / wheel_name(self.specification)
                wheel.write_bytes(wheel_of(self.specification, files))
                tests = []
                for one in files:
                    if one.path.startswith("tests/"):
                        tests.append(Path(name) / one.path.rpartition("/")[2])
                        tests[-1].write_text(one.text, encoding="utf-8")
                processor = class_name(self.specification)
                bench = Bench(self.runner, wheel, self.specification.name, processor, SECONDS)
                failed, ran = bench.test(tests)
                found, wrong = self._measured(bench)
            none = () if ran else ("there are no tests",)
            return Judged(specification=found, faults=(*failed, *none, *wrong))

        return self.gate.once(f"judge-{draft.number}", Judged, judge)

    def _measured(self, bench: Bench) -> tuple[Specification, tuple[str, ...]]:
        try:
            told = bench.measure([], self.specification.channels).parameters
            found = declared(self.specification, told)
            checks = measured(found, bench).checks
        except (BenchFault, BadInput) as fault:
            return self.specification, (fault.happened,)
        return found, tuple(
            f"{one.what}: measured {one.measured} {one.unit} ({one.method}) {one.why}".strip()
            for one in checks
            if one.status == "not_met"
        )

    def _stored(self, draft: Draft, judged: Judged) -> tuple[Designed, Written]:
        found = judged.specification
        files = framed(found, sources_of(draft, self.assets))
        written = stored_package(found, files, class_name(found), self.assets)
        author = {"author": draft.author, "trials": tuple(self._trials)}
        return Designed(specification=found), written.model_copy(update=author)

    def _note(
        self, draft: Draft, outcome: Literal["passed", "failed", "unsound", "refused", "none"],
        faults: tuple[str, ...], decision: str = "",
    ) -> None:  # fmt: skip
        self._trials.append(
            CodeTrial(
                number=draft.number, author=draft.author,
                files=tuple(one.id for one in draft.files), decision=decision, outcome=outcome,
                faults=faults, thought=draft.thought,
            )
        )  # fmt: skip

    def _announce(self, text: str) -> None:
        self.tell(Event(kind="retry", node="build", task=self.task, text=text))


def briefing(specification: Specification) -> list[Message]:
    """The messages that ask for the first version."""
    shared = {
        "package": specification.name, "processor": class_name(specification),
        "channels": specification.channels,
    }  # fmt: skip
    base = "\n\n".join(source_of_module(one) for one in ("parameters", "processor"))
    rules = render("build_rules", form=outline(CodeForm), base=base, **shared)
    asked = render(
        "build", specification=specification.text,
        parameters=[_said(one) for one in specification.parameters], **shared,
    )  # fmt: skip
    return [Message("system", rules), Message("user", asked)]


def _said(one: ParameterSpec) -> str:
    ends = f"{one.minimum:g} to {one.maximum:g}, default {one.default:g}"
    return f"{one.name} [{one.unit}]: {ends}, glides in {one.smoothing_ms:g} ms"
