"""The boss explains contradictions that no rule settles, and may order one more look.

It can settle those of hearsay: what was heard, seen or inferred. Between measurements it never
chooses; what it says of them is an explanation, and the contradiction stays open.
"""

from collections.abc import Sequence
from typing import Literal

from agents.answering.disputes import strongest
from agents.boss.boss import Boss, told
from agents.boss.facts import Facts, file_names
from agents.boss.forms import RulingForm
from agents.wording import aspect_text
from audio.aspects import PROFILE
from memory.context import (
    Conflict,
    Finding,
    Operation,
    ProjectContext,
    Task,
    content_id,
)
from memory.distilling.conflicts import Ruling
from memory.language.invention import keep_supported

MOST = 3
"""Most contradictions of one round that it is asked about."""

LOOK = "to settle a contradiction"
"""How the reason of an ordered look begins."""

_FACTS = ("measured", "executed")


class BossArbiter:
    """Weighs, with a model, what the rules leave open."""

    def __init__(self, boss: Boss, context: ProjectContext) -> None:
        """Make an arbiter for one round.

        Args:
            boss: who is asked.
            context: what the project knew before the turn; what it knows is not asked again.
        """
        self._boss, self._context = boss, context
        self._known = {
            (one.aspect, frozenset(one.findings)): one
            for one in context.conflicts
            if one.status == "open"
        }
        self._said: dict[tuple[str, frozenset[str]], str] = {}
        self._looks: list[Task] = []

    def decide(self, conflict: Conflict, sides: Sequence[Finding]) -> Ruling | None:
        """Choose between hearsay; None when it can't be told or measurements are at odds."""
        key = _key(conflict)
        equals = strongest(sides)
        if key in self._known or len(self._said) >= MOST or len(equals) < 2:
            return None
        facts = Facts.of(equals, file_names(self._context))
        messages = told(
            "arbitrate",
            RulingForm,
            request=self._context.request,
            aspect=aspect_text(conflict.aspect),
            sides=[(name, line) for name, line in facts.lines.items()],
            why=conflict.why,
            measured=equals[0].evidence in _FACTS,
        )
        form = self._boss.ask("arbitrate", RulingForm, messages)
        self._said[key] = why = self._explanation(form, facts, conflict)
        if form is None:
            return None
        if form.look != "none":
            self._order(form.look, conflict, equals)
        if equals[0].evidence in _FACTS or not 1 <= form.keep <= len(equals) or not why:
            return None
        return Ruling(equals[form.keep - 1].id, why)

    def explained(self, conflicts: Sequence[Conflict]) -> tuple[Conflict, ...]:
        """The open ones with what was said of them, now or when they came up."""
        return tuple(map(self._explained, conflicts))

    def looks(self, tasks: Sequence[Task]) -> tuple[Task, ...]:
        """The one more look that was ordered; none when the turn has had one already."""
        if any(task.reason.startswith(LOOK) for task in tasks):
            return ()
        return tuple(self._looks[:1])

    def _explained(self, conflict: Conflict) -> Conflict:
        if conflict.status != "open":
            return conflict
        if (older := self._known.get(_key(conflict))) is not None:
            return conflict.model_copy(update={"why": older.why})
        said = self._said.get(_key(conflict))
        why = f"{conflict.why.rstrip('.')}. {said}" if said else conflict.why
        return conflict.model_copy(update={"why": why})

    def _explanation(self, form: RulingForm | None, facts: Facts, conflict: Conflict) -> str:
        """What it said, without sentences whose numbers no side holds."""
        if form is None:
            return ""
        return keep_supported(form.why.strip(), (*facts.sources.values(), conflict.why)).text

    def _order(
        self, look: Literal["listen", "draw"], conflict: Conflict, sides: Sequence[Finding]
    ) -> None:
        files = {one.id: one for one in self._context.assets if one.kind == "audio"}
        subject = sides[0].subject
        if subject.id not in files or (look == "listen" and conflict.aspect not in PROFILE):
            return
        name, what = files[subject.id].name, aspect_text(conflict.aspect)
        listens = look == "listen"
        step = (
            Operation(name="measure", parameters={"aspects": [conflict.aspect], "again": True})
            if listens
            else Operation(name="spectrogram", parameters={"scale": "log"})
        )
        context = self._context
        self._looks.append(
            Task(
                id=content_id("t", context.project, context.thread, context.turn, LOOK, subject.id),
                agent="gama" if listens else "qwen_vl",
                objective=f"{'Measure' if listens else 'Draw'} {name} again: {what}",
                inputs=(subject.id,),
                reason=f"{LOOK} about {what}",
                operations=(step,),
            )
        )


def _key(conflict: Conflict) -> tuple[str, frozenset[str]]:
    return conflict.aspect, frozenset(conflict.findings)
