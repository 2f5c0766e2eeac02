"""The boss tells what is known at a place of the project, in few sentences that cite their entries.

A sentence that cites nothing, or says a number that its entries don't hold, is left out.
"""

from collections.abc import Iterator, Mapping, Sequence

from agents.boss.boss import Boss, told
from agents.boss.forms import PointForm, SummaryForm
from memory.context import ProjectContext, Summary
from memory.filing.records import Record, now
from memory.hierarchy.extractive import WORDS, Draft
from memory.hierarchy.summary_parts import Material, Part, parts_of, source_of
from memory.language.invention import invented_numbers
from memory.repository import Repository

MOST_ENTRIES = 40
"""Most entries of a place that one prompt tells of; the most important come first."""
MOST_PLACES = 2
"""Most places of which the boss tells after one turn."""


class BossSummariser:
    """Summaries in a model's words, held to the entries that they cite."""

    def __init__(self, boss: Boss) -> None:
        """Take the boss that is asked."""
        self._boss = boss

    @property
    def source(self) -> str:
        """Who writes them."""
        return f"supervisor/{self._boss.model.name}"

    def summarise(self, material: Material) -> Draft:
        """Tell the most important of a place; an empty text where nothing that was said holds."""
        parts = sorted(parts_of(material), key=lambda part: (bool(part.heading), -part.weight))
        names = {f"e{number}": part for number, part in enumerate(parts[:MOST_ENTRIES], 1)}
        if not names:
            return Draft("", ())
        messages = told(
            "summarise",
            SummaryForm,
            place=material.place.name or "the whole project",
            words=WORDS,
            entries="\n".join(f"[{name}] {_line(part)}" for name, part in names.items()),
        )
        form = self._boss.ask("summarise", SummaryForm, messages, think=False)
        if form is None:
            return Draft("", ())
        records = {one.id: one for one in material.records}
        return _draft(tuple(_sound(form.sentences, names, records, material)))


def retell(boss: Boss, repository: Repository, context: ProjectContext) -> tuple[Summary, ...]:
    """Have the boss tell anew what a turn's work changed at the project's places."""
    began = now(context.thread, context.turn)
    return repository.retell(context.project, began, BossSummariser(boss), MOST_PLACES)


def _line(part: Part) -> str:
    return f"{part.heading}: {part.text}" if part.heading else part.text


def _sound(
    sentences: Sequence[PointForm],
    names: Mapping[str, Part],
    records: Mapping[str, Record],
    material: Material,
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The sentences that can stand, each with the ids of its entries."""
    for one in sentences:
        cited = (name.strip().strip("[]() ") for name in one.findings)
        ids = tuple(dict.fromkeys(names[name].id for name in cited if name in names))
        text = " ".join(one.text.split())
        sources = [source for id_ in ids for source in source_of(records[id_], material.files)]
        if text and ids and not invented_numbers(text, sources):
            yield text, ids


def _draft(sentences: Sequence[tuple[str, tuple[str, ...]]]) -> Draft:
    """As many of the sentences as a summary has room for."""
    texts: list[str] = []
    entries: dict[str, None] = {}
    for text, ids in sentences:
        if len(" ".join((*texts, text)).split()) > WORDS:
            break
        texts.append(text)
        entries |= dict.fromkeys(ids)
    return Draft(" ".join(texts), tuple(entries))
