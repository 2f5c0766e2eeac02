"""One task of free code: a model writes, a human agrees, the sandbox runs, instruments judge.

Each version is checked, then approved, then tried; what was wrong goes back to the model with lines
and numbers, a bounded number of times. Nothing counts but what was measured.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agents.coding.approval import RUN_CODE, Decision, Policy, Source
from agents.coding.asking import decided, left_out
from agents.coding.author import Author
from agents.coding.briefing import briefing, sent_back
from agents.coding.drafting import drafted, edited, form_of, sources_of
from agents.coding.gate import Gate
from agents.coding.probing import probed
from agents.coding.rehearsal import Rehearsal, fault_of
from agents.coding.results import Results, aspects_for
from agents.coding.saving import save
from agents.coding.wanted import wanted_sorts
from agents.coding.words import Draft, Outcome, Save, Sort, Tries
from agents.contexts.coder import CoderSlice
from agents.sandbox.runs import Runner
from agents.turn.events import Tell
from agents.wording import count_text
from audio.assets import AssetStore
from memory.context import CodeTrial, Criterion, Event

MOST_TRIES = 4
"""Versions of the code that are written for one task."""

_MOST_FAULTS = 8
"""Faults of one version that its author is told."""


@dataclass
class Coding:
    """The work on one task."""

    slice_: CoderSlice
    author: Author
    gate: Gate
    runner: Runner
    assets: AssetStore
    seconds: float
    """Longest run, beside half the length of the sounds."""
    tell: Tell
    policy: Policy
    _trials: list[CodeTrial] = field(default_factory=list)
    _shown: list[Source] = field(default_factory=list)
    """The version that a human saw last."""

    def tries(self) -> Tries:
        """Write and try until a version is right, nobody can go on, or the tries are used up."""
        held, faults = Tries(), tuple[str, ...]()
        for number in range(1, MOST_TRIES + 1):
            draft = self._write(number, held.draft, faults)
            if draft.lost:
                self._note(draft, "none", (draft.lost,))
                return held.model_copy(update={"trials": self._noted, "lost": draft.lost})
            if draft.faults:
                self._note(draft, "unsound" if draft.files else "none", draft.faults)
                held = _with(held, draft, draft.faults) if draft.files else held
                faults = draft.faults
                continue
            held, faults, refused = self._judged(draft, held)
            if refused or not faults:
                return held.model_copy(update={"trials": self._noted, "refused": refused})
        return held.model_copy(update={"trials": self._noted})

    @property
    def _noted(self) -> tuple[CodeTrial, ...]:
        return tuple(self._trials)

    def _judged(self, draft: Draft, held: Tries) -> tuple[Tries, tuple[str, ...], str]:
        """A sound draft, approved and tried: what is known now, its faults, and a last refusal."""
        decision, saves = self._decide(draft)
        verdict = decision.type if decision is not None else ""
        if decision is not None and decision.type == "reject":
            why = decision.message.strip()
            faults = (f"a human refused to run it: {why}" if why else "a human refused to run it",)
            self._note(draft, "refused", faults, verdict)
            return _with(held, draft, faults), faults, "" if why else "it was not approved"
        if decision is not None and decision.type == "edit":
            draft = edited(draft, decision.files, self.assets)
        outcome = self._try(draft, saves)
        self._note(draft, "failed" if outcome.faults else "passed", outcome.faults, verdict)
        after = held.model_copy(update={"draft": draft, "outcome": outcome})
        return after, outcome.faults, ""

    def _write(self, number: int, before: Draft | None, faults: Sequence[str]) -> Draft:
        def write() -> Draft:
            what = "writes code" if number == 1 else f"writes version {number}"
            self._announce(f"{self.author.name} {what}")
            messages = briefing(self.slice_, self.seconds)
            if faults:
                shown = form_of(before, self.assets) if before is not None else None
                messages += sent_back(shown, number - 1, list(faults)[:_MOST_FAULTS])
            written = self.author.write(messages)
            name, thought = self.author.name, written.thought
            if written.form is None:
                wrong = (f"the answer has not the wanted form: {written.fault}",)
                return Draft(
                    number=number, author=name, thought=thought, lost=written.lost,
                    faults=() if written.lost else wrong,
                )  # fmt: skip
            request, out = self.slice_["request"], self.policy.out
            named = self.slice_["task"].save_as
            draft = drafted(written.form, number, name, thought, self.assets, request, out, named)
            if draft.faults:
                return draft
            if again := self._again(draft):
                return draft.model_copy(update={"faults": again})
            lacks = () if self._criteria(draft) or not self._wants_sound() else (
                "criteria is empty: say what can be measured of the result",
            )  # fmt: skip
            found = (*lacks, *self._rehearsal(draft).check())
            return draft.model_copy(update={"faults": found})

        return self.gate.once(f"write-{number}", Draft, write)

    def _again(self, draft: Draft) -> tuple[str, ...]:
        """What is wrong with a version that was there before; nothing of a new one."""
        files = tuple(one.id for one in draft.files)
        same = [one for one in self._trials if one.files == files]
        return (f"these are the files of version {same[0].number}", *same[0].faults) if same else ()

    def _decide(self, draft: Draft) -> tuple[Decision | None, tuple[Save, ...]]:
        """What a human says to a draft, and where results may go.

        It is shown with what changed since the version before; None where nobody needs to be asked.
        """
        sources, before = sources_of(draft, self.assets), self._shown
        self._shown = sources
        runs = RUN_CODE in self.policy.asks
        objective = self.slice_["task"].objective
        return decided(draft, objective, self.gate, self.policy, sources, before, runs)

    def _try(self, draft: Draft, saves: tuple[Save, ...]) -> Outcome:
        def attempt() -> Outcome:
            self._announce(f"version {draft.number} of {draft.program} is tested and run")
            rehearsal = self._rehearsal(draft)
            if unsound := rehearsal.check() if draft.author == "user" else ():
                return Outcome(faults=unsound)
            failed, tests = rehearsal.test()
            task = self.slice_["task"]
            results = Results(self.assets, task.id, draft.author)
            criteria = self._criteria(draft)
            with rehearsal.run() as run:
                broke = fault_of(run)
                for name, path in sorted(run.outputs.items()):
                    results.take(name, path, aspects_for(criteria))
            results.faults[:0] = (*failed, *broke)
            if not broke:
                sounds = [self.assets.path(one) for one in self.slice_["assets"]]
                results.check(draft, criteria, sounds, self._wanted())
                self._probe(rehearsal, draft, results)
            if tests and not failed:
                results.notes.append(f"{count_text(tests, 'test')} of its own passed")
            if not results.faults:
                results.notes += left_out(draft, saves, self.policy)
                results.notes += save(saves, results.stored())
            return self._announced(draft, results.outcome())

        return self.gate.once(f"try-{draft.number}", Outcome, attempt)

    def _probe(self, rehearsal: Rehearsal, draft: Draft, results: Results) -> None:
        """Measure the response of a right program that makes one sound of each; keep its table."""
        made = [one for one in results.artifacts if one.kind == "audio"]
        if results.faults or len(made) != len(rehearsal.sources) or not made:
            return
        response = probed(rehearsal)
        if response is None:
            return
        results.notes.append(response.told)
        if response.is_fixed and not response.is_flat:
            results.keep(f"{Path(draft.program).stem}-response.csv", response.table)

    def _rehearsal(self, draft: Draft) -> Rehearsal:
        return Rehearsal(self.runner, self.assets, draft.files, self.slice_["assets"], self.seconds)

    def _criteria(self, draft: Draft) -> tuple[Criterion, ...]:
        """The task's own conditions, and those of the author that speak of something else."""
        task = self.slice_["task"]
        held = {one.aspect for one in task.criteria}
        return (*task.criteria, *(one for one in draft.criteria if one.aspect not in held))

    def _wants_sound(self) -> bool:
        return "sound" in self._wanted()

    def _wanted(self) -> frozenset[Sort]:
        slice_, task = self.slice_, self.slice_["task"]
        said = f"{slice_['request']}\n{task.objective}"
        return wanted_sorts(said, on_sound=bool(slice_["assets"] or task.criteria))

    def _note(
        self, draft: Draft, outcome: str, faults: tuple[str, ...], decision: str = ""
    ) -> None:
        self._trials.append(
            CodeTrial.model_validate(
                {
                    "number": draft.number,
                    "author": draft.author,
                    "files": tuple(one.id for one in draft.files),
                    "decision": decision,
                    "outcome": outcome,
                    "faults": faults,
                    "thought": draft.thought,
                }
            )
        )

    def _announced(self, draft: Draft, outcome: Outcome) -> Outcome:
        if outcome.faults:
            told = "; ".join(outcome.faults)[:300]
            self._announce(f"version {draft.number} is not right: {told}")
        return outcome

    def _announce(self, text: str) -> None:
        self.tell(Event(kind="retry", node="coder", task=self.slice_["task"].id, text=text))


def _with(held: Tries, draft: Draft, faults: tuple[str, ...]) -> Tries:
    """What is known with a draft that was not run."""
    return held.model_copy(update={"draft": draft, "outcome": Outcome(faults=faults)})
