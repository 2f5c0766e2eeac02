"""The boss distils: of raw reports it makes few recommendations, and notes at the right level.

The facts stay those of the rules, and so does advice about aspects that it says nothing of. What
it writes cites its facts, and no number passes that these don't hold.
"""

from collections.abc import Iterator, Sequence

from agents.boss.boss import Boss, told
from agents.boss.facts import Facts, file_names
from agents.boss.forms import DistilledForm, NoteForm
from audio.aspects import ASPECTS
from memory.context import Element, Note, Place, ProjectContext, Recommendation, Report, Section
from memory.distilling.distill import Distilled, Rules

ENOUGH = 4
"""Facts and recommendations from which on there is something to distil."""


class BossDistiller:
    """Distils with a model, on top of the rules."""

    def __init__(
        self, boss: Boss, sections: Sequence[Section] = (), elements: Sequence[Element] = ()
    ) -> None:
        """Make a distiller for one round.

        Args:
            boss: who is asked.
            sections: where a note can live.
            elements: where a note can live.
        """
        self._boss = boss
        self._places = {
            **{("section", one.name.casefold()): one.name for one in sections},
            **{("element", one.name.casefold()): one.name for one in elements},
        }

    def distill(self, reports: Sequence[Report], context: ProjectContext) -> Distilled:
        """Say what the reports come to; by the rules where there is little or nothing usable."""
        ruled = Rules().distill(reports, context)
        if len(ruled.findings) + len(ruled.recommendations) < ENOUGH:
            return ruled
        facts = Facts.of(ruled.findings, file_names(context), advice=ruled.recommendations)
        messages = told(
            "distil",
            DistilledForm,
            request=context.request,
            facts=facts.text(),
            places=", ".join(f"{level} {name}" for (level, _), name in self._places.items()),
            settings=[f"{one.field}: {one.value}" for one in context.settings],
        )
        form = self._boss.ask("distil", DistilledForm, messages, think=False)
        if form is None:
            return ruled
        advice = tuple(self._advice(form, facts, ruled.recommendations))
        covered = {one.aspect for one in advice}
        rest = tuple(one for one in ruled.recommendations if one.aspect not in covered)
        return ruled.model_copy(
            update={
                "recommendations": (*advice, *rest),
                "notes": tuple(self._notes(form, facts)),
            }
        )

    def _advice(
        self, form: DistilledForm, facts: Facts, ruled: Sequence[Recommendation]
    ) -> Iterator[Recommendation]:
        by_name = {f"r{number}": one for number, one in enumerate(ruled, 1)}
        for one in form.recommendations:
            names = facts.cited(one.findings)
            grounds = dict.fromkeys(facts.ids(names))
            grounds |= dict.fromkeys(
                id_ for name in names if name in by_name for id_ in by_name[name].findings
            )
            sound = one.text.strip() and grounds and one.aspect in ASPECTS
            if sound and not facts.unsupported(one.text, names):
                yield Recommendation(
                    text=" ".join(one.text.split()), findings=(*grounds,), aspect=one.aspect
                )

    def _notes(self, form: DistilledForm, facts: Facts) -> Iterator[Note]:
        for one in form.notes:
            names, place = facts.cited(one.findings), self._place(one)
            if one.text.strip() and names and not facts.unsupported(one.text, names):
                grounds = [facts.findings[name] for name in names if name in facts.findings]
                assets = (item.subject.id for item in grounds if item.subject.kind == "asset")
                yield Note.make(
                    "note",
                    " ".join(one.text.split()),
                    place,
                    assets=tuple(dict.fromkeys(assets)),
                    evidence="inferred",
                    source=f"supervisor/{self._boss.model.name}",
                )

    def _place(self, one: NoteForm) -> Place:
        """The place that it names; the project where there is none of that name."""
        name = self._places.get((one.level, one.place.strip().casefold()))
        return Place() if name is None else Place(level=one.level, name=name)
