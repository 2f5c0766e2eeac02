import json
from pathlib import Path

from playwright.sync_api import expect

from tests.integration.page.conftest import Opened
from tests.integration.page.test_looks import PHONE, faults
from tests.integration.page.window import Window


def panel(window: Window) -> None:
    """Open the panel of models, and wait until it knows what is there."""
    window.tab.get_by_role("button", name="models and limits").click()
    window.tab.get_by_label("All roles", exact=True).wait_for()


def test_models_and_limits_are_chosen_by_project_and_outlive_a_reload(
    opened: Opened, take: Path
) -> None:
    window = opened()
    panel(window)
    window.tab.get_by_label("All roles", exact=True).select_option("instruments")
    rounds = window.tab.get_by_label("Rounds")
    rounds.fill("900")
    rounds.blur()
    expect(rounds).to_have_value("4")
    window.tab.reload()
    window.message.wait_for()

    mark = window.tab.get_by_role("button", name="models and limits")
    expect(mark).to_contain_text("Instruments alone")
    expect(mark).to_contain_text("chosen")
    with window.tab.expect_request("**/runs") as sent:
        window.attach(take)
        window.ask("How loud is it?")
    window.ended()
    body = json.loads(sent.value.post_data or "{}")
    assert (body["profile"], body["max_rounds"]) == ("instruments", 4)
    panel(window)
    window.button("As the settings say").click()
    expect(mark).not_to_contain_text("chosen")


def test_a_role_takes_the_model_that_is_chosen_for_it(opened: Opened) -> None:
    window = opened()
    panel(window)
    coder = window.tab.get_by_label("Model of coder")
    choices = coder.locator("option").all_text_contents()
    coder.select_option("instruments")

    assert any("coder.jsonl" in one for one in choices)
    mark = window.tab.get_by_role("button", name="models and limits")
    expect(mark).to_contain_text("Instruments alone")
    window.tab.keyboard.press("Escape")
    expect(window.tab.get_by_label("All roles", exact=True)).to_be_hidden()
    expect(mark).to_be_focused()


def test_the_panel_can_be_read_on_a_phone(opened: Opened) -> None:
    window = opened(PHONE, dark=True)
    panel(window)

    assert window.tab.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert not faults(window)


def test_a_thread_is_renamed_in_its_place(opened: Opened) -> None:
    window = opened()
    window.ask("What can you do?")
    window.ended()
    window.button("Rename this thread").click()
    window.tab.get_by_label("Name of this thread").fill("First steps")
    window.button("Rename").click()

    expect(window.tab.get_by_role("button", name="First steps")).to_be_visible()
    assert not faults(window)
