import json
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ViewportSize, expect

from tests.integration.page.conftest import DESK, Opened
from tests.integration.page.window import Window

PHONE: ViewportSize = {"width": 360, "height": 740}
GRAVE = ("serious", "critical")


def faults(window: Window) -> list[str]:
    """What axe finds that keeps somebody out, contrast among it."""
    before = [*window.complaints]
    found = Axe().run(window.tab, options={"resultTypes": ["violations"]}).response
    window.complaints[:] = before  # axe itself tries styles that the page's policy forbids
    return [
        json.dumps([one["id"], [node["target"] for node in one["nodes"]][:5]])
        for one in found["violations"]
        if one["impact"] in GRAVE
    ]


def filled(opened: Opened, take: Path, size: ViewportSize, *, dark: bool = False) -> Window:
    """A page with a turn."""
    window = opened(size, dark=dark)
    window.attach(take)
    window.ask("It is at 300 BPM. How loud is it, and in which tempo? Draw a spectrogram.")
    window.ended()
    return window


@pytest.mark.parametrize("dark", [False, True])
def test_everybody_can_read_and_work_every_part(opened: Opened, take: Path, dark: bool) -> None:
    window = filled(opened, take, DESK, dark=dark)
    ground = window.tab.evaluate("getComputedStyle(document.body).backgroundColor")
    brightness = sum(int(one) for one in ground.strip("rgb()").split(","))
    found = faults(window)
    window.last.locator("summary").first.click()
    for name in ("Figures", "Conflicts", "History"):
        window.tab.get_by_role("tab", name=name).click()
        found += faults(window)

    assert (brightness < 384) == dark
    assert not found


def test_a_phone_shows_every_part_without_scrolling_sideways(opened: Opened, take: Path) -> None:
    window = filled(opened, take, PHONE)
    for name in ("Project", "Chat", "Listen"):
        window.button(name).click()
        wide = window.tab.evaluate(
            "[...document.querySelectorAll('*')].filter(one => one.checkVisibility()"
            " && one.getBoundingClientRect().right > innerWidth + 1"
            " && !one.closest('.log pre, .code, .wave, .tabs, .spectrogram-view')"
            ").map(one => one.className)"
        )
        assert window.tab.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        assert not wide, name
    expect(window.tab.get_by_role("tablist")).to_be_visible()
    assert not faults(window)
