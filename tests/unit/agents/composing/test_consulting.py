import json

from agents.boss.boss import Boss
from agents.composing.brief import read_order
from agents.composing.consulting import consulted
from agents.composing.planning import plan_of
from audio.composing.composer import compose
from audio.composing.plan import PiecePlan
from models.script import Line, Script
from models.scripted import ScriptedChat

BRIEF = "a pop song in C major, 4/4, with piano, bass and drums"
GOOD = {
    "title": "Paper Boats",
    "sections": [
        {"kind": "verse", "bars": 8, "energy": 0.5},
        {"kind": "chorus", "bars": 8, "energy": 0.9},
        {"kind": "verse", "bars": 8, "energy": 0.6},
        {"kind": "chorus", "bars": 8, "energy": 1.0},
    ],
    "parts": [
        {
            "kind": "verse",
            "chords": ["Am", "F", "C", "G"],
            "motifs": [{"onsets": [0, 1, 1.5, 2], "contour": [0, 1, 2, -1]}],
        },
        {"kind": "chorus", "chords": ["F", "G", "vi", "C"], "motifs": []},
    ],
    "why": "a calm verse that the chorus lifts",
}
LOST = {**GOOD, "parts": [{"kind": "bridge", "chords": ["Q#9"], "motifs": []}]}


def boss_of(*answers: object) -> Boss:
    lines = [Line(answer=json.dumps(one)) for one in answers]
    return Boss(ScriptedChat("scripted:composer", Script(lines)))


def ask(boss: Boss, brief: str = BRIEF) -> tuple[PiecePlan, PiecePlan | None]:
    order = read_order({"brief": brief})
    plan = plan_of(order)
    return plan, consulted(boss, brief, order, plan)


def test_form_harmony_and_motifs_of_a_model_are_played() -> None:
    _, plan = ask(boss_of(GOOD))

    assert plan is not None
    song = compose(plan)
    assert plan.title == "Paper Boats" and song.bars == 32
    assert [one.name for one in song.chords[:4]] == ["Am", "F", "C", "G"]
    assert plan.material("chorus").chords == ("F", "G", "Am", "C")
    assert plan.material("verse").motifs[0].onsets == (0, 1, 1.5, 2)


def test_what_the_brief_tells_a_model_can_not_change() -> None:
    brief = f"{BRIEF}, called “Mine”, verse 8: Dm G C C, chorus 8"
    wrong = {**GOOD, "sections": [{"kind": "verse", "bars": 4, "energy": 0.5}]}
    right = {**GOOD, "sections": []}

    boss = boss_of(wrong, right)
    _, plan = ask(boss, brief)

    assert plan is not None
    assert plan.title == "Mine" and plan.bars == 16
    assert compose(plan).chords[0].name == "Dm"
    assert "told in the brief" in boss.thoughts[0].fault


def test_a_plan_that_stays_broken_falls_back_to_instruments_and_says_so() -> None:
    boss = boss_of(LOST, LOST)

    _, plan = ask(boss)

    assert plan is None
    assert "refused twice" in boss.degraded[0].why and "Q#9" in boss.degraded[0].why


def test_a_model_that_says_nothing_usable_falls_back_and_says_so() -> None:
    boss = boss_of("no", "no", "no")

    _, plan = ask(boss)

    assert plan is None and boss.degraded[0].wanted == "scripted:composer"


def test_motifs_beyond_their_bar_go_back_to_the_model() -> None:
    long = {"kind": "verse", "chords": [], "motifs": [{"onsets": [0, 5], "contour": [0, 1]}]}

    boss = boss_of({**GOOD, "parts": [long]}, GOOD)
    _, plan = ask(boss)

    assert plan is not None and "beyond its bar" in boss.thoughts[0].fault
