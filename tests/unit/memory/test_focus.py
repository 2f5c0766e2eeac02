from dataclasses import replace

import pytest

from audio.assets import AssetRef
from audio.media import AssetKind
from memory.context import (
    AgentName,
    Element,
    Finding,
    Moment,
    Note,
    ProjectSetting,
    Subject,
    Task,
)
from memory.filing.records import Content
from memory.glossary.glossary import Glossary
from memory.packing.focus import focus_on
from memory.packing.knowledge import Knowledge, new_record
from memory.packing.relevance import ranking


def file(name: str, kind: AssetKind = "audio") -> AssetRef:
    return AssetRef(id=name, kind=kind, name=name, suffix="", size_bytes=9)


def fact(asset: str, aspect: str, value: str) -> Finding:
    return Finding.make(
        Subject(kind="asset", id=asset), aspect, value, unit="", evidence="seen", source="x/y@1",
        method="", confidence=1,
    )  # fmt: skip


def known(*words: Content) -> Knowledge:
    made = (
        new_record(getattr(word, "id", f"{number}"), word, {}) for number, word in enumerate(words)
    )
    return Knowledge({one.id: one for one in made})


def task(objective: str, *inputs: str, agent: AgentName = "qwen_vl") -> Task:
    return Task(id="t", agent=agent, objective=objective, inputs=inputs)


def first(objective: str, knowledge: Knowledge, *inputs: str) -> str:
    focus = focus_on(task(objective, *inputs), knowledge, Glossary.load())
    return ranking(knowledge.records.values(), focus, {}, Glossary.load())[0][0].text


@pytest.mark.parametrize(
    ("objective", "written"),
    [
        ("dehum filter for the raw track", "de-hum\nNotches only where lines were found"),
        ("the de-hum once more", "Dehum\nNotches only where lines were found"),
        ("step player: random takes", "StepPlayer\nKeeps the last two picks"),
        ("stepplayer, random takes", "The step player\nKeeps the last two picks"),
    ],
)
def test_other_spellings_of_a_name_meet_what_is_written(objective: str, written: str) -> None:
    wanted = Note.make("requirement", written)
    others = [Note.make("requirement", f"{one}\nIs kept as it was") for one in ("crane", "foyer")]
    assert first(objective, known(others[0], wanted, others[1])).endswith(wanted.text)


def test_the_only_file_of_a_kind_is_meant_by_the_name_of_the_kind() -> None:
    knowledge = known(file("sheet.jpg", "image"), file("a.mid", "midi"), file("b.wav"))
    focus = focus_on(task("where does the midi differ?", "sheet.jpg"), knowledge, Glossary.load())
    assert focus.meant == {"a.mid"}


def test_a_kind_with_many_files_means_none_of_them() -> None:
    knowledge = known(*(file(f"riff {letter}.mid", "midi") for letter in "abcdefg"))
    assert not focus_on(task("open the midi"), knowledge, Glossary.load()).meant


def test_what_was_wrong_with_the_last_version_comes_when_it_is_asked_whether_that_is_fixed() -> (
    None
):
    before = fact("menu_v1.png", "text.cut", "Effects lacks its last letter")
    other = fact("poster.png", "text.cut", "Title lacks its first letter")
    names = ("menu_v1.png", "menu_v2.png", "poster.png")
    knowledge = known(*(file(name, "image") for name in names), before, other)
    focus = focus_on(task("is it fixed now?", "menu_v2.png"), knowledge, Glossary.load())
    ranked = [
        one.id for one, _, _ in ranking(knowledge.records.values(), focus, {}, Glossary.load())
    ]
    assert ranked.index(before.id) < ranked.index(other.id)


def test_an_element_that_a_needed_decision_names_comes_before_one_that_nobody_names() -> None:
    decision = Note.make("decision", "Ducking under guards\nDuck with the mx bus")
    named, other = Element(name="mx bus"), Element(name="hall")
    knowledge = known(other, named, decision)
    focus = focus_on(task("ducking under guards"), knowledge, Glossary.load())
    ranked = [
        one.word for one, _, _ in ranking(knowledge.records.values(), focus, {}, Glossary.load())
    ]
    assert ranked.index(named) < ranked.index(other)


def test_what_was_told_in_the_turn_of_a_needed_entry_comes_before_what_was_told_elsewhere() -> None:
    asked = Note.make("requirement", "Smoother\nReaches a step within 20 ms")
    beside = Note.make("requirement", "Rules of the thread\nNo lock and no allocation")
    elsewhere = Note.make("requirement", "Names of the presets\nAt most forty letters")
    turns = {asked.id: 3, beside.id: 3, elsewhere.id: 8}
    told = known(elsewhere, beside, asked).records.values()
    records = [replace(one, began=Moment(thread="main", turn=turns[one.id])) for one in told]
    knowledge = Knowledge({one.id: one for one in records})
    focus = focus_on(task("write the smoother", agent="coder"), knowledge, Glossary.load())
    ranked = [one.id for one, _, _ in ranking(records, focus, {}, Glossary.load())]
    assert ranked.index(beside.id) < ranked.index(elsewhere.id)


def test_who_builds_from_a_file_is_told_what_its_limits_are_about() -> None:
    limit = ProjectSetting(field="constraint", value="podcast at -18 LUFS integrated")
    loud = fact("mix.wav", "loudness.integrated_lufs", "-21.3")
    tone = fact("mix.wav", "spectrum.centroid_hz", "1400")
    knowledge = known(file("mix.wav"), limit, loud, tone)
    wanted = task("encode the podcast", "mix.wav", agent="coder")
    focus = focus_on(wanted, knowledge, Glossary.load())
    ranked = [
        one.id for one, _, _ in ranking(knowledge.records.values(), focus, {}, Glossary.load())
    ]
    assert ranked.index(loud.id) < ranked.index(tone.id)


def test_facts_of_a_file_that_a_needed_decision_names_come_before_those_of_others() -> None:
    named, other = file("harbour.wav"), file("meadow.wav")
    wide = fact(named.id, "stereo.width", "0.4")
    others = [fact(other.id, "stereo.width", f"0.{number}") for number in range(5, 9)]
    decision = Note.make("decision", "Vocals of the bridge\nHarbour is our reference for them.")
    knowledge = known(decision, named, other, wide, *others)
    focus = focus_on(
        task("Are the vocals of the bridge right?", agent="gama"), knowledge, Glossary.load()
    )
    ranked = ranking(knowledge.records.values(), focus, {}, Glossary.load())
    facts = [record.word for record, _, _ in ranked if record.kind == "finding"]
    assert facts[0] == wide
