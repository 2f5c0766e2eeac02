"""The ``grym`` command. Heavy parts are imported inside the commands, so that help is quick."""

import json
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from typer._click.exceptions import ClickException

from grym_synth.cli_assets import assets_app
from grym_synth.cli_eval import evaluate
from grym_synth.cli_glossary import glossary, term
from grym_synth.cli_library import library_app
from grym_synth.cli_project import project_app
from grym_synth.cli_serving import serve
from grym_synth.cli_studio import studio
from grym_synth.cli_workflows import build, compose, master, unpack
from grym_synth.drafts import own_temporary_folder
from grym_synth.errors import BadInput, Cancelled, GrymError
from grym_synth.options import (
    AudioOption,
    FileOption,
    HomeOption,
    ImageOption,
    JsonOption,
    ModelOption,
    OutOption,
    ProfileOption,
    ProjectOption,
    ThreadOption,
    attachments,
    make_settings,
    read_choice,
    say,
    say_line,
)

CANCELLED = 130
"""Exit code of a command that Ctrl-C ended."""

app = typer.Typer(
    name="grym",
    help="A local studio team for music production: ask for work on your recordings; "
    "nothing is called done until it was measured.",
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _tell_version(wanted: bool) -> None:
    if wanted:
        print(f"grym-synth {version('grym-synth')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def about(
    context: typer.Context,
    _: Annotated[
        bool,
        typer.Option("--version", callback=_tell_version, is_eager=True, help="Print the version"),
    ] = False,
) -> None:
    """Take the options that stand before a command; without a command, show the help."""
    if context.invoked_subcommand is None:
        print(context.get_help())


@app.command()
def ask(
    request: Annotated[str, typer.Argument(help="What you want, in your own words")] = "",
    audio: AudioOption = None,
    image: ImageOption = None,
    file: FileOption = None,
    project: ProjectOption = "default",
    thread: ThreadOption = "main",
    home: HomeOption = None,
    out: OutOption = None,
    model: ModelOption = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with what is unfinished or waiting")
    ] = False,
    yes: Annotated[
        bool | None,
        typer.Option("--yes/--no", help="Let code that a model wrote run, or not, without asking"),
    ] = None,
) -> None:
    """Plan the work, run it, verify it by measurement, and answer with evidence."""
    from grym_synth.asking import open_asking
    from grym_synth.consent import consent
    from grym_synth.progress import Progress
    from grym_synth.result import TurnResult
    from grym_synth.studio import check_place
    from grym_synth.tables import tell

    if not request.strip() and not resume and not (audio or image or file):
        raise BadInput("reading the request", "it is empty", "Say what you want done")
    check_place(project, thread)
    settings, choice = make_settings(home, out=out), read_choice(model, profile)
    with Progress() as progress, open_asking(settings, choice) as asks:

        def show(result: TurnResult) -> None:
            with progress.paused():
                tell(result, as_json=as_json)

        result = asks(
            request,
            attachments(audio, image, file),
            project=project,
            thread=thread,
            resume=resume,
            on_event=progress.watch,
            on_answer=show,
            decide=consent(progress, yes),
        )
    raise typer.Exit(result.exit_code)


@app.command()
def plan(
    request: Annotated[str, typer.Argument(help="What you want, in your own words")],
    audio: AudioOption = None,
    image: ImageOption = None,
    file: FileOption = None,
    project: ProjectOption = "default",
    thread: ThreadOption = "main",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what would be done, without running or writing anything."""
    from grym_synth.planning import plan_only
    from grym_synth.result import show_task

    made = plan_only(request, attachments(audio, image, file), project, thread, make_settings(home))
    if as_json:
        tasks = [show_task(task).model_dump(mode="json") for task in made.tasks]
        asks = [word.model_dump(mode="json") for word in made.asks]
        print(json.dumps({"project": project, "thread": thread, "tasks": tasks, "asks": asks}))
        return
    if not made.tasks and not made.asks:
        say("No task is needed: this can be answered at once.")
    for number, task in enumerate(made.tasks, 1):
        criteria = "; ".join(f"{c.aspect} {c.op} {c.value} {c.unit}" for c in task.criteria)
        say(f"{number}. **{task.agent}**: {task.objective}" + (f" — {criteria}" * bool(criteria)))
        say(f"   {task.reason}")
    for word in made.asks:
        say(f"Needed first: {word.question}")


@app.command()
def measure(
    file: Annotated[Path, typer.Argument(help="A WAV, FLAC, MP3, OGG or AIFF file")],
    as_json: JsonOption = False,
) -> None:
    """Measure one sound file with every instrument, without memory or graph."""
    from grym_synth.profile import profile

    result = profile(file, make_settings(None))
    if as_json:
        print(result.model_dump_json())
        return
    from grym_synth.tables import findings_table

    findings_table(result.findings)
    for advice in result.recommendations:
        say(f"- {advice.text}")


@app.command()
def chat(
    project: ProjectOption = "default",
    thread: ThreadOption = "main",
    home: HomeOption = None,
    out: OutOption = None,
    model: ModelOption = None,
    profile: ProfileOption = None,
) -> None:
    """Talk turn by turn; /help lists what can be typed beside requests."""
    from grym_synth.chat import talk

    talk(make_settings(home, model, profile, out), project, thread)


@app.command(name="open")
def open_artifact(
    artifact: Annotated[str, typer.Argument(help="Its id (or the start of it), or its name")],
    project: ProjectOption = "default",
    home: HomeOption = None,
) -> None:
    """Print the path of an artifact and show it with the desktop's own program."""
    from grym_synth.artifacts import find_artifact, show

    path = find_artifact(artifact, project, make_settings(home))
    print(path)
    show(path)


@app.command()
def doctor(
    home: HomeOption = None,
    model: ModelOption = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what is installed, which model each role would have, and how to get what is missing."""
    from grym_synth.doctor import examine, show

    found = examine(make_settings(home, model, profile))
    if as_json:
        print(found.model_dump_json())
    else:
        show(found)


for _one in (compose, master, unpack, build, studio, serve, glossary):
    app.command()(_one)
app.command(name="eval")(evaluate)
project_app.command()(term)
app.add_typer(project_app, name="project")
app.add_typer(library_app, name="library")
app.add_typer(assets_app, name="assets")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; every expected failure is one clear sentence and exit code 2.

    Args:
        arguments: the words after ``grym``; by default those of this process.
    """
    # also Ctrl-C: a shell without job control has what it starts with `&` ignore it
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, signal.default_int_handler)
    os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"  # read when LangGraph is imported, later on
    # Read with NumPy: the products of matrices here are small, and threads would only wait for them
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    given = sys.argv[1:] if arguments is None else arguments
    words = [word.encode(errors="surrogateescape").decode(errors="replace") for word in given]
    try:
        with own_temporary_folder():
            code = app(words, standalone_mode=False)
        if code == CANCELLED:  # Typer makes that of Ctrl-C without a word
            raise KeyboardInterrupt
        sys.exit(code)
    except (KeyboardInterrupt, Cancelled, typer.Abort):
        print("cancelled", file=sys.stderr)
        sys.exit(CANCELLED)
    except GrymError as fault:
        _fail(fault.tried, fault.happened, fault.do, as_json="--json" in words)
    except ClickException as fault:
        happened, do = fault.format_message(), "See `grym --help`"
        _fail("reading the command line", happened, do, as_json="--json" in words)
    except Exception as fault:  # noqa: BLE001  (the border of the process)
        traceback.print_exc()
        happened, do = f"{type(fault).__name__}: {fault}", "This is a fault of grym: report it"
        _fail("running the command", happened, do, as_json="--json" in words)


def _fail(tried: str, happened: str, do: str, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"error": {"tried": tried, "happened": happened, "do": do}}))
    else:
        end = "" if do.endswith("?") else "."
        say_line(f"{tried}: {happened.rstrip('.')}. {do.rstrip('.')}{end}", aside=True)
    sys.exit(2)
