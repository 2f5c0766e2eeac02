"""Taking the last turn back."""

import pytest

from audio.assets import AssetRef
from grym_synth.errors import BadInput
from grym_synth.studio import Studio
from tests.integration.talk.asking import ask, stated


def test_an_undone_change_of_style_gives_the_old_style_back(studio: Studio) -> None:
    ask(studio, "The style is gritty and warm. Keep it in A minor.")
    ask(studio, "Change the style to clean and bright.")
    undone = studio.undo()
    assert [one.text for one in undone.given_up] == ["project style: clean and bright"]
    assert [one.text for one in undone.restored] == ["project style: gritty and warm"]
    assert stated(studio, "style") == ["gritty and warm"]
    assert stated(studio, "constraint") == ["Keep it in A minor"]


def test_undoing_goes_back_turn_by_turn_and_says_when_nothing_is_left(studio: Studio) -> None:
    ask(studio, "The style is gritty and warm.")
    ask(studio, "The final mix is due on 3 March 2031.")
    studio.undo()
    assert stated(studio, "deadline") == []
    assert stated(studio, "style") == ["gritty and warm"]
    studio.undo()
    assert stated(studio, "style") == []
    with pytest.raises(BadInput, match="there is none"):
        studio.undo()


def test_after_an_undo_turns_count_on_and_history_keeps_what_was_undone(studio: Studio) -> None:
    ask(studio, "note that the singer is called Zanzibarquux")
    studio.undo()
    result = studio.ask("note that the drummer is called Wumblefrex")
    assert result.turn == 2
    memory = studio.deps.repository
    assert [one.turn for one in memory.history("default")] == [1, 2]
    assert "Zanzibarquux" not in ask(studio, "who is the singer?")


def test_what_was_measured_outlives_an_undo_and_a_user_s_claim_does_not(
    studio: Studio, tone: AssetRef
) -> None:
    ask(studio, "how long is it?", tone)
    ask(studio, "The song is in F major")
    studio.undo()
    held = studio.deps.repository.findings("default")
    assert {one.evidence for one in held} == {"measured"}
    assert not studio.deps.repository.conflicts("default")


def test_a_moved_deadline_is_back_where_it_was(studio: Studio) -> None:
    ask(studio, "The final mix is due on 3 March 2031.")
    ask(studio, "The deadline moved to 9 April 2031")
    studio.undo()
    assert stated(studio, "deadline") == ["final mix: 3 March 2031"]
    assert "3 March 2031" in ask(studio, "When is the mix due?")
