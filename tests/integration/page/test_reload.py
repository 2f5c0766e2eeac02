from playwright.sync_api import expect

from tests.integration.page.conftest import Opened
from tests.integration.web.process import Page as Talk
from tests.integration.web.process import Web

QUESTION = "What can you do?"


def test_a_reload_in_mid_run_goes_on_with_the_same_turn(
    studio: Web, talk: Talk, opened: Opened
) -> None:
    run = talk.ask(QUESTION, models={"supervisor": studio.models["slow"]})
    window = opened()
    expect(window.last).to_contain_text(QUESTION)
    expect(window.button("Cancel")).to_be_visible()
    window.tab.reload()
    expect(window.last).to_contain_text(QUESTION)
    expect(window.button("Cancel")).to_be_visible()
    window.ended()

    answer = talk.wait_for(run, "result").content["answer"]
    expect(window.log.get_by_role("article")).to_have_count(1)
    expect(window.last.locator(".prose")).to_contain_text(str(answer).split("\n")[0].strip("* "))


def test_a_turn_is_cancelled_and_taken_up_again(studio: Web, talk: Talk, opened: Opened) -> None:
    talk.ask(QUESTION, models={"supervisor": studio.models["endless"]})
    window = opened()
    window.button("Cancel").click()
    expect(window.tab.get_by_text("A turn was cut off")).to_be_visible()
    window.button("Go on with it").click()
    window.ended()

    expect(window.last).to_contain_text(QUESTION)
