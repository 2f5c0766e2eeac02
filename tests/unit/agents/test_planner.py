import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agents.supervisor import Supervisor
from audio.assets import AssetRef
from memory.context import (
    Criterion,
    Finding,
    Operation,
    Plan,
    ProjectContext,
    Subject,
    Task,
    TurnRecord,
)

MIX = AssetRef(id="a" * 64, kind="audio", name="mix.wav", suffix="wav", size_bytes=9, seconds=180.0)
VOCAL = AssetRef(
    id="b" * 64, kind="audio", name="vocal.wav", suffix="wav", size_bytes=9, seconds=60.0
)
SHOT = AssetRef(id="c" * 64, kind="image", name="eq.png", suffix="png", size_bytes=9)


def plan(
    request: str,
    *attached: AssetRef,
    known: tuple[AssetRef, ...] = (),
    findings: tuple[Finding, ...] = (),
    history: tuple[TurnRecord, ...] = (),
    waiting: str = "",
    limit: int = 8,
) -> Plan:
    context = ProjectContext(
        project="default",
        thread="main",
        turn=2,
        request=request,
        assets=(*known, *attached),
        attached=tuple(asset.id for asset in attached),
        findings=findings,
        history=history,
        waiting=waiting,
    )
    return Supervisor().plan(context, limit)


def agents(made: Plan) -> list[str]:
    return [task.agent for task in made.tasks]


def coder(made: Plan) -> Task:
    return next(task for task in made.tasks if task.agent == "coder")


def operations(request: str, *attached: AssetRef) -> dict[str, dict[str, object]]:
    task = coder(plan(request, *(attached or (MIX,))))
    return {one.name: dict(one.parameters) for one in task.operations}


def measured(aspect: str, value: float | str, asset: AssetRef = MIX) -> Finding:
    return Finding.make(
        Subject(kind="asset", id=asset.id),
        aspect,
        value,
        unit="",
        evidence="measured",
        source="gama/meter@1",
        method="",
        confidence=0.9,
    )


def test_main_job_is_three_independent_tasks_with_measurable_criteria() -> None:
    made = plan(
        "Measure this mix, show me its spectrogram, and write a script that masters it to "
        "-14 LUFS and -1 dBTP",
        MIX,
    )
    assert agents(made) == ["gama", "qwen_vl", "coder"]
    assert all(task.inputs == (MIX.id,) and task.needs == () for task in made.tasks)
    wanted = {(one.aspect, one.op, one.value) for one in coder(made).criteria}
    assert wanted == {
        ("loudness.integrated_lufs", "==", -14.0),
        ("loudness.true_peak_dbtp", "<=", -1.0),
    }
    assert made.asks == ()


def test_same_turn_gives_the_same_task_ids_and_another_turn_gives_others() -> None:
    first, again = plan("master it", MIX), plan("master it", MIX)
    assert [task.id for task in first.tasks] == [task.id for task in again.tasks]


def test_master_without_numbers_says_what_it_assumes() -> None:
    task = coder(plan("master it please", MIX))
    assert task.operations == (
        Operation(name="master", parameters={"target_lufs": -14.0, "true_peak_dbtp": -1.0}),
    )
    assert "-14 LUFS" in task.reason and "-1 dBTP" in task.reason


def test_missing_file_is_asked_for_and_the_task_stays_visible() -> None:
    made = plan("what are the chords of this song?")
    assert agents(made) == ["gama"]
    assert [ask.missing for ask in made.asks] == ["audio"]


def test_missing_picture_is_asked_for() -> None:
    made = plan("Which threshold does this screenshot show?")
    assert agents(made) == ["qwen_vl"]
    assert [ask.missing for ask in made.asks] == ["image"]


def test_request_that_waited_is_planned_with_the_file_that_came_later() -> None:
    made = plan("here it is", MIX, waiting="master my song to -9 LUFS")
    assert agents(made) == ["coder"]
    assert coder(made).inputs == (MIX.id,)
    assert made.asks == ()


def test_follow_up_without_a_file_works_on_the_file_of_the_project() -> None:
    made = plan("now show me the waveform", known=(MIX,))
    assert [task.inputs for task in made.tasks] == [(MIX.id,)]


def test_named_file_of_two_is_the_one_that_is_worked_on() -> None:
    made = plan("high-pass vocal.wav at 80 Hz", MIX, VOCAL)
    assert coder(made).inputs == (VOCAL.id,)


def test_two_files_without_a_name_are_both_worked_on() -> None:
    assert coder(plan("resample them to 48 kHz", MIX, VOCAL)).inputs == (MIX.id, VOCAL.id)


@pytest.mark.parametrize(
    "request_",
    [
        "hello there",
        "thank you, lovely",
        "what can you do?",
        "what is true peak?",
        "What did you change yesterday?",
        "the deadline is 12 May",
        "never mind",
        "Danke dir!",
        "¿Qué puedes hacer?",
        "forget everything about the demo",
        "how does this program work?",
        "which file types can I give you?",
        "set the genre to folk",
        "What's the project's target loudness at the moment?",
        'make a project called "master to -14 LUFS"',
    ],
)
def test_talk_memory_and_settings_make_no_task_and_ask_nothing(request_: str) -> None:
    made = plan(request_)
    assert made.tasks == () and made.asks == ()


@pytest.mark.parametrize(
    ("request_", "wanted"),
    [
        ("don't touch the file, just tell me the tempo", ["gama"]),
        ("show me what key it is in", ["gama"]),
        ("show me the loudness over time", ["qwen_vl"]),
        ("Is this loud enough?", ["gama"]),
        ("no plots, only the key", ["gama"]),
        ("it sounds boomy, can you do something about it?", ["gama", "coder"]),
        ("my kick is buried", ["gama"]),
        ("if it's quieter than -16 LUFS, bring it up to -14", ["gama", "coder"]),
        ("Bitte die Stille am Anfang entfernen", ["coder"]),
        ("Zeig mir die Wellenform und sag mir das Tempo", ["gama", "qwen_vl"]),
        ("¿En qué tonalidad está?", ["gama"]),
        ("Normaliza la mezcla a -16 LUFS", ["coder"]),
        ("Transpose le morceau d'un ton vers le bas", ["coder"]),
        ("normlise it to -16 lufs", ["coder"]),
        ("make it listenable", ["gama", "coder"]),
        ("shift it so that it lands in D minor", ["coder"]),
        ("draw the waveform so that my pupils can see the form", ["qwen_vl"]),
        ("Das klingt matschig, mach was dagegen", ["gama", "coder"]),
        ("Bestimme das Tempo und zieh den Loop dann auf 124", ["gama", "coder"]),
        ("déjalo a -14 LUFS", ["coder"]),
        ("give me the quietest stretch as a picture", ["qwen_vl"]),
        ("does it hold up in mono?", ["gama"]),
        ("check for hum, clicks and clipping", ["gama"]),
    ],
)
def test_verbs_questions_and_negations_choose_the_agents(request_: str, wanted: list[str]) -> None:
    assert agents(plan(request_, MIX)) == wanted


def test_diagnosis_comes_before_the_repair_that_depends_on_it() -> None:
    made = plan("Find out what's wrong with it and fix it", MIX)
    listening, fixing = made.tasks
    assert fixing.needs == (listening.id,)
    assert listening.priority < fixing.priority


def test_before_and_after_pictures_wait_for_the_result() -> None:
    made = plan("master it to -14 LUFS with before and after spectrograms", MIX)
    assert agents(made) == ["qwen_vl", "coder", "qwen_vl"]
    assert made.tasks[2].needs == (made.tasks[1].id,)


@pytest.mark.parametrize(
    ("request_", "name", "parameters"),
    [
        ("turn it up 3 dB", "gain", {"db": 3.0}),
        ("make it 2 dB quieter", "gain", {"db": -2.0}),
        ("high pass at 80 hertz, 24 dB/oct", "highpass", {"cutoff_hz": 80.0, "order": 4}),
        ("+2dB shelf above 10k", "high_shelf", {"frequency_hz": 10000.0, "gain_db": 2.0}),
        ("cut 3 dB at 250 Hz", "peak_eq", {"frequency_hz": 250.0, "gain_db": -3.0, "q": 1.0}),
        ("boost 3 dB at 8k", "peak_eq", {"frequency_hz": 8000.0, "gain_db": 3.0, "q": 1.0}),
        ("take 2 dB off around 300", "peak_eq", {"frequency_hz": 300.0, "gain_db": -2.0, "q": 1.0}),
        ("cut everything under 40 Hz", "highpass", {"cutoff_hz": 40.0, "order": 2}),
        ("high-pass at 80", "highpass", {"cutoff_hz": 80.0, "order": 2}),
        ("export it at 48k", "resample", {"sample_rate_hz": 48000.0}),
        ("can I have this as an mp3?", "convert", {"format": "mp3"}),
        ("pitch it down two semitones", "pitch_shift", {"semitones": -2}),
        ("einen Halbton tiefer bitte", "pitch_shift", {"semitones": -1}),
        ("transpose it to A minor", "pitch_shift", {"target_key": "A minor"}),
        ("slow it down to 90 bpm", "time_stretch", {"target_bpm": 90.0}),
        ("make it 10 % faster", "time_stretch", {"rate": 1.1}),
        ("fade out over 5 seconds", "fade", {"in_seconds": 0.0, "out_seconds": 5.0}),
        ("convert it to 44.1k", "resample", {"sample_rate_hz": 44100.0}),
        ("export a 16 bit flac", "convert", {"format": "flac", "bit_depth": 16}),
        ("remove the 50 Hz hum", "dehum", {"hum_hz": 50.0}),
        ("get rid of the hum", "dehum", {"hum_hz": 0.0}),
        ("keep only 0:30 to 1:15", "trim", {"start_seconds": 30.0, "end_seconds": 75.0}),
        ("cut the first 4 seconds off", "trim", {"start_seconds": 4.0}),
        ("trim the silence", "trim_silence", {"threshold_dbfs": -60.0}),
        ("mono please", "mono", {}),
    ],
)
def test_a_producers_words_become_recipe_parameters(
    request_: str, name: str, parameters: dict[str, object]
) -> None:
    assert operations(request_)[name] == parameters


def test_number_after_a_correction_counts() -> None:
    assert operations("up 2 st please... no wait, DOWN 2") == {"pitch_shift": {"semitones": -2.0}}


def test_chain_is_ordered_so_that_no_step_undoes_another() -> None:
    chain = operations("master it to -14 LUFS, but first cut everything below 30 Hz, as 48 kHz")
    assert list(chain) == ["highpass", "master", "resample"]


def test_click_track_needs_no_file() -> None:
    made = plan("I need a click track at 140 bpm for 3 minutes")
    assert made.asks == ()
    assert coder(made).operations[0].parameters == {"bpm": 140.0, "seconds": 180.0}


def test_program_that_is_no_recipe_has_no_operations_and_needs_no_file() -> None:
    made = plan("write a numpy function that computes a Hann window")
    assert coder(made).operations == () and made.asks == ()


def test_wishes_about_a_new_piece_are_criteria() -> None:
    made = plan("compose a loop around 120 bpm in the key of F minor, under 3 minutes", MIX)
    assert made.asks == () and coder(made).inputs == ()
    criteria = {one.aspect: one for one in coder(made).criteria}
    assert criteria["tempo.bpm"] == Criterion(
        aspect="tempo.bpm", op="==", value=120.0, tolerance=4.8, unit="BPM"
    )
    assert criteria["key"].value == "F minor"
    assert (criteria["duration.seconds"].op, criteria["duration.seconds"].value) == ("<=", 180.0)


def test_statement_about_a_file_is_a_claim_not_a_criterion() -> None:
    made = plan("It's 90 BPM in A minor, measure it", MIX)
    assert {(one.aspect, one.value) for one in made.claims} == {
        ("tempo.bpm", 90.0),
        ("key", "A minor"),
    }
    assert all(task.criteria == () for task in made.tasks)


def test_known_key_makes_transposition_verifiable() -> None:
    made = plan("two semitones up", MIX, findings=(measured("key", "A minor"),))
    assert ("key", "B minor") in {(one.aspect, one.value) for one in coder(made).criteria}


@pytest.mark.parametrize(
    ("request_", "field", "value"),
    [
        ("The goal is a warm vinyl master.", "goal", "a warm vinyl master"),
        ("set the deadline to Friday", "deadline", "Friday"),
        ("style: lo-fi hip hop", "style", "lo-fi hip hop"),
        ("no reverb on vocals", "constraint", "no reverb on vocals"),
        ("the chorus is bars 17–32", "section", "the chorus is bars 17-32"),
        ("the bass is a Moog", "element", "the bass is a Moog"),
        ("Die Deadline ist Freitag", "deadline", "Freitag"),
    ],
)
def test_settings_said_in_chat_are_kept(request_: str, field: str, value: str) -> None:
    made = plan(request_)
    assert [(one.field, one.value) for one in made.settings] == [(field, value)]
    assert made.tasks == ()


def test_two_settings_in_one_sentence_are_two() -> None:
    made = plan("set the deadline to Friday and the style to lo-fi hip hop")
    assert [(one.field, one.value) for one in made.settings] == [
        ("deadline", "Friday"),
        ("style", "lo-fi hip hop"),
    ]


@pytest.mark.parametrize("request_", ["hello", "hi", "ok", "thanks", "hola", "moin"])
def test_a_greeting_is_no_setting(request_: str) -> None:
    assert plan(request_) == plan("").model_copy(update={"notes": plan(request_).notes})


def test_setting_and_work_in_one_message_give_both() -> None:
    made = plan("Set the deadline to Friday. Then master it to -14 LUFS.", MIX)
    assert [one.field for one in made.settings] == ["deadline"]
    assert agents(made) == ["coder"]


def test_question_about_the_past_is_answered_from_memory() -> None:
    made = plan(
        "What key was it in, and what did you change?",
        known=(MIX,),
        findings=(measured("key", "F minor"),),
    )
    assert made.tasks == ()
    assert set(made.recalls) == {"key", "history"}


def test_value_that_is_known_is_not_measured_again() -> None:
    facts = (measured("tempo.bpm", 120.0), measured("tempo.alternatives_bpm", 60.0))
    assert plan("what's the tempo?", known=(MIX,), findings=facts).recalls == (
        "tempo.bpm",
        "tempo.alternatives_bpm",
    )
    assert agents(plan("what's the tempo?", known=(MIX,))) == ["gama"]
    assert agents(plan("what's the tempo?", VOCAL, findings=facts)) == ["gama"]


def test_same_again_takes_the_last_work_with_the_new_number() -> None:
    work = Task(
        id="t-1",
        agent="coder",
        objective="master",
        operations=(
            Operation(name="master", parameters={"target_lufs": -14.0, "true_peak_dbtp": -1.0}),
        ),
    )
    turn = TurnRecord(thread="main", turn=1, when="", request="", answer="", tasks=(work,))
    made = plan("Same thing as yesterday, but at -12", known=(MIX,), history=(turn,))
    names = {one.name: one.parameters for one in coder(made).operations}
    assert names["normalise_loudness"]["target_lufs"] == -12.0 or (
        names["master"]["target_lufs"] == -12.0
    )


def test_several_versions_are_a_task_each() -> None:
    made = plan("Prepare two versions: one at -14 and one at -9 LUFS.", MIX)
    assert [task.criteria[0].value for task in made.tasks] == [-14.0, -9.0]


def test_condition_is_measured_but_is_no_criterion_of_the_work() -> None:
    made = plan("if it's over -1 dBTP, master it to -14 LUFS", MIX)
    assert agents(made) == ["gama", "coder"]
    assert coder(made).needs == (made.tasks[0].id,)
    peaks = [one for one in coder(made).criteria if one.aspect == "loudness.true_peak_dbtp"]
    assert [one.op for one in peaks] == ["<="]


@pytest.mark.parametrize(
    ("request_", "criteria"),
    [
        ("Check that it's under 3 minutes", {("duration.seconds", "<=", 180.0)}),
        (
            "Is this around 120 bpm and under 3 minutes?",
            {("tempo.bpm", "==", 120.0), ("duration.seconds", "<=", 180.0)},
        ),
        ("check that it is in F minor", {("key", "==", "F minor")}),
        ("does it stay below -1 dBTP?", {("loudness.true_peak_dbtp", "<=", -1.0)}),
        ("Ist es kürzer als 3 Minuten?", {("duration.seconds", "<=", 180.0)}),
        ("Is it at 120 or 140 bpm?", set()),
    ],
)
def test_a_question_with_a_number_measures_that_and_is_judged_by_it(
    request_: str, criteria: set[tuple[str, str, object]]
) -> None:
    (task,) = plan(request_, MIX).tasks
    assert task.agent == "gama"
    assert {(one.aspect, one.op, one.value) for one in task.criteria} == criteria
    measured = task.operations[0].parameters["aspects"]
    assert isinstance(measured, list) and 0 < len(measured) <= 3


def test_limit_in_a_refusal_is_the_other_side() -> None:
    made = plan("make it louder but don't let the peaks go over -1 dBTP", MIX)
    peaks = {one.aspect: (one.op, one.value) for one in coder(made).criteria}
    assert peaks["loudness.true_peak_dbtp"] == ("<=", -1.0)


@pytest.mark.parametrize(
    ("request_", "follower"),
    [
        ("make it 10% faster and mono, then show me the spectrogram of the result", "qwen_vl"),
        ("trim the silence and measure the result", "gama"),
        ("Schneide die Stille weg und zeig mir danach die Wellenform", "qwen_vl"),
        ("master it and show me before and after", "qwen_vl"),
    ],
)
def test_what_is_asked_of_the_result_waits_for_it(request_: str, follower: str) -> None:
    made = plan(request_, MIX)
    last = made.tasks[-1]
    assert last.agent == follower
    assert last.needs == (coder(made).id,)


def test_unnamed_repair_is_settled_after_the_measurement() -> None:
    made = plan("find and fix whatever is wrong with it", MIX)
    assert agents(made) == ["gama", "coder"]
    assert coder(made).operations == (Operation(name="mend"),)
    assert coder(made).needs == (made.tasks[0].id,)


def test_condition_with_a_number_stands_before_the_work() -> None:
    made = plan("if it is quieter than -16, bring it to -14", MIX)
    assert coder(made).operations == (
        Operation(
            name="when",
            parameters={"aspect": "loudness.integrated_lufs", "op": "<=", "value": -16.0},
        ),
        Operation(name="normalise_loudness", parameters={"target_lufs": -14.0}),
    )
    assert [one.value for one in coder(made).criteria] == [-14.0]


def test_step_without_a_recipe_is_named() -> None:
    made = plan("add some reverb to the vocal", MIX)
    assert agents(made) == ["coder"]
    assert any("No recipe" in note for note in made.notes)


def test_no_more_tasks_than_the_budget() -> None:
    made = plan("measure it, draw it and master it", MIX, limit=2)
    assert len(made.tasks) == 2
    assert any("2 of 3" in note for note in made.notes)


def test_picture_is_read_not_heard() -> None:
    made = plan("what key is this in?", SHOT)
    assert agents(made) == ["qwen_vl"]
    assert made.tasks[0].operations == (Operation(name="inspect_picture"),)


@settings(max_examples=120, deadline=None)
@given(st.text(max_size=300), st.booleans())
@example("", False)
@example("\x00", True)
def test_no_text_makes_the_planner_fail(text: str, with_file: bool) -> None:
    made = plan(text, *([MIX] if with_file else []))
    assert len(made.tasks) <= 8


FIELD = (
    "master", "it", "to", "-14", "LUFS", "dBTP", "not", "don't", "my", "key", "of", "F", "minor",
    "show", "where", "if", ",", ".", "?", ":", "no", "wait", "cut", "3", "dB", "at", "250", "Hz",
    "from", "0:30", "spektrogramm", "bitte", "quita", "la", "mezcla", "undo", "same",
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(FIELD), max_size=25))
def test_no_order_of_field_words_makes_the_planner_fail(words: list[str]) -> None:
    plan(" ".join(words), MIX)


@pytest.mark.parametrize("piece", ["a.", "1 ", "-", "w.w", '"x ', "take it ", "(", "\x00é🎵"])
def test_ten_thousand_characters_are_planned_within_a_second(piece: str) -> None:
    plan("hello")
    begin = time.process_time()
    plan(piece * (10_000 // len(piece)), MIX)
    assert time.process_time() - begin < 1.0


@pytest.mark.parametrize(
    ("request_", "wanted"),
    [
        ("Check it for pops, clicks and breaths, but don't remove any of them.", {"gama"}),
        ("Measure the stereo width and show me a spectrogram.", {"gama", "qwen_vl"}),
        ("Check whether the hum is really gone.", {"gama"}),
        ("This old transfer seems noisy. What key is it in?", {"gama"}),
        ("I wonder whether the groove rushes in the fills.", {"gama"}),
        ("Ich frage mich, ob das Stück zu laut ist.", {"gama"}),
        ("¿Qué tempo tiene? Juraría que acelera hacia el final.", {"gama"}),
        ("Is it in spec? Peaks under -3 dBTP, noise floor below -60.", {"gama"}),
        ("Normalise it to -14 LUFS, that's all.", {"coder"}),
        ("Quítale los 50 Hz, nada más.", {"coder"}),
        ("Notch out 50 Hz, don't touch anything else.", {"coder"}),
        ("Der Anfang muss weg, die ersten 4 Sekunden.", {"coder"}),
        ("Show me the spectrogram up to 9 kHz, where the esses are.", {"qwen_vl"}),
    ],
)
def test_everyday_turns_of_phrase_reach_only_the_agents_they_mean(
    request_: str, wanted: set[str]
) -> None:
    assert set(agents(plan(request_, MIX))) == wanted
