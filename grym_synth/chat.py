"""Turn by turn in the terminal."""

from functools import partial
from pathlib import Path

from audio.assets import AssetKind, AssetRef
from grym_synth.consent import consent
from grym_synth.errors import GrymError
from grym_synth.progress import Progress
from grym_synth.result import TurnResult
from grym_synth.studio import Studio
from grym_synth.tables import tell

_COMMANDS: dict[str, AssetKind | None] = {"/audio": "audio", "/image": "image", "/file": None}


def talk(studio: Studio, project: str, thread: str, out: Path | None) -> None:
    """Read requests until the end of input or ``/quit``; attached files go with the next one."""
    attached: list[AssetRef] = []
    print(f"project {project}, thread {thread}; /audio, /image, /file PATH attach, /quit ends")
    while True:
        try:
            line = input("> ").strip()
        except EOFError:
            return
        if line in ("/quit", "/exit"):
            return
        command, _, rest = line.partition(" ")
        try:
            if command in _COMMANDS:
                attached += studio.attach([(Path(rest.strip()).expanduser(), _COMMANDS[command])])
                print(f"attached {attached[-1].name}")
            elif line:
                with Progress() as progress:
                    studio.ask(
                        line, attached, project=project, thread=thread, out=out,
                        on_event=progress.watch, on_answer=partial(_show, progress),
                        decide=consent(progress),
                    )  # fmt: skip
                attached = []
        except GrymError as fault:
            print(fault)


def _show(progress: Progress, result: TurnResult) -> None:
    with progress.paused():
        tell(result)
