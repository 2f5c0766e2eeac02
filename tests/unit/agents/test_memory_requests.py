from itertools import count

import pytest

from agents.answering.disputes import question_of
from agents.supervisor import Supervisor
from agents.turn.integration import integrate_round
from audio.assets import AssetRef
from memory.context import (
    Claim,
    Conflict,
    Finding,
    Note,
    Plan,
    ProjectContext,
    ProjectSetting,
    Subject,
    TurnRecord,
)
from memory.distilling.conflicts import find_conflicts

NUMBERS = count(1)


def sound(name: str) -> AssetRef:
    return AssetRef(
        id=f"{next(NUMBERS):064x}",
        kind="audio",
        name=name,
        suffix="wav",
        size_bytes=1,
        seconds=60.0,
    )


OLD, NEW = sound("old-mix.wav"), sound("new-mix.wav")
SETTINGS = (
    ProjectSetting(field="deadline", value="Friday 1 January 2027"),
    ProjectSetting(field="constraint", value="master at -14 LUFS"),
    ProjectSetting(field="constraint", value="no reverb on the snare"),
)


def context(request: str, **more: object) -> ProjectContext:
    return ProjectContext.model_validate(
        {"project": "p", "thread": "main", "turn": 3, "request": request, "assets": (OLD, NEW),
         "settings": SETTINGS, **more}
    )  # fmt: skip


def plan(request: str, **more: object) -> Plan:
    return Supervisor().plan(context(request, **more))


@pytest.mark.parametrize(
    ("request_", "gone"),
    [
        ("forget everything about old-mix.wav", OLD.id),
        ("Please erase old-mix.wav from your memory", OLD.id),
        ("Vergiss alles über old-mix.wav", OLD.id),
        ("forget that deadline", "Friday 1 January 2027"),
        ("delete the deadline", "Friday 1 January 2027"),
        ("olvida el plazo", "Friday 1 January 2027"),
        ("forget the constraint about the snare", "no reverb on the snare"),
        ("forget the snare reverb rule", "no reverb on the snare"),
    ],
)
def test_what_is_named_without_doubt_is_forgotten(request_: str, gone: str) -> None:
    made = plan(request_)
    assert [one.id for one in made.forgets] == [gone]
    assert not made.asks and not made.tasks


@pytest.mark.parametrize(
    "request_",
    ["forget everything", "forget the constraint", "forget third-mix.wav", "wipe the whole project",
     "forget what I said about the drummer", "vergiss alles"],
)  # fmt: skip
def test_what_is_in_doubt_or_all_of_it_is_asked_back_and_nothing_is_lost(request_: str) -> None:
    made = plan(request_)
    assert made.forgets == ()
    assert made.asks


def test_files_of_one_name_are_asked_about() -> None:
    twin = sound("old-mix.wav")
    made = plan("forget everything about old-mix.wav", assets=(OLD, twin))
    assert made.forgets == ()
    assert OLD.id[:12] in made.asks[0].question


def test_a_reminder_not_to_forget_forgets_nothing() -> None:
    made = plan("Don't forget the deadline is 5 March 2027")
    assert made.forgets == ()
    assert [one.field for one in made.settings] == ["deadline"]


def note(text: str, aspect: str) -> Note:
    made = Note.make("recommendation", text, assets=(NEW.id,), evidence="inferred")
    return made.model_copy(update={"aspect": aspect})


NOTES = (
    note("Remove the DC offset of 0.02 before any dynamics or fades.", "dc_offset"),
    note(
        "The project asks for “constraint: master at -14 LUFS”, measured is -20 LUFS: change it "
        "by +6 LUFS.",
        "loudness.integrated_lufs",
    ),
)


@pytest.mark.parametrize(
    "request_",
    ["do what you recommended", "Apply your recommendations please", "mach was du empfohlen hast"],
)
def test_the_coder_does_what_was_recommended_and_is_held_to_it(request_: str) -> None:
    (task,) = plan(request_, notes=NOTES).tasks
    assert [one.name for one in task.operations] == ["remove_dc", "normalise_loudness"]
    assert task.inputs == (NEW.id,)
    wanted = {one.aspect: one.value for one in task.criteria}
    assert wanted["loudness.integrated_lufs"] == -14
    assert "dc_offset" in wanted


def test_advice_can_be_asked_for_again() -> None:
    assert plan("what did you recommend?", notes=NOTES).recalls == ("recommendation",)


def test_a_request_for_new_advice_is_no_request_to_follow_the_old() -> None:
    made = plan("What would you recommend for the low end of new-mix.wav?", notes=NOTES)
    assert not any(task.agent == "coder" for task in made.tasks)
    assert "recommendation" not in made.recalls


@pytest.mark.parametrize(
    ("request_", "thread", "turn", "topics"),
    [
        ("what did we believe about the tempo at turn 12?", "main", 12, {"tempo.bpm"}),
        ("What was the deadline at turn 2 of thread drums?", "drums", 2, {"deadline"}),
        ("was glaubten wir über die Tonart bei Turn 4?", "main", 4, {"key"}),
    ],
)
def test_a_question_about_an_earlier_turn_looks_back(
    request_: str, thread: str, turn: int, topics: set[str]
) -> None:
    made = plan(request_)
    assert made.looks_back is not None
    assert (made.looks_back.thread, made.looks_back.turn) == (thread, turn)
    assert topics <= set(made.recalls)
    assert not made.tasks


def key(value: str) -> Finding:
    return Finding.make(
        Subject(kind="asset", id=NEW.id),
        "key",
        value,
        unit="",
        evidence="measured",
        source=f"gama/{value[0]}@1",
        method="",
        confidence=0.7,
    )


SIDES = (key("C major"), key("A minor"))


def asking() -> tuple[Conflict, tuple[TurnRecord, ...]]:
    """An open conflict, and the history of a thread whose last answer asked about it."""
    (conflict,) = find_conflicts(SIDES)
    question = question_of(conflict, SIDES, {NEW.id: NEW.name})
    turn = TurnRecord(thread="main", turn=2, when="2026-11-01", request="key?", answer=question)
    return conflict, (turn,)


@pytest.mark.parametrize(
    ("reply", "value"),
    [("A minor", "A minor"), ("the first one", "C major"), ("Das zweite.", "A minor"),
     ("it's C major of course", "C major")],
)  # fmt: skip
def test_the_users_reply_settles_what_measurements_leave_open(reply: str, value: str) -> None:
    conflict, history = asking()
    answering = context(reply, findings=SIDES, conflicts=(conflict,), history=history)
    made = Supervisor().plan(answering)
    assert [one.value for one in made.claims] == [value]
    (settled,) = integrate_round(answering, made, (), (), ()).conflicts
    assert settled.status == "settled"
    kept = next(side for side in SIDES if side.value == value)
    assert settled.kept == kept.id
    assert settled.rule == "user: told in turn 3 of thread main"


def test_a_request_of_its_own_is_no_reply() -> None:
    conflict, history = asking()
    made = plan(
        "show me the spectrogram of the first bar",
        findings=SIDES,
        conflicts=(conflict,),
        history=history,
    )
    assert made.claims == ()
    assert made.tasks


def test_advice_and_other_work_are_done_in_one_build() -> None:
    made = plan("do what you recommended, then fade it out over 3 seconds", notes=NOTES)
    (task,) = (one for one in made.tasks if one.agent == "coder")
    assert {"remove_dc", "normalise_loudness", "fade"} == {one.name for one in task.operations}


def test_a_reply_elsewhere_is_no_reply() -> None:
    conflict, history = asking()
    other = history[0].model_copy(update={"thread": "other"})
    made = plan("the first one", findings=SIDES, conflicts=(conflict,), history=(other,))
    assert made.claims == ()


def test_no_wish_of_the_user_overrules_a_measurement() -> None:
    sure = key("C major").model_copy(update={"confidence": 0.9})
    said = Plan(claims=(Claim(aspect="key", value="A minor"),))
    (conflict,) = integrate_round(context("…", findings=(sure,)), said, (), (), ()).conflicts
    assert conflict.kept == sure.id
    assert "measured outranks user" in conflict.rule


def test_a_claim_about_a_named_file_is_not_held_against_another() -> None:
    measured = Finding.make(
        Subject(kind="asset", id=NEW.id), "tempo.bpm", 97.0, unit="BPM", evidence="measured",
        source="gama/tempo@1", method="", confidence=0.9,
    )  # fmt: skip
    talk = context("old-mix.wav is at 120 BPM. Measure new-mix.wav", findings=(measured,))
    made = Supervisor().plan(talk)
    assert [one.about for one in made.claims] == ["old-mix.wav"]
    assert integrate_round(talk, made, (), (), ()).conflicts == ()


def test_what_is_said_of_a_song_without_a_file_is_kept_as_a_constraint() -> None:
    made = plan("The song is in D minor.", assets=(), settings=())
    assert [(one.field, one.value) for one in made.settings] == [
        ("constraint", "The song is in D minor")
    ]
