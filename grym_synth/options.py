"""Options that several commands share, and how they are read."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.markdown import Markdown

from agents.roles.models import ROLES, Choice, Role, adopted
from grym_synth.errors import BadInput
from grym_synth.plain_text import shown
from grym_synth.settings import Profile, Settings, read_settings

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

ModelOption = Annotated[
    list[str] | None,
    typer.Option(
        "--model",
        metavar="ROLE=MODEL",
        help="The model of supervisor, gama, qwen_vl or coder, such as "
        "supervisor=ollama:deepseek-r1:14b or coder=instruments; may be given several times",
    ),
]
ProfileOption = Annotated[
    Profile | None,
    typer.Option("--profile", help="Which models the roles have that name none (default auto)"),
]

GivenKind = Literal["audio", "image"]


def make_settings(
    home: Path | None,
    models: Iterable[str] | None = None,
    profile: Profile | None = None,
    out: Path | None = None,
) -> Settings:
    """The environment's settings, with what the command line says on top.

    Args:
        home: where memory and assets live.
        models: ``ROLE=MODEL`` for each role that is given one.
        profile: which models the other roles have.
        out: where results go.

    Raises:
        BadInput: a ``GRYM_`` variable has a value that can't be used, or a model is none.
    """
    settings = read_settings()
    given = {"home": home, "out": out}
    settings = settings.model_copy(
        update={name: one for name, one in given.items() if one is not None}
    )
    if not models and profile is None:
        return settings
    return adopted(settings, read_choice(models, profile))


def read_choice(models: Iterable[str] | None, profile: Profile | None = None) -> Choice:
    """What the user chose, as ``ROLE=MODEL`` for each role that is given one.

    Args:
        models: such as ``coder=instruments``.
        profile: which models the other roles have.

    Raises:
        BadInput: one of them isn't of this form.
    """
    named: dict[Role, str] = {}
    for given in models or ():
        name, _, spec = given.partition("=")
        role = next((one for one in ROLES if one == name.strip()), None)
        if role is None or not spec.strip():
            raise BadInput(
                f"reading the model {given}",
                "it is not ROLE=MODEL",
                f"Write one of {', '.join(ROLES)}, = and a model",
            )
        named[role] = spec.strip()
    return Choice(profile, named)


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
        console.print(Markdown(shown(text)))
    else:
        print(shown(text))


def say_line(text: str, *, aside: bool = False) -> None:
    """Print a line as it is, without what a name in it would have the terminal do.

    Args:
        text: the line.
        aside: to standard error.
    """
    print(shown(text), file=sys.stderr if aside else sys.stdout)
