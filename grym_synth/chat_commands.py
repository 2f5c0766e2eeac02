"""What can be typed in a conversation beside requests: ``/attach``, ``/project`` and their like."""

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from agents.roles.models import ROLES, Choice, adopted
from audio.assets import AssetRef
from grym_synth.artifacts import artifact_in, show
from grym_synth.errors import BadInput
from grym_synth.options import read_choice, say_line
from grym_synth.settings import Settings
from grym_synth.studio import Studio, check_place


@dataclass
class Conversation:
    """Where a conversation is, and what goes with its next request."""

    settings: Settings
    project: str
    thread: str
    attached: list[AssetRef] = field(default_factory=list)
    quits: bool = False
    resumes: bool = False
    """Whether what was cut off, or waits, goes on."""
    studio: Studio = field(init=False)


@dataclass(frozen=True)
class ChatCommand:
    """One word that starts with a slash."""

    usage: str
    says: str
    """What it does, in a few words."""
    run: Callable[[Conversation, str], None]
    """Does it with what stands behind the word."""


def _attach(talker: Conversation, rest: str) -> None:
    paths = [Path(word).expanduser() for word in _words(rest)]
    if not paths:
        raise BadInput("attaching a file", "none is named", "Write /attach and its path")
    refs = talker.studio.attach([(path, None) for path in paths])
    talker.attached += refs
    say_line(f"attached {', '.join(one.name for one in refs)}: goes with your next request")


def _project(talker: Conversation, rest: str) -> None:
    memory = talker.studio.deps.repository
    if rest:
        check_place(rest, talker.thread)
        talker.project = rest
    for setting in memory.settings(talker.project):
        say_line(f"  {setting.field}: {setting.value}")
    assets = memory.assets(talker.project)
    turns = len(memory.history(talker.project))
    known = "known" if turns or assets else "new"
    say_line(f"project {talker.project} ({known}): {turns} turns, {len(assets)} files")
    others = [one.name for one in memory.projects() if one.name != talker.project]
    if others and not rest:
        say_line(f"other projects: {', '.join(others)}")


def _thread(talker: Conversation, rest: str) -> None:
    if rest:
        check_place(talker.project, rest)
        talker.thread = rest
    held = talker.studio.deps.repository.threads(talker.project)
    say_line(f"thread {talker.thread}; this project has {', '.join(held) or 'none yet'}")


def _models(talker: Conversation, rest: str) -> None:
    if rest:
        talker.settings = adopted(talker.settings, read_choice(_words(rest)))
        return
    for role in ROLES:
        part = talker.studio.deps.casting.part(role, Choice())
        why = "" if part.used == part.wanted else f" (wanted {part.wanted}: {part.why})"
        say_line(f"{role}: {part.used}{why}")


def _undo(talker: Conversation, rest: str) -> None:
    undone = talker.studio.undo(talker.project, talker.thread)
    say_line("undone: the last turn is out of this conversation")
    for one in undone.given_up:
        say_line(f"  no longer {one.text}")
    for one in undone.restored:
        say_line(f"  again {one.text}")
    say_line("Measurements and files stay.")


def _open(talker: Conversation, rest: str) -> None:
    path = artifact_in(talker.studio, rest, talker.project)
    say_line(str(path))
    show(path)


def _resume(talker: Conversation, rest: str) -> None:
    talker.resumes = True


def _help(talker: Conversation, rest: str) -> None:
    wide = max(len(one.usage) for one in COMMANDS.values())
    for one in COMMANDS.values():
        say_line(f"{one.usage:{wide}}  {one.says}")
    say_line("Anything else is a request. Ctrl-C stops a turn.")


def _quit(talker: Conversation, rest: str) -> None:
    talker.quits = True


COMMANDS: Mapping[str, ChatCommand] = {
    one.usage.partition(" ")[0]: one
    for one in (
        ChatCommand("/attach PATH…", "sounds, pictures, MIDI, scores, text", _attach),
        ChatCommand("/project [NAME]", "show this project, or go to another", _project),
        ChatCommand("/thread [NAME]", "show the conversations, or go to another", _thread),
        ChatCommand("/models [ROLE=MODEL…]", "show who works, or choose", _models),
        ChatCommand("/undo", "take back what you said in the last turn", _undo),
        ChatCommand("/resume", "go on with what was cut off or waits", _resume),
        ChatCommand("/open FILE", "show what a turn made, by its name or id", _open),
        ChatCommand("/help", "this list", _help),
        ChatCommand("/quit", "end", _quit),
    )
}
"""By the word that they begin with."""


def _words(rest: str) -> list[str]:
    """Words as a shell reads them, so that names may have spaces in quotes."""
    try:
        return shlex.split(rest)
    except ValueError as fault:
        raise BadInput(f"reading {rest}", "a quote is not closed", "Close it") from fault
