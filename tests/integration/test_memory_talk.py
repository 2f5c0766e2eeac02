"""What is said to the project memory in chat, from the request to what lies on the disk."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio.assets import AssetRef
from grym_synth.result import TurnResult
from grym_synth.settings import Settings
from grym_synth.studio import Studio, open_studio
from memory.checkpoints import open_saver
from memory.context import Finding, ProjectSetting, Subject
from memory.distilling.conflicts import find_conflicts
from memory.recall.listing import Query

NAME = "Zanzibarquux.wav"


@pytest.fixture
def studio(home: Path) -> Iterator[Studio]:
    settings = Settings(home=home, embedder="lexical", models="instruments")
    with open_studio(settings=settings) as opened:
        yield opened


def write(path: Path, chords: tuple[tuple[int, ...], ...] = ((9,),)) -> Path:
    """Chords of two seconds each, in semitones above middle C, with a DC offset."""
    seconds = np.arange(2 * 44100) / 44100
    parts = [
        sum(np.sin(2 * np.pi * 261.63 * 2 ** (note / 12) * seconds) for note in chord)
        for chord in chords
    ]
    fading = np.exp(-seconds)
    soundfile.write(path, 0.02 + 0.1 * np.concatenate([part * fading for part in parts]), 44100)
    return path


def attach(studio: Studio, path: Path) -> AssetRef:
    (ref,) = studio.attach([(path, "audio")])
    return ref


def ask(studio: Studio, request: str, *files: AssetRef, thread: str = "main") -> TurnResult:
    return studio.ask(request, files, thread=thread)


def traces(home: Path, *words: str) -> list[str]:
    """Files below a home that hold one of these words."""
    return [
        str(path.relative_to(home))
        for path in home.rglob("*")
        if path.is_file()
        for held in [path.read_bytes().lower() + path.name.lower().encode()]
        if any(word.lower().encode() in held for word in words)
    ]


def test_advice_is_remembered_told_again_and_done(studio: Studio, tmp_path: Path) -> None:
    ref = attach(studio, write(tmp_path / "hum.wav"))
    ask(studio, "measure this", ref)
    notes = studio.deps.repository.notes("default")
    offset = [one for one in notes if one.aspect == "dc_offset"]
    assert len(offset) == 1
    assert offset[0].assets == (ref.id,)
    ask(studio, "measure it again")
    assert studio.deps.repository.notes("default") == notes
    assert offset[0].text in ask(studio, "what did you recommend?").answer
    done = ask(studio, "do what you recommended about the DC offset")
    assert [task.status for task in done.tasks] == ["done"]
    assert any(one.aspect == "dc_offset" and one.met for one in done.tasks[0].criteria)


def test_an_earlier_turn_is_told_as_it_was_believed_and_what_changed(studio: Studio) -> None:
    ask(studio, "The deadline is 1 March 2027.")
    ask(studio, "The deadline is 5 April 2027.")
    told = ask(studio, "what was the deadline at turn 1?").answer
    assert "As believed at turn 1 of thread main:\n- deadline: 1 March 2027" in told
    assert "now 5 April 2027" in told
    assert "no such turn" in ask(studio, "what did we believe at turn 40?").answer


def test_small_talk_and_repetitions_are_kept_but_never_recalled(
    studio: Studio, tmp_path: Path
) -> None:
    ask(studio, "how loud is this?", attach(studio, write(tmp_path / "a.wav")))
    ask(studio, "thanks, great job!")
    ask(studio, "how loud was it again?")
    repository = studio.deps.repository
    assert [turn.turn for turn in repository.history("default")] == [1, 2, 3]
    found = repository.entries("default", Query(kinds=("turn",), text="thanks great loud again"))
    assert [record.id for record in found.records] == ["main#1"]


def test_a_mix_in_another_key_than_the_projects_is_flagged_in_the_answer(
    studio: Studio, tmp_path: Path
) -> None:
    wanted = ProjectSetting(field="constraint", value="the song is in D minor")
    studio.deps.repository.ensure_project("default")
    studio.deps.repository.set("default", wanted)
    in_f_sharp = ((6, 10, 13), (11, 15, 18), (13, 17, 20), (6, 10, 13))
    ref = attach(studio, write(tmp_path / "b.wav", in_f_sharp))
    answer = ask(studio, "what key is this?", ref).answer
    assert f"Against the project's constraint “{wanted.value}”: b.wav has key F# major" in answer
    (record,) = studio.deps.repository.history("default")
    assert [flag.aspect for flag in record.flags] == ["key"]


def test_a_coherent_project_is_told_nothing_of_the_kind(studio: Studio, tmp_path: Path) -> None:
    in_f_sharp = ((6, 10, 13), (11, 15, 18), (13, 17, 20), (6, 10, 13))
    ref = attach(studio, write(tmp_path / "b.wav", in_f_sharp))
    told = [
        ask(
            studio, "The song is in Gb major, masters at -14 LUFS, true peak below -1 dBTP."
        ).answer,
        ask(studio, "The deadline is 1 March 2099.").answer,
        ask(studio, "what key is this and how loud is it?", ref).answer,
        ask(studio, "master it to -14 LUFS").answer,
        ask(studio, "what did you do so far?").answer,
    ]
    assert not any("Against" in one for one in told)


def test_an_open_contradiction_is_asked_about_and_the_reply_settles_it(
    studio: Studio, tmp_path: Path
) -> None:
    ref = attach(studio, write(tmp_path / "c.wav"))
    ask(studio, "how long is it?", ref)
    sides = [
        Finding.make(
            Subject(kind="asset", id=ref.id), "key", value, unit="", evidence="measured",
            source=f"gama/{value[0]}@1", method="", confidence=0.7,
        )
        for value in ("C major", "A minor")
    ]  # fmt: skip
    repository = studio.deps.repository
    repository.add_findings("default", sides)
    repository.add_conflicts("default", find_conflicts(sides))
    asked = ask(studio, "what key is c.wav?").answer
    assert "Which key holds for c.wav: C major or A minor?" in asked
    ask(studio, "A minor")
    (settled,) = repository.conflicts("default")
    assert (settled.status, settled.kept) == ("settled", sides[1].id)
    assert settled.rule.startswith("user: told in turn 3")
    assert "Which key" not in ask(studio, "what key is c.wav?").answer


def test_forgetting_a_file_in_chat_leaves_no_trace_of_it(
    studio: Studio, home: Path, tmp_path: Path
) -> None:
    ref = attach(studio, write(tmp_path / NAME))
    ask(studio, "how loud is this?", ref)
    ask(studio, f"what do you know about {NAME}?", thread="other")
    told = ask(studio, f"forget everything about {NAME}")
    assert f"Forgot {NAME}" in told.answer
    assert studio.deps.repository.assets("default") == ()
    assert studio.deps.repository.findings("default", superseded=True) == ()
    assert traces(home, NAME, ref.id) == []
    with open_saver(home / "checkpoints.sqlite") as saver:
        assert not any(saver.holds(name, [NAME, ref.id]) for name in saver.threads())
    assert ask(studio, "hello").turn == 3


def test_forgetting_all_of_a_project_is_asked_back_and_nothing_is_lost(
    studio: Studio, tmp_path: Path
) -> None:
    ask(studio, "how loud is this?", attach(studio, write(tmp_path / "d.wav")))
    before = studio.deps.repository.findings("default")
    asked = ask(studio, "forget everything")
    assert asked.exit_code == 3
    assert asked.asks
    assert studio.deps.repository.findings("default") == before


def test_a_constraint_that_no_longer_applies_takes_its_advice_along(
    studio: Studio, tmp_path: Path
) -> None:
    chords = ((0, 4, 7), (5, 9, 12), (7, 11, 14), (0, 4, 7))
    repository = studio.deps.repository
    ask(studio, "Style: lo-fi, constraint: F# minor")
    ask(studio, "What is the key?", attach(studio, write(tmp_path / "song.wav", chords)))
    assert any("F# minor" in one.text for one in repository.notes("default"))
    told = ask(studio, "The constraint F# minor no longer applies.")
    assert told.answer == "Noted for this project:\n- no longer constraint: F# minor"
    assert not any("F# minor" in one.text for one in repository.notes("default"))
    assert repository.settings("default") == (ProjectSetting(field="style", value="lo-fi"),)
