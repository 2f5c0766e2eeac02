"""Questions about pixels of pictures that the team drew."""

from audio.assets import AssetRef
from grym_synth.studio import Studio
from tests.integration.talk.asking import ask


def test_a_pixel_of_a_drawn_picture_is_told_in_seconds_and_hertz_in_any_thread(
    studio: Studio, tone: AssetRef
) -> None:
    assert "No picture" in ask(studio, "which time is pixel 400 of the spectrogram?")
    ask(studio, "show me the spectrogram", tone)
    ask(studio, "show me the waveform")
    answer = studio.ask("which time is pixel 620 of the spectrogram?", thread="other").answer
    assert "Pixel column 620 of song-spectrogram.png is 1.00095 s" in answer
    answer = ask(studio, "which frequency is pixel row 563 of the spectrogram?")
    assert "Pixel row 563 of song-spectrogram.png is" in answer
    assert " Hz (" in answer


def test_the_sound_behind_a_picture_is_at_hand_after_the_picture_was_read(
    studio: Studio, tone: AssetRef
) -> None:
    ask(studio, "show me the spectrogram", tone)
    (read,) = studio.ask("how many pixels does the picture have?").tasks
    assert read.agent == "qwen_vl"
    result = studio.ask("how loud is it?")
    assert [task.inputs for task in result.tasks] == [(tone.id,)]
