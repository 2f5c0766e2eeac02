import re
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.integration.coding.programs import REQUEST
from tests.integration.page.conftest import Opened
from tests.integration.page.window import Window

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="what a model writes only runs in the sandbox, for Linux"
)


def asked(opened: Opened, take: Path) -> Window:
    """A turn that waits for a decision."""
    window = opened()
    window.attach(take)
    window.ask(REQUEST)
    expect(window.tab.get_by_role("heading", name="May this code run?")).to_be_visible()
    return window


def test_code_is_shown_runs_once_approved_and_its_sound_is_there(
    opened: Opened, take: Path
) -> None:
    window = asked(opened, take)
    expect(window.tab.get_by_role("region", name="Code of ring.py")).to_contain_text("HZ = 30.0")
    window.tab.reload()
    window.button("Approve").click()
    window.ended()

    expect(window.last).to_contain_text("take-ring.wav")
    expect(window.last.get_by_role("link", name="Download take-ring.wav")).to_have_attribute(
        "href", re.compile("^/files/")
    )


def test_code_that_the_user_changed_runs_as_changed(opened: Opened, take: Path) -> None:
    window = asked(opened, take)
    window.button("Edit").click()
    code = window.tab.get_by_label("Edit ring.py", exact=True)
    code.fill(code.input_value().replace("-ring.wav", "-mine.wav"))
    window.button("Run my version").click()
    window.ended()

    expect(window.last).to_contain_text("take-mine.wav")


def test_the_author_is_told_why_code_was_rejected(opened: Opened, take: Path) -> None:
    window = asked(opened, take)
    window.tab.get_by_label("Reason, for the author of the code").fill("no loops, please")
    window.button("Reject").click()

    expect(window.log).to_contain_text("no loops, please")
