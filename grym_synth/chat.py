"""Turn by turn in the terminal."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import FrameType

from grym_synth.chat_commands import COMMANDS, Conversation
from grym_synth.consent import consent
from grym_synth.errors import Cancelled, GrymError
from grym_synth.options import say_line
from grym_synth.progress import Progress
from grym_synth.result import TurnResult
from grym_synth.settings import Settings
from grym_synth.studio import check_place, open_studio
from grym_synth.tables import tell

_REMEMBERED = 1000
"""Lines of the terminal that the next session can call back."""


class _Session:
    """SIGTERM ends the whole session, where Ctrl-C only stops a turn."""

    def __init__(self) -> None:
        self.ends = False
        self.cancel = threading.Event()
        """Stops the turn that is running."""
        signal.signal(signal.SIGTERM, self._end)

    def _end(self, number: int, frame: FrameType | None) -> None:
        self.ends = True
        self.cancel.set()
        signal.default_int_handler(number, frame)


def talk(settings: Settings, project: str, thread: str) -> None:
    """Read requests until the end of input or ``/quit``; attached files go with the next one.

    Ctrl-C stops the turn that is running, and the conversation goes on. A new choice of models
    opens the studio anew.
    """
    check_place(project, thread)
    talker = Conversation(settings, project, thread)
    with _typed_lines(settings.home_path / "typed"):
        _talk(talker, _Session())


def _talk(talker: Conversation, session: _Session) -> None:
    place = f"project {talker.project}, thread {talker.thread}"
    said = f"{place}; /help lists what you can type, /quit ends"
    while not talker.quits:
        with open_studio(settings=talker.settings) as studio:
            print(said, flush=True)
            talker.studio, opened_with = studio, talker.settings
            while not talker.quits and talker.settings is opened_with:
                _one_line(talker, session)
        said = "the studio was opened anew"


def _one_line(talker: Conversation, session: _Session) -> None:
    """Read a line and do what it says."""
    try:
        line = input(f"{talker.project}> " if sys.stdin.isatty() else "> ").strip()
        if line:
            _do(line, talker, session)
    except EOFError:
        talker.quits = True
    except (KeyboardInterrupt, Cancelled):
        if session.ends:
            raise
        print("\ncancelled; go on with /resume, or leave with /quit", file=sys.stderr)
    except GrymError as fault:
        say_line(str(fault))


def _do(line: str, talker: Conversation, session: _Session) -> None:
    word, _, rest = line.partition(" ")
    if word in COMMANDS:
        COMMANDS[word].run(talker, rest.strip())
    elif word.startswith("/") and word[1:].isalpha():
        say_line(f"{word} is no command: /help lists them")
    else:
        _ask(line, talker, session)
        return
    if talker.resumes:
        talker.resumes = False
        _ask("", talker, session)


def _ask(line: str, talker: Conversation, session: _Session) -> None:
    """One turn; without a line, what was cut off or waits goes on."""
    session.cancel = threading.Event()
    with Progress() as progress:
        talker.studio.ask(
            line,
            talker.attached,
            project=talker.project,
            thread=talker.thread,
            resume=not line,
            on_event=progress.watch,
            on_answer=partial(_show, progress),
            decide=consent(progress),
            cancel=session.cancel,
        )
    talker.attached = []


def _show(progress: Progress, result: TurnResult) -> None:
    with progress.paused():
        tell(result)


@contextmanager
def _typed_lines(file: Path) -> Iterator[None]:
    """Let a terminal edit lines and call back those of earlier sessions; nobody else reads them."""
    if not sys.stdin.isatty():
        yield
        return
    import readline

    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(0o600)
    readline.set_history_length(_REMEMBERED)
    with suppress(OSError):
        readline.read_history_file(file)
    try:
        yield
    finally:
        with suppress(OSError):
            readline.write_history_file(file)
