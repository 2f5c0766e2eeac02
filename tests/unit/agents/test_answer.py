from agents.answering.answer import answer, cited
from audio.assets import AssetRef
from memory.context import (
    Artifact,
    Ask,
    Conflict,
    Criterion,
    Degraded,
    Finding,
    Operation,
    Plan,
    ProjectContext,
    ProjectSetting,
    Recommendation,
    Subject,
    Task,
    TurnRecord,
)

MIX = AssetRef(id="a" * 64, kind="audio", name="mix.wav", suffix="wav", size_bytes=9, seconds=180.0)
MASTER = Operation(name="master", parameters={"target_lufs": -14.0, "true_peak_dbtp": -1.0})


def context(request: str, **more: object) -> ProjectContext:
    fields = {"project": "default", "thread": "main", "turn": 2, "request": request, **more}
    return ProjectContext.model_validate({"assets": (MIX,), **fields})


def finding(
    aspect: str, value: float | str | None, unit: str = "", *, evidence: str = "measured"
) -> Finding:
    made = Finding.make(
        Subject(kind="asset", id=MIX.id),
        aspect,
        value,
        unit=unit,
        evidence="measured",
        source="gama/meter@1",
        method="too short" if value is None else "",
        confidence=0.0 if value is None else 0.82,
    )
    return made.model_copy(update={"evidence": evidence})


def mastering(status: str = "done", measured: float = -14.02) -> Task:
    criterion = Criterion(
        aspect="loudness.integrated_lufs",
        op="==",
        value=-14.0,
        tolerance=0.5,
        unit="LUFS",
        measured=measured,
        met=status == "done",
    )
    task = Task(
        id="t-1",
        agent="coder",
        objective="Apply master to mix.wav",
        inputs=(MIX.id,),
        criteria=(criterion,),
        operations=(MASTER,),
    )
    return task.model_copy(update={"status": status})


def test_results_are_told_with_unit_and_evidence() -> None:
    facts = (finding("key", "F minor"), finding("loudness.integrated_lufs", -18.234, "LUFS"))
    text = answer(context("measure it"), Plan(), (), facts)
    assert "mix.wav" in text
    assert "F minor (measured, confidence 0.82)" in text
    assert "-18.23 LUFS" in text


def test_values_of_a_first_try_are_not_told_beside_those_of_the_result() -> None:
    first = MIX.model_copy(update={"id": "e" * 64, "name": "mix-master.wav"})
    missed = Finding.make(
        Subject(kind="asset", id=first.id), "loudness.integrated_lufs", -11.3, unit="LUFS",
        evidence="measured", source="coder/loudness@1", method="", confidence=1.0,
    )  # fmt: skip
    kept = Artifact(id="d" * 64, name="mix-master.wav", kind="audio", made_by="coder/master@1")
    both = context("master it", assets=(MIX, first))
    text = answer(both, Plan(), (mastering(),), (missed,), artifacts=(kept,))
    assert "-11.3" not in text


def test_value_that_cannot_be_told_says_why() -> None:
    text = answer(context("tempo?"), Plan(), (), (finding("tempo.bpm", None),))
    assert "can't be told (too short)" in text


def test_verified_work_shows_the_measurement_and_the_file() -> None:
    artifact = Artifact(id="d" * 64, name="mix-master.wav", kind="audio", made_by="coder/master@1")
    text = answer(context("master it"), Plan(), (mastering(),), (), artifacts=(artifact,))
    assert "-14.02 LUFS" in text and "met" in text and "mix-master.wav" in text


def test_work_that_missed_is_not_called_done() -> None:
    text = answer(context("master it"), Plan(), (mastering("not_met", -16.3),), ())
    assert "Not met" in text and "-16.3 LUFS" in text and "Done" not in text


def test_recalled_key_and_changes_come_from_memory_with_numbers_before_and_after() -> None:
    turn = TurnRecord(
        thread="main",
        turn=1,
        when="",
        request="master it",
        answer="",
        tasks=(mastering(),),
        artifacts=(
            Artifact(id="d" * 64, name="mix-master.wav", kind="audio", made_by="c", task="t-1"),
        ),
    )
    facts = (finding("key", "F minor"), finding("loudness.integrated_lufs", -18.2, "LUFS"))
    asked = context("What key was it in, and what did you change?", findings=facts, history=(turn,))
    plan = Plan(recalls=("key", "history"))
    text = answer(asked, plan, (), cited(asked, plan, ()))
    assert "F minor" in text
    assert "master (target -14 LUFS, true peak -1 dBTP)" in text
    assert "-18.2 → -14.02 LUFS" in text
    assert "mix-master.wav" in text


def test_recall_of_something_unknown_says_so() -> None:
    text = answer(context("what key was it?"), Plan(recalls=("key",)), (), ())
    assert "holds nothing about that" in text


def test_recalled_setting_is_told() -> None:
    asked = context(
        "what's the deadline?", settings=(ProjectSetting(field="deadline", value="Friday"),)
    )
    assert "Friday" in answer(asked, Plan(recalls=("deadline",)), (), ())


def test_noted_setting_is_shown() -> None:
    plan = Plan(settings=(ProjectSetting(field="goal", value="a warm master"),))
    assert "goal: a warm master" in answer(context("the goal is …"), plan, (), ())


def test_question_to_the_user_is_the_answer() -> None:
    plan = Plan(asks=(Ask(question="Which audio file shall I use?", missing="audio"),))
    assert answer(context("master it"), plan, (), ()) == "Which audio file shall I use?"


def test_contradiction_names_both_sides_and_what_is_believed() -> None:
    said, heard = finding("key", "A minor", evidence="user"), finding("key", "F minor")
    conflict = Conflict(
        aspect="key",
        findings=(said.id, "f-2"),
        kept="f-2",
        rule="evidence",
        why="A measurement outranks a claim.",
        status="settled",
    )
    other = heard.model_copy(update={"id": "f-2"})
    text = answer(context("measure"), Plan(), (), (said, other), conflicts=(conflict,))
    assert "A minor (user" in text and "F minor (measured" in text and "settled" in text


def test_assumptions_advice_and_missing_parts_are_told() -> None:
    task = mastering().model_copy(update={"reason": "no loudness was named, so -14 LUFS"})
    text = answer(
        context("master it"),
        Plan(),
        (task,),
        (),
        recommendations=(Recommendation(text="Lower the peak.", findings=(), aspect="x"),),
        degraded=(Degraded(role="supervisor", wanted="r1", used="instruments", why="no Ollama"),),
        rejected=("a.txt is no audio",),
    )
    for part in ("Assumed: no loudness was named", "Lower the peak.", "no Ollama", "a.txt"):
        assert part in text


def told(aspect: str, value: float) -> Finding:
    made = finding(aspect, value)
    return made.model_copy(update={"source": "gama/meter@1"})


def test_parts_without_their_model_are_grouped_by_reason_and_only_told_after_work() -> None:
    missing = [
        Degraded(role=role, wanted="x", used="instruments", why="Ollama does not answer")
        for role in ("supervisor", "coder")
    ]
    worked = answer(context("master it"), Plan(), (mastering(),), (), degraded=missing)
    assert "On instruments alone: Ollama does not answer (supervisor, coder)." in worked
    assert "Ollama" not in answer(context("hello"), Plan(), (), (), degraded=missing)


def test_full_profile_leads_with_what_matters_and_counts_the_rest() -> None:
    bands = [told(f"spectrum.band_db.{name}", 1.0) for name in "abcdefghijkl"]
    facts = (*bands, told("loudness.integrated_lufs", -18.0), told("tempo.bpm", 120.0))
    listening = Task(
        id="t-2", agent="gama", objective="Measure", operations=(Operation(name="measure"),)
    )
    text = answer(context("measure it"), Plan(), (listening,), (*facts, told("hum.hz", 50.0)))
    assert text.index("Tempo") < text.index("Integrated loudness") < text.index("12 more values")


def test_only_the_asked_aspects_are_told() -> None:
    call = Operation(name="measure", parameters={"aspects": ["tempo.bpm"]})
    listening = Task(id="t-2", agent="gama", objective="Measure tempo", operations=(call,))
    facts = (told("tempo.bpm", 120.0), told("dynamics.crest_db", 12.0))
    text = answer(context("tempo?"), Plan(), (listening,), facts)
    assert "120 BPM" in text.replace("120 (", "120 BPM (") and "Crest" not in text


def test_change_is_told_for_the_file_that_is_named_and_never_by_its_hash() -> None:
    other = AssetRef(id="b" * 64, kind="audio", name="melody.wav", suffix="wav", size_bytes=9)
    lost = mastering().model_copy(update={"id": "t-3", "inputs": ("c" * 64,)})
    turn = TurnRecord(
        thread="main", turn=1, when="", request="", answer="", tasks=(mastering(), lost)
    )
    plan = Plan(recalls=("history",))
    asked = context("what did you do to the mix?", assets=(MIX, other), history=(turn,))
    text = answer(asked, plan, (), ())
    assert "mix.wav" in text and "earlier file" not in text
    melody = asked.model_copy(update={"request": "what did you do to the melody file?"})
    assert "nothing was done to melody.wav" in answer(melody, plan, (), ())
    every = asked.model_copy(update={"request": "what did you do?"})
    assert "an earlier file" in answer(every, plan, (), ())
    assert "cccccc" not in answer(every, plan, (), ())


def test_known_value_is_held_against_the_number_in_the_question() -> None:
    asked = context("Is it under 3 minutes?", findings=(finding("duration.seconds", 200.0, "s"),))
    plan = Plan(recalls=("duration.seconds",))
    assert "Length: 200 s, wanted at most 180 s — not met" in answer(asked, plan, (), ())


def test_request_that_is_not_understood_is_told_with_examples() -> None:
    text = answer(context("asdf qwer"), Plan(), (), ())
    assert "did not understand “asdf qwer”" in text and "show me the spectrogram" in text
    assert "empty" in answer(context(""), Plan(), (), ())


def test_greeting_gets_one_line_on_what_can_be_done() -> None:
    assert "measure sound files" in answer(context("hi"), Plan(), (), ())


def test_other_language_is_told_plainly_that_the_answer_is_in_english() -> None:
    text = answer(context("Wie laut ist der Mix?"), Plan(), (), (finding("key", "F minor"),))
    assert text.startswith("Ohne Sprachmodell antworten die Instrumente auf Englisch.")


def test_what_runs_without_its_model_is_told_once_in_a_thread() -> None:
    missing = (Degraded(role="coder", wanted="x", used="instruments", why="no Ollama"),)
    first = answer(context("master it"), Plan(), (mastering(),), (), degraded=missing)
    turn = TurnRecord(thread="main", turn=1, when="", request="", answer=first)
    for thread, told in (("main", False), ("other", True)):
        again = context("master it", history=(turn,), thread=thread)
        text = answer(again, Plan(), (mastering(),), (), degraded=missing)
        assert ("no Ollama" in text) == told


def test_a_question_in_a_project_with_twin_threads_tells_the_latest_work_of_both() -> None:
    turns = tuple(
        TurnRecord(thread=thread, turn=4, when=str(n), request="", answer="", tasks=(mastering(),))
        for n, thread in enumerate(("a", "b"))
    )
    text = answer(context("and?", history=turns), Plan(recalls=("history",)), (), ())
    assert "turn 4 (a)" in text and "turn 4 (b)" in text
