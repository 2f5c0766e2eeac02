"""Words that checkpoints hold again and again: encoded once, and never mistaken."""

from collections import Counter

from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from pydantic import BaseModel

from memory.checkpoints import serializer, stored_types
from memory.context import Note, Plan, ProjectSetting, Task
from memory.known_words import KnownWords

TASK = Task(id="t-1", agent="gama", objective="measure it")
PLAN = Plan(tasks=(TASK,), settings=(ProjectSetting(field="goal", value="loud"),))


def plain() -> JsonPlusSerializer:
    """LangGraph's own serializer for the same types."""
    return JsonPlusSerializer(allowed_msgpack_modules=stored_types(), pickle_fallback=False)


class Watched(JsonPlusSerializer):
    """Counts how often each object is encoded."""

    def __init__(self) -> None:
        super().__init__(allowed_msgpack_modules=stored_types(), pickle_fallback=False)
        self.encodings: Counter[int] = Counter()

    def encode(self, word: object) -> bytes:
        """The word's bytes."""
        self.encodings[id(word)] += 1
        return self.dumps_typed(word)[1]


def test_states_are_encoded_as_langgraph_does() -> None:
    own = serializer()
    for state in ({"plan": PLAN, "tasks": (TASK, TASK), "turn": 3, "none": None}, PLAN, (TASK,)):
        for _ in range(2):
            assert own.dumps_typed(state) == plain().dumps_typed(state)
            assert own.loads_typed(own.dumps_typed(state)) == plain().loads_typed(
                plain().dumps_typed(state)
            )


def test_a_word_that_does_not_change_is_encoded_once() -> None:
    watched, known = Watched(), KnownWords(stored_types())
    for number in range(5):
        known.encoded({"plan": PLAN, "tasks": [TASK, TASK], "round": number}, watched.encode)
    assert watched.encodings == {id(PLAN): 1, id(TASK): 1}


def test_a_changed_word_is_told_as_it_is_now() -> None:
    own, task = serializer(), TASK
    for number in range(200):  # each takes the place in memory of one that is gone
        task = task.model_copy(update={"objective": f"measure {number}"})
        assert own.loads_typed(own.dumps_typed({"task": task})) == {"task": task}


def test_what_was_encoded_here_is_read_back_without_being_built_again() -> None:
    own = serializer()
    back = own.loads_typed(own.dumps_typed({"plan": PLAN}))
    assert isinstance(back, dict)
    assert back["plan"] is PLAN


class Mutable(BaseModel):
    """Not one of the shared words."""

    values: list[int]


def test_what_may_change_is_never_shared() -> None:
    own = serializer()
    told = own.dumps_typed({"own": Mutable(values=[1]), "list": [1, 2]})
    first, second = own.loads_typed(told), own.loads_typed(told)
    assert isinstance(first, dict)
    assert isinstance(second, dict)
    first["list"].append(3)
    first["own"]["values"].append(2)
    assert second == {"own": {"values": [1]}, "list": [1, 2]}


def test_words_that_were_not_used_lately_are_let_go() -> None:
    watched, known = Watched(), KnownWords(stored_types(), most_bytes=2000)
    notes = [Note.make("decision", f"note {number} " * 20) for number in range(20)]
    for note in [*notes, notes[-1]]:
        known.encoded(note, watched.encode)
    assert watched.encodings[id(notes[-1])] == 1
    known.encoded(notes[0], watched.encode)
    assert watched.encodings[id(notes[0])] == 2
