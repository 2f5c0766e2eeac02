"""One open page: what a user does with it, and what the browser complained of."""

from base64 import b64encode
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Locator, Request
from playwright.sync_api import Page as Tab

from grym_synth.server_note import ServerNote

_EXPECTED = ("Failed to load resource",)
"""The browser's own lines about answers that tell a fault; the page tells it in words."""


class Window:
    """The page in one tab."""

    def __init__(self, tab: Tab, note: ServerNote, project: str) -> None:
        self.tab, self.project = tab, project
        self._address, self._key = note.address, note.key
        self.complaints: list[str] = []
        """Errors of scripts, breaches of the page's policy, requests to elsewhere."""
        tab.on("console", self._hear)
        tab.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        tab.on("request", self._watch)

    def open(self) -> None:
        """Open the page as the address that was printed does, at the project."""
        self.tab.goto(f"{self._address}/?key={self._key}#/{self.project}/main/")
        self.message.wait_for()

    @property
    def message(self) -> Locator:
        """Where the user writes."""
        return self.tab.get_by_label("What should the studio do?")

    @property
    def log(self) -> Locator:
        """The conversation."""
        return self.tab.get_by_role("log")

    @property
    def last(self) -> Locator:
        """The newest turn."""
        return self.log.get_by_role("article").last

    def attach(self, *files: Path) -> None:
        """Choose files, and wait until they are there."""
        self.tab.get_by_label("Files to attach").set_input_files([str(one) for one in files])
        self._arrived(*files)

    def drop(self, file: Path) -> None:
        """Drop a file on the page, and wait until it is there."""
        brought = self.tab.evaluate_handle(
            """([name, text]) => {
              const bytes = Uint8Array.from(atob(text), one => one.charCodeAt(0));
              const brought = new DataTransfer();
              brought.items.add(new File([bytes], name));
              return brought;
            }""",
            [file.name, b64encode(file.read_bytes()).decode()],
        )
        for event in ("dragenter", "dragover", "drop"):
            self.tab.dispatch_event("body", event, {"dataTransfer": brought})
        self._arrived(file)

    def ask(self, request: str) -> None:
        """Write and send."""
        self.message.fill(request)
        self.tab.get_by_role("button", name="Send").click()

    def _arrived(self, *files: Path) -> None:
        for one in files:
            self.tab.get_by_label(f"Take back {one.name}").wait_for()
        self.tab.locator(".attachment progress").first.wait_for(state="detached")

    def ended(self) -> None:
        """Wait until no turn runs."""
        self.tab.get_by_text("Take the last turn back").wait_for()

    def button(self, name: str) -> Locator:
        """A button by its whole name."""
        return self.tab.get_by_role("button", name=name, exact=True)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(_EXPECTED):
            self.complaints.append(message.text)

    def _watch(self, request: Request) -> None:
        if not request.url.startswith(self._address):
            self.complaints.append(f"a request to {request.url}")
