import re
from pathlib import Path

from playwright.sync_api import expect

from tests.integration.page.conftest import Opened


def test_a_file_that_is_no_sound_is_refused_in_words_beside_its_name(
    opened: Opened, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"RIFF this is no sound")
    window = opened()
    window.tab.get_by_label("Files to attach").set_input_files(broken)

    refused = window.tab.get_by_role("listitem").filter(has_text="broken.wav")
    expect(refused.get_by_role("alert")).to_contain_text(re.compile("[a-z]{3,}.*[.]"))
    window.button("Take back broken.wav").click()
    expect(refused).to_have_count(0)


def test_what_can_not_be_done_is_said_with_its_reason(opened: Opened) -> None:
    window = opened()
    window.ask("Master it to -14 LUFS")
    window.ended()

    expect(window.last.locator(".answer")).to_contain_text(re.compile("(file|audio|sound)", re.I))


def test_a_studio_that_ended_is_told_and_nothing_is_lost(opened: Opened) -> None:
    window = opened()
    window.tab.route("**/runs", lambda route: route.abort())
    window.ask("How loud is it?")

    expect(window.tab.get_by_role("alert").first).to_contain_text("does not answer")
    expect(window.message).to_have_value("How loud is it?")
    window.button("Put this message away").click()
    expect(window.tab.locator(".notice")).to_have_count(0)
    window.complaints.clear()
