"""Options that several commands share, and how they are read."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.markdown import Markdown

from grym_synth.errors import BadInput
from grym_synth.settings import Settings, read_settings

AudioOption = Annotated[
    list[Path] | None, typer.Option("--audio", help="A sound file; may be given several times")
]
ImageOption = Annotated[
    list[Path] | None, typer.Option("--image", help="A picture; may be given several times")
]
FileOption = Annotated[
    list[Path] | None, typer.Option("--file", help="A MIDI, MusicXML or text file")
]
ProjectOption = Annotated[str, typer.Option("--project", help="Whose memory is used")]
ThreadOption = Annotated[str, typer.Option("--thread", help="The conversation in the project")]
HomeOption = Annotated[
    Path | None, typer.Option("--home", help="Where memory and assets live (default ~/.grym)")
]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="Where copies of results go (default ./grym-out)")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object")]

GivenKind = Literal["audio", "image"]


def make_settings(home: Path | None) -> Settings:
    """The environment's settings, with the command line's home on top.

    Raises:
        BadInput: a ``GRYM_`` variable has a value that can't be used.
    """
    settings = read_settings()
    return settings if home is None else settings.model_copy(update={"home": home})


def attachments(
    audio: Iterable[Path] | None, image: Iterable[Path] | None, file: Iterable[Path] | None
) -> list[tuple[Path, GivenKind | None]]:
    """The attached files, each with the kind that its option says; ``--file`` goes by suffix.

    Raises:
        BadInput: a name can't be written as text.
    """
    for path in (*(audio or ()), *(image or ()), *(file or ())):
        if "\N{REPLACEMENT CHARACTER}" in str(path):
            raise BadInput(f"reading {path}", "its name is not UTF-8", "Rename the file")
    given: list[tuple[Path, GivenKind | None]] = [(path, "audio") for path in audio or ()]
    given += [(path, "image") for path in image or ()]
    return given + [(path, None) for path in file or ()]


def say(text: str) -> None:
    """Print an answer: laid out on a terminal, plain Markdown elsewhere."""
    console = Console()
    if console.is_terminal:
        console.print(Markdown(text))
    else:
        print(text)
