import re
from pathlib import Path

from playwright.sync_api import expect

from tests.integration.page.conftest import Opened

NOTES = "The goal is a warm late-night single. The drop runs from 0.2 s to 0.6 s."


def test_what_the_project_knows_is_shown_found_and_drawn(opened: Opened, take: Path) -> None:
    window = opened()
    window.attach(take)
    window.ask(NOTES)
    window.ended()
    project = window.tab.get_by_role("navigation", name="Project")

    expect(project).to_contain_text("warm late-night single")
    expect(project.get_by_role("listitem").filter(has_text="0:00–0:01")).to_contain_text("drop")
    mark = window.tab.get_by_role("button", name=re.compile("Sections: drop, 0:00.2 to 0:00.6"))
    mark.click()
    expect(window.tab.get_by_label("Position", exact=True)).to_have_value("0.2")
    window.tab.keyboard.press("Control+k")
    window.tab.keyboard.type("late-night")
    window.tab.keyboard.press("Enter")
    expect(project.get_by_role("region", name="Results")).to_contain_text("late-night")
    window.button("All results").click()
    expect(window.tab.get_by_role("alert").first).to_contain_text("made nothing yet")


def test_threads_and_projects_are_made_and_switched(opened: Opened) -> None:
    window = opened()
    window.ask("Note: the bass is a Juno")
    window.ended()
    first = window.project
    for what, name in (("thread", "mixing ideas"), ("project", f"{first} remix")):
        window.button(f"New {what}").click()
        window.tab.get_by_label(f"Name of the new {what}").fill(name)
        window.tab.keyboard.press("Enter")
        expect(window.tab.get_by_role("main").get_by_role("heading", level=2)).to_contain_text(name)
        expect(window.log.get_by_role("article")).to_have_count(0)
        expect(window.log).to_contain_text("What are we working on?")

    window.tab.get_by_role("combobox", name="Project").select_option(first)
    expect(window.last).to_contain_text("the bass is a Juno")
