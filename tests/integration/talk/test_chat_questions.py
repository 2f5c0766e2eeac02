"""What people ask a project in chat beside work: its files, its name, and to take things back."""

from pathlib import Path

import pytest
from PIL import Image

from audio.assets import AssetRef
from grym_synth.studio import Studio
from tests.integration.talk.asking import ask, stated


def test_the_files_of_a_project_are_listed_from_any_thread(studio: Studio, tone: AssetRef) -> None:
    assert "has no file yet" in ask(studio, "which files do we have?")
    ask(studio, "how loud is this?", tone)
    answer = studio.ask("what files do we have?", thread="other").answer
    assert "song.wav: audio" in answer
    assert "length 2 s" in answer or "integrated loudness" in answer


def test_the_name_of_the_piece_is_told_again(studio: Studio) -> None:
    ask(studio, "We're making a dark techno track called Nightshift for the label Kosmos")
    ask(studio, "the singer is called Mara")
    answer = ask(studio, "what is the song called?")
    assert "Nightshift" in answer
    assert "Mara" not in answer


def test_a_project_without_a_title_is_told_by_its_own_name(studio: Studio) -> None:
    assert "the project is called default" in ask(studio, "what's the title of the piece?")


def test_plain_statements_are_remembered_and_small_talk_is_not(studio: Studio) -> None:
    assert "Noted" in ask(studio, "The viola part is played by Jonas Weber")
    assert "Jonas Weber" in ask(studio, "who plays the viola?")
    for said in ("the weather is nice today", "I am tired of this mix", "ok"):
        ask(studio, said)
    assert [one.text for one in studio.deps.repository.notes("default")] == [
        "The viola part is played by Jonas Weber"
    ]


def test_what_was_stated_last_is_undone_and_the_older_version_holds_again(studio: Studio) -> None:
    ask(studio, "the deadline for the mix is 1 December 2031")
    changed = ask(studio, "the deadline for the mix is 5 December 2031")
    assert "no longer deadline: the mix is 1 December 2031" in changed
    answer = ask(studio, "undo that")
    assert "the mix is 1 December 2031" in answer
    assert "no longer deadline: the mix is 5 December 2031" in answer
    assert stated(studio, "deadline") == ["the mix is 1 December 2031"]
    assert "5 December" in ask(studio, "what was the deadline at turn 2?")


def test_an_undo_can_name_what_it_means_and_reaches_past_talk(studio: Studio) -> None:
    ask(studio, "The style is gritty and warm.")
    ask(studio, "Change the style to clean and bright.")
    ask(studio, "goal: a summer single")
    ask(studio, "thanks")
    ask(studio, "go back to the previous style")
    assert stated(studio, "style") == ["gritty and warm"]
    assert stated(studio, "goal") == ["a summer single"]


def test_notes_and_own_words_are_taken_back_too(studio: Studio) -> None:
    ask(studio, "note that the hall is booked until 9 pm")
    assert "no longer note" in ask(studio, "undo that")
    assert studio.deps.repository.notes("default") == ()
    ask(studio, 'in this project "gloopy" means too much energy between 200 and 400 Hz')
    ask(studio, "undo that")
    assert studio.deps.repository.terms("default") == ()


def test_undo_says_so_where_there_is_nothing(studio: Studio, tone: AssetRef) -> None:
    assert "Nothing to undo" in ask(studio, "undo that")
    ask(studio, "make it 1 dB quieter", tone)
    answer = ask(studio, "undo that")
    assert "song.wav was not changed" in answer
    assert "song-gain.wav" in answer


def test_a_change_of_level_is_verified_against_the_source_it_began_with(
    studio: Studio, tone: AssetRef
) -> None:
    result = studio.ask("make it 1 dB quieter", [tone])
    (task,) = result.tasks
    (criterion,) = task.criteria
    assert task.status == "done"
    assert criterion.aspect == "loudness.integrated_lufs"
    assert criterion.met is True
    before = next(
        one.value
        for one in studio.deps.repository.findings("default", subjects=[tone.id])
        if one.aspect == criterion.aspect
    )
    assert isinstance(before, float)
    assert criterion.value == pytest.approx(before - 1.0, abs=0.01)


def test_the_file_at_hand_stays_so_however_much_talk_follows(
    studio: Studio, tone: AssetRef
) -> None:
    ask(studio, "how loud is this?", tone)
    for number in range(12):
        ask(studio, f"note that take {number} was recorded in room {number}")
    result = studio.ask("make it 1 dB quieter")
    assert [task.inputs for task in result.tasks] == [(tone.id,)]


def test_parts_of_the_piece_are_asked_for_by_name(studio: Studio, tone: AssetRef) -> None:
    ask(studio, "first movement: bars 1-120, second movement: bars 121-200")
    ask(studio, "the drop is bars 33-64")
    ask(studio, "note that the drop needs a vinyl stop before it")
    ask(studio, "how loud is this?", tone)
    answer = ask(studio, "what is in the drop?")
    assert "vinyl stop" in answer
    assert "bars 33-64" in answer
    listing = ask(studio, "what sections do we have?")
    assert "first movement" in listing
    assert "drop" in listing


def test_two_deadlines_in_one_sentence_are_two(studio: Studio) -> None:
    ask(
        studio,
        "The final mix is due on 14 January 2031 and the score has to be in by 20 January 2031",
    )
    dates = {one.what: one.date for one in studio.deps.repository.timeline("default")}
    assert dates == {"mix": "2031-01-14", "score": "2031-01-20"}
    ask(studio, "move the mix deadline to 10 January 2031")
    dates = {one.what: one.date for one in studio.deps.repository.timeline("default")}
    assert dates == {"mix": "2031-01-10", "score": "2031-01-20"}


def test_everything_about_one_thing_is_forgotten(studio: Studio) -> None:
    ask(studio, "note that the hall is booked until 9 pm")
    ask(studio, "note that the hall has no heating")
    ask(studio, "note that the bassoon is rented")
    ask(studio, "forget everything about the hall")
    assert [one.text for one in studio.deps.repository.notes("default")] == [
        "the bassoon is rented"
    ]


def test_words_in_quotation_marks_are_kept_whole(studio: Studio) -> None:
    ask(studio, 'the lead is a Juno patch called "Glass"')
    assert stated(studio, "element") == ['the lead is a Juno patch called "Glass"']


def test_several_values_of_one_statement_are_one_constraint(studio: Studio) -> None:
    ask(studio, "tempo is 128 bpm in F minor, 4/4")
    assert stated(studio, "constraint") == ["tempo is 128 bpm in F minor, 4/4"]


def test_a_drawn_picture_is_tied_to_its_sound_and_so_is_one_that_is_said_to_show_it(
    studio: Studio, tone: AssetRef, tmp_path: Path
) -> None:
    drawn = studio.ask("draw the spectrogram", [tone])
    (picture,) = drawn.artifacts
    path = tmp_path / "shot.png"
    Image.new("RGB", (320, 200), (20, 30, 60)).save(path)
    (shot,) = studio.attach([(path, "image")])
    answer = ask(studio, "this is the spectrogram of song.wav", shot)
    assert "shot.png shows song.wav, as you say" in answer
    shows = {
        one.subject.id: one.value
        for one in studio.deps.repository.findings("default")
        if one.aspect == "picture.shows"
    }
    assert shows == {picture.id: tone.id, shot.id: tone.id}


def test_a_file_that_is_said_to_be_an_elements_stem_is_held_by_it(
    studio: Studio, tone: AssetRef
) -> None:
    ask(studio, "the bass is a Moog Minitaur")
    ask(studio, "this is the bass stem", tone)
    (element,) = studio.deps.repository.elements("default")
    assert (element.name, element.assets) == ("bass", (tone.id,))
    assert "Moog Minitaur" in element.text


def test_what_the_user_claimed_is_believed_until_it_is_measured(
    studio: Studio, tone: AssetRef
) -> None:
    ask(studio, "how loud is this?", tone)
    ask(studio, "the tempo is 140 bpm")
    ask(studio, "thanks")
    assert "140 BPM" in ask(studio, "what did we believe about the tempo at turn 2?")


def test_a_limit_with_a_verb_before_it_is_a_limit(studio: Studio, tone: AssetRef) -> None:
    ask(studio, "never go above -3 dBTP")
    answer = ask(studio, "measure everything", tone)
    assert "never go above" not in answer


def test_cues_with_clock_times_are_sections(studio: Studio) -> None:
    ask(studio, "cue 1m1: 0:00 to 1:45, cue 1m2: 3:10 to 5:00")
    ask(studio, "we agreed that cue 1m1 ends on a fade")
    assert "110 s long" in ask(studio, "how long is cue 1m2?")
    assert "ends on a fade" in ask(studio, "what happens at the end of cue 1m1?")


def test_a_wanted_value_is_told_where_none_was_measured(studio: Studio) -> None:
    ask(studio, "constraint: the tempo is 92 bpm")
    assert "92 bpm" in ask(studio, "what's the tempo of the project?")


def test_a_rule_that_says_more_is_not_forgotten_for_one_word(studio: Studio) -> None:
    said = "the score is for a short film by Ana Ruiz, 24 minutes, 92 bpm, out on the Lumen label"
    ask(studio, f"constraint: {said}")
    assert "Shall I forget all of it?" in ask(studio, "forget the label")
    assert stated(studio, "constraint") == [said]


def test_the_project_is_summed_up_and_its_rules_are_listed(studio: Studio) -> None:
    ask(studio, "constraint: no vocals anywhere")
    ask(studio, "note that the choir is on holiday")
    answer = ask(studio, "summarise the project")
    assert "no vocals anywhere" in answer
    assert "on holiday" in answer
    assert "no vocals anywhere" in ask(studio, "list all constraints")
    assert stated(studio, "constraint") == ["no vocals anywhere"]
