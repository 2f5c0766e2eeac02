"""A studio on a home of its own, and a browser that opens its page."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize, expect, sync_playwright

from tests.integration.page.window import Window
from tests.integration.web.process import Page as Talk
from tests.integration.web.process import Web, tone
from tests.programs import program

QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
DESK: ViewportSize = {"width": 1280, "height": 800}
WAIT_MS = 20_000
expect.set_options(timeout=WAIT_MS)

Opened = Callable[..., Window]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program("chromium"), args=[*QUIET])
        try:
            yield opened
        finally:
            opened.close()


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """A studio on instruments, with a scripted coding model."""
    folder = tmp_path_factory.mktemp("page")
    served = Web(folder / "studio", GRYM_CODER_MODEL=f"scripted:{folder / 'studio/coder.jsonl'}")
    try:
        served.start()
        yield served
    finally:
        served.stop()


_NUMBERS = count(1)


@pytest.fixture
def talk(studio: Web) -> Iterator[Talk]:
    """A conversation in a project of its own, as a program has it."""
    with studio.client() as client:
        yield Talk(client, f"piece-{next(_NUMBERS)}")


@pytest.fixture
def opened(browser: Browser, studio: Web, talk: Talk) -> Iterator[Opened]:
    """Opens the page at the test's own project; fails where the browser complained of it."""
    windows: list[Window] = []
    with ExitStack() as held:

        def open_(size: ViewportSize = DESK, *, dark: bool = False) -> Window:
            context = browser.new_context(
                viewport=size, color_scheme="dark" if dark else "light", reduced_motion="reduce"
            )
            held.callback(context.close)
            context.set_default_timeout(WAIT_MS)
            window = Window(context.new_page(), studio.note, talk.project.rpartition("/")[2])
            windows.append(window)
            window.open()
            return window

        yield open_
        complaints = [told for one in windows for told in one.complaints]
    assert not complaints


@pytest.fixture
def take(tmp_path: Path) -> Path:
    """A second of a tone, as a file of the user's."""
    path = tmp_path / "take.wav"
    path.write_bytes(tone())
    return path
