"""How well the memory finds again what was said: recall of evidence in long conversations.

``python -m evals.retrieval --dataset FILE [FILE …] [--k 10]``; a file holds one conversation, or a
list of them, in LoCoMo's form (Maharana et al., ACL 2024): ``sample_id``, ``conversation`` with
``session_<n>`` (turns of ``speaker, dia_id, text, blip_caption?``) and ``session_<n>_date_time``,
and ``qa`` with ``question, category, evidence_clean``. Every turn is written to a store as the
product does it; recall is the share of a question's evidence among the k entries found, averaged
over the questions that have any.
"""

import argparse
import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, JsonValue, TypeAdapter

from grym_synth.errors import BadInput, MemoryFault
from memory.databases import TRUTH_FILE
from memory.search.lookup import Lookup, Scope
from memory.search.ranking import best_of
from memory.storage.entries import Entry, Namespace
from memory.storage.truth import Truth
from memory.store import GrymStore
from memory.vectors.minilm import MiniLm

WAYS = ("vectors", "bm25", "grym")
"""Plain vectors, plain BM25, and the product's own search."""

_SESSION = re.compile(r"session_(\d+)")
_TIME = "%I:%M %p on %d %B, %Y"


class Said(BaseModel):
    """One turn of a conversation."""

    speaker: str
    dia_id: str
    text: str
    blip_caption: str | None = None
    """What the picture shows that came with it."""


class Question(BaseModel):
    """A question, and the turns that answer it."""

    question: str
    category: int = 0
    evidence_clean: tuple[str, ...] | None = None


class Conversation(BaseModel):
    """One conversation with the questions about it."""

    sample_id: str
    conversation: dict[str, JsonValue]
    qa: tuple[Question, ...]

    @property
    def place(self) -> Namespace:
        """Where its turns lie: those of a project, one thread a session."""
        return ("project", self.sample_id.replace(".", "-"))

    def asked(self) -> list[Question]:
        """The questions that have evidence."""
        return [question for question in self.qa if question.evidence_clean]

    def entries(self) -> Iterator[Entry]:
        """Its turns as the memory keeps them, in order."""
        numbers = [
            int(found[1]) for name in self.conversation if (found := _SESSION.fullmatch(name))
        ]
        for number in sorted(numbers):
            said = TypeAdapter(list[Said]).validate_python(self.conversation[f"session_{number}"])
            at = _when(self.conversation.get(f"session_{number}_date_time"))
            for turn in said:
                text = f"{turn.speaker}: {turn.text}"
                if turn.blip_caption:
                    text += f"\n{turn.blip_caption}"
                value: dict[str, JsonValue] = {"text": text, **at}
                yield Entry((*self.place, "turns", f"session {number}"), turn.dia_id, value, text)


def _when(said: JsonValue) -> dict[str, JsonValue]:
    """The time of a session; one in another form is left out."""
    try:
        return {"at": datetime.strptime(str(said), _TIME).isoformat()}
    except ValueError:
        return {}


def load(path: Path) -> list[Conversation]:
    """Read the conversations of a file.

    Raises:
        BadInput: it can't be read, or has another form.
    """
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        read = TypeAdapter(list[Conversation]).validate_python(
            held if isinstance(held, list) else [held]
        )
        for conversation in read:
            list(conversation.entries())
        return read
    except (OSError, ValueError) as fault:
        raise BadInput(
            f"reading the conversations in {path}", str(fault), "Give a file in LoCoMo's form"
        ) from fault


@dataclass(frozen=True)
class Asked:
    """One question, and how much of its evidence each way of searching found."""

    conversation: str
    category: int
    recall: dict[str, float]


def ask(conversation: Conversation, home: Path, k: int) -> list[Asked]:
    """Write a conversation into a fresh home, and ask every question in each of ``WAYS``."""
    embedder = MiniLm()
    with GrymStore(home, embedder) as store:
        store.write(conversation.entries())
        if store.flush() or store.degraded:
            raise MemoryFault("indexing a conversation", str(store.degraded), "Check the disk")
        questions = conversation.asked()
        found = [store.find(conversation.place, one.question, k) for one in questions]
    grym = [[hit.entry.key for hit in hits] for hits in found]
    truth = Truth(home / TRUTH_FILE, read_only=True)
    lookup, scope = Lookup(truth), Scope(conversation.place)
    asked = []
    for question, best in zip(questions, grym, strict=True):
        text = question.question
        near = lookup.by_vector(scope, embedder.embed([text])[0], k)
        worded = best_of(lookup.by_words(scope, text, k), k)
        keys = {
            "vectors": [row.entry.key for row in lookup.rows(near)],
            "bm25": [row.entry.key for row in lookup.rows(worded)],
            "grym": best,
        }
        wanted = set(question.evidence_clean or ())
        recall = {way: len(wanted & set(keys[way])) / len(wanted) for way in WAYS}
        asked.append(Asked(conversation.sample_id, question.category, recall))
    truth.close()
    return asked


def report(asked: Sequence[Asked], k: int) -> Iterator[str]:
    """The figures, ``name value`` a line: of all questions, then by conversation and category."""
    yield f"questions {len(asked)}"
    for way in WAYS:
        yield f"{way}_recall@{k} {_mean(asked, way):.4f}"
    groups: dict[str, list[Asked]] = {}
    for one in asked:
        groups.setdefault(f"conversation_{one.conversation}", []).append(one)
        groups.setdefault(f"category_{one.category}", []).append(one)
    for name, part in sorted(groups.items()):
        yield f"{name}_questions {len(part)}"
        for way in WAYS:
            yield f"{name}_{way}_recall@{k} {_mean(part, way):.4f}"


def _mean(asked: Sequence[Asked], way: str) -> float:
    return sum(one.recall[way] for one in asked) / max(len(asked), 1)


def main() -> None:
    """Print the figures of some files."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--dataset", type=Path, nargs="+", required=True)
    parser.add_argument("--k", type=int, default=10)
    arguments = parser.parse_args()
    try:
        conversations = [one for path in arguments.dataset for one in load(path)]
    except BadInput as fault:
        parser.error(str(fault))
    asked: list[Asked] = []
    with tempfile.TemporaryDirectory() as home:
        for number, conversation in enumerate(conversations):
            asked += ask(conversation, Path(home) / str(number), arguments.k)
    for line in report(asked, arguments.k):
        print(line)


if __name__ == "__main__":
    main()
