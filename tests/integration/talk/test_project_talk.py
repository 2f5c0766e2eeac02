"""What a user tells the project in chat, asks it again, changes and takes back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from agents.remembering.keeping import frame_of
from audio.assets import AssetRef
from grym_synth.studio import Studio
from memory.context import Finding, Subject
from tests.integration.talk.asking import ask, stated


def test_two_sections_said_in_one_sentence_are_two_sections(studio: Studio) -> None:
    ask(studio, "The chorus is bars 9-16 and the intro goes from 0 to 15 seconds.")
    sections = {one.name: one for one in studio.deps.repository.sections("default")}
    assert (sections["chorus"].first_bar, sections["chorus"].last_bar) == (9, 16)
    assert (sections["intro"].start, sections["intro"].end) == (0.0, 15.0)


def test_a_changed_style_takes_the_place_of_the_old_one_which_stays_on_record(
    studio: Studio,
) -> None:
    ask(studio, "The style is gritty and warm.")
    answer = ask(studio, "Change the style to clean and bright.")
    assert "no longer style: gritty and warm" in answer
    assert stated(studio, "style") == ["clean and bright"]
    assert "style: gritty and warm" in ask(studio, "what was the style at turn 1?")


def test_a_moved_deadline_replaces_the_one_there_was(studio: Studio) -> None:
    ask(studio, "The final mix is due on 3 March 2031.")
    assert stated(studio, "deadline") == ["final mix: 3 March 2031"]
    ask(studio, "The deadline moved to 9 April 2031")
    assert stated(studio, "deadline") == ["9 April 2031"]


def test_a_deadline_that_is_over_is_questioned_when_it_is_stated(studio: Studio) -> None:
    day = (datetime.now(UTC) - timedelta(days=3)).date()
    assert "was 3 days ago" in ask(studio, f"The deadline is {day.isoformat()}.")


def test_a_changed_constraint_drops_the_one_on_the_same_thing_without_asking_back(
    studio: Studio,
) -> None:
    ask(studio, "Constraint: the song stays in A minor")
    ask(studio, "Constraint: no vocals")
    answer = ask(studio, "Change the key constraint to D minor.")
    assert "Which one holds" not in answer
    assert stated(studio, "constraint") == ["no vocals", "key D minor"]


def test_what_shall_stay_is_a_constraint_of_the_project(studio: Studio, tone: AssetRef) -> None:
    ask(studio, "how long is it?", tone)
    ask(studio, "Keep it in A minor.")
    assert stated(studio, "constraint") == ["Keep it in A minor"]


def test_a_note_is_kept_found_again_and_really_forgotten(studio: Studio, home: Path) -> None:
    ask(studio, "note that the singer is called Zanzibarquux")
    ask(studio, "remember that the plugin needs 64-bit float processing")
    kinds = [note.kind for note in studio.deps.repository.notes("default")]
    assert kinds == ["note", "requirement"]
    assert "Zanzibarquux" in ask(studio, "Who is the singer?")
    assert "64-bit float" in ask(studio, "what do you know about the plugin?")
    assert "Forgot" in ask(studio, "forget that the singer is called Zanzibarquux")
    assert "Zanzibarquux" not in ask(studio, "Who is the singer?")
    memory = (home / "memory.sqlite").read_bytes()
    assert b"Zanzibarquux" not in memory and b"64-bit" in memory


def test_a_decision_is_told_when_it_is_asked_for(studio: Studio) -> None:
    ask(studio, "We decided to cut the second verse")
    assert "cut the second verse" in ask(studio, "what did we decide about the verse?")


def test_what_is_known_of_the_project_is_told(studio: Studio, tone: AssetRef) -> None:
    ask(studio, "My goal is a dark techno single.")
    ask(studio, "how loud is it?", tone)
    answer = ask(studio, "what do you know about this project?")
    assert "goal: a dark techno single" in answer
    assert "song.wav: integrated loudness" in answer


def test_a_word_of_the_users_own_is_learned_in_chat_and_held_against_the_sound(
    studio: Studio, tone: AssetRef
) -> None:
    ask(studio, "Our word “mulmig” means too much energy between 200 and 500 Hz")
    (term,) = studio.deps.repository.terms("default")
    assert (term.name, term.band, term.direction) == ("mulmig", (200.0, 500.0), "too much")
    assert "“mulmig” speaks of 200–500 Hz" in ask(studio, "is it mulmig?", tone)
    assert "means too much energy" in ask(studio, "what does mulmig mean?")


def test_a_claim_is_confirmed_in_words_before_and_after_it_is_measured(
    studio: Studio, tone: AssetRef
) -> None:
    ask(studio, "how long is it?", tone)
    assert "128 BPM, as you say; it was not measured yet" in ask(studio, "The song is at 128 BPM.")


def test_advice_on_loudness_is_done_below_the_true_peak_that_the_project_allows(
    studio: Studio, tone: AssetRef
) -> None:
    ask(studio, "Always deliver at -16 LUFS and a true peak below -3 dBTP")
    ask(studio, "how loud is it?", tone)
    assert "-16 LUFS" in ask(studio, "what do you recommend?")
    done = studio.ask("do what you recommended")
    limits = [one for one in done.tasks[0].criteria if one.aspect == "loudness.true_peak_dbtp"]
    assert [(one.op, one.value, one.met) for one in limits] == [("<=", -3.0, True)]


def test_a_question_whether_a_value_is_right_is_answered_by_the_constraint(
    studio: Studio, tone: AssetRef
) -> None:
    ask(studio, "Always deliver at -16 LUFS")
    ask(studio, "how loud is it?", tone)
    assert "not what the constraint “Always deliver" in ask(studio, "Is the loudness right?")


def test_agreement_and_small_talk_get_a_short_answer(studio: Studio) -> None:
    assert ask(studio, "ok") == "All right."


def test_sections_in_bars_lie_in_seconds_once_a_tempo_is_known(
    studio: Studio, tone: AssetRef
) -> None:
    memory = studio.deps.repository
    ask(studio, "how long is it?", tone)
    ask(studio, "The drop is bar 1 to bar 2")
    tempo = Finding.make(
        Subject(kind="asset", id=tone.id), "tempo.bpm", 240.0, unit="BPM", evidence="measured",
        source="gama/rhythm@1", method="", confidence=1.0,
    )  # fmt: skip
    memory.add_findings("default", [tempo])
    context = memory.context("default", "main", 3, "song.wav", (tone.id,))
    assert frame_of(memory, context).ground(Subject(kind="section", id="drop")) == Subject(
        kind="asset", id=tone.id, start=0.0, end=2.0
    )


def test_a_renamed_section_keeps_its_span_and_its_older_name_on_record(studio: Studio) -> None:
    ask(studio, "The coda is from 0:02 to 0:03")
    ask(studio, "the drums are a 909, in the coda")
    told = ask(studio, "please rename the coda to finale")

    (section,) = studio.deps.repository.sections("default")
    assert (section.name, section.start, section.end) == ("finale", 2.0, 3.0)
    assert stated(studio, "element") == ["the drums are a 909, in the finale"]
    assert "no longer section: The coda is from 0:02 to 0:03" in told
    assert "no section or element “bridge”" in ask(studio, "rename the bridge to solo")


def test_a_demand_on_the_sound_before_there_is_a_file_is_remembered(studio: Studio) -> None:
    result = studio.ask("the loudness must be -16 LUFS")
    assert (result.tasks, result.asks) == ((), ())
    assert stated(studio, "constraint") == ["the loudness must be -16 LUFS"]


def test_whether_it_is_loud_enough_now_is_measured_on_the_newest_result(
    studio: Studio, tone: AssetRef
) -> None:
    made = studio.ask("Master it to -20 LUFS", (tone,)).artifacts
    (master,) = (one.id for one in made if one.kind == "audio")
    (task,) = studio.ask("is it loud enough now?").tasks
    assert task.inputs == (master,)
