from pathlib import Path

from playwright.sync_api import expect

from tests.integration.page.conftest import Opened
from tests.integration.page.window import Window

MOST_STEPS = 60


def tab_to(window: Window, name: str) -> None:
    """Press Tab until the control of that name has the focus."""
    for _ in range(MOST_STEPS):
        window.tab.keyboard.press("Tab")
        if window.tab.evaluate(_NAME) == name:
            return
    raise AssertionError(f"Tab never reaches {name}")


_NAME = """() => {
  const on = document.activeElement;
  return on?.getAttribute("aria-label") || on?.textContent?.trim() || "";
}"""

_MOVED = """() => {
  const moved = window.was !== document.activeElement;
  window.was = document.activeElement;
  return moved;
}"""


def test_a_turn_is_asked_and_read_with_keys_alone(opened: Opened, take: Path) -> None:
    window = opened()
    window.attach(take)
    window.tab.keyboard.press("Tab")
    keys = window.tab.keyboard
    tab_to(window, "To the message")
    keys.press("Enter")
    keys.type("How loud is it?")
    keys.press("Enter")
    window.ended()

    tab_to(window, "Listen")
    keys.press("ArrowRight")
    expect(window.tab.get_by_role("tab", name="Figures")).to_be_focused()
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Enter")
    expect(window.tab.locator("details.finding[open]")).to_contain_text("Method")
    shown = window.tab.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert shown == "solid", "the focus can't be seen"


def test_no_control_holds_the_focus_for_ever(opened: Opened, take: Path) -> None:
    window = opened()
    window.attach(take)
    window.ask("How loud is it? Draw a spectrogram.")
    window.ended()
    reached: set[str] = set()
    for _ in range(MOST_STEPS):
        window.tab.keyboard.press("Tab")
        reached.add(str(window.tab.evaluate(_NAME)))
        assert window.tab.evaluate(_MOVED), reached
    assert {"Send", "Attach files", "New project", "Play"} <= reached
