from playwright.sync_api import expect

from tests.integration.page.conftest import Opened
from tests.integration.web.process import Page as Talk
from tests.integration.web.process import Web

QUESTION = "What can you do?"


def test_a_reload_in_mid_run_goes_on_with_the_same_turn(
    studio: Web, talk: Talk, opened: Opened
) -> None:
    talk.ask(QUESTION, models={"supervisor": studio.models["endless"]})
    window = opened()
    for _ in range(2):
        expect(window.last).to_contain_text(QUESTION)
        expect(window.last).to_contain_text("planning")
        expect(window.log.get_by_role("article")).to_have_count(1)
        window.tab.reload()
    window.button("Cancel").click()

    expect(window.tab.get_by_text("A turn was cut off")).to_be_visible()


def test_a_turn_that_was_cut_off_is_taken_up_again(studio: Web, talk: Talk, opened: Opened) -> None:
    run = talk.ask(QUESTION, models={"supervisor": studio.models["endless"]})
    talk.wait_for(run, "event", "planning")
    talk.http.post(f"/api/runs/{run}/cancel")
    talk.to_the_end(run)
    window = opened()
    window.button("Go on with it").click()

    expect(window.last).to_contain_text(QUESTION)
    expect(window.last).to_contain_text("planning")
    window.button("Cancel").click()
    expect(window.button("Go on with it")).to_be_visible()
