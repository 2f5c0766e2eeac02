"""``grym project show | note | search | history``: what a project knows, now and then."""

import json
from typing import Annotated

import typer

from grym_synth.errors import BadInput
from grym_synth.options import HomeOption, JsonOption, make_settings, say, say_line

Name = Annotated[str, typer.Argument(help="The project's name")]
SectionOption = Annotated[str, typer.Option("--section", help="In this section")]
ElementOption = Annotated[str, typer.Option("--element", help="Of this element")]


def show(
    name: Name = "default",
    turn: Annotated[
        int | None, typer.Option("--turn", help="As it was when this turn was answered")
    ] = None,
    thread: Annotated[str, typer.Option("--thread", help="The turn's conversation")] = "main",
    at: Annotated[
        str, typer.Option("--at", help="As it was then: 2026-11-01 or 2026-11-01T18:30 (UTC)")
    ] = "",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a project's settings, assets and current findings, or what it believed earlier."""
    from grym_synth.knowledge import known_json, known_lines
    from grym_synth.result import show_finding
    from grym_synth.studio import read_memory
    from grym_synth.tables import findings_by_file
    from grym_synth.tree import tree_lines

    if turn is not None and at:
        raise BadInput(f"showing project {name}", "a turn and a time were named", "Name one")
    with read_memory(make_settings(home)) as memory:
        memory.require_project(name)
        when = (thread, turn) if turn is not None else None
        known = memory.as_of(name, turn=when, at=at)
        tree = [] if when or at else list(tree_lines(memory, name))
    if as_json:
        print(json.dumps({"project": name, **known_json(known)}))
        return
    say(f"**{name}**" + (f" as of {known.at}" if when or at else ""))
    for line in known_lines(known):
        say(line)
    if tree:
        say("\n".join(tree))
    names = {asset.id: asset.name for asset in known.assets}
    findings_by_file(map(show_finding, known.findings), names)


def note(
    name: Name,
    text: Annotated[str, typer.Argument(help="What is to be known, in your words")],
    kind: Annotated[
        str,
        typer.Option(
            help="requirement, api, architecture, performance, design, notation, decision, "
            "recommendation or note"
        ),
    ] = "note",
    section: SectionOption = "",
    element: ElementOption = "",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let a project know something: a requirement, an interface, a decision …"""
    from grym_synth.knowledge import known_place
    from grym_synth.studio import open_memory
    from memory.filing.names import make_note
    from memory.filing.records import now

    with open_memory(make_settings(home)) as memory:
        memory.require_project(name)
        place = known_place(memory, name, section, element)
        made = make_note(kind, text, place)
        memory.add_notes(name, [made], now(why="stated on the command line"))
    if as_json:
        print(made.model_dump_json())
    else:
        say_line(f"{name}: noted {made.id}")


def search(
    name: Name,
    words: Annotated[
        str, typer.Argument(help="What is sought, by words and meaning; nothing: the newest")
    ] = "",
    kind: Annotated[
        list[str] | None, typer.Option(help="Only this kind; may be given several times")
    ] = None,
    section: SectionOption = "",
    element: ElementOption = "",
    aspect: Annotated[str, typer.Option(help="Only facts about this: tempo.bpm")] = "",
    ended: Annotated[
        bool, typer.Option("--ended", help="Also what was given up, with when and why; no words")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Most entries")] = 20,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Search what a project knows, by words, by meaning and by exact fields."""
    from grym_synth.knowledge import known_place, record_json, record_line
    from grym_synth.studio import read_memory
    from memory.filing.names import read_kinds
    from memory.recall.listing import Page, Query

    kinds = read_kinds(kind or ())
    if ended and words.strip():
        raise BadInput(
            f"searching project {name}", "what was given up is not searched by words", "Name a kind"
        )
    with read_memory(make_settings(home)) as memory:
        memory.require_project(name)
        place = known_place(memory, name, section, element) if section or element else None
        query = Query(kinds=kinds, place=place, aspect=aspect, text=words.strip(), ended=ended)
        found = memory.entries(name, query, Page(size=limit)).records
    if as_json:
        print(json.dumps([record_json(record) for record in found]))
        return
    for record in found:
        say(record_line(record))
    if not found:
        print("nothing was found")


def history(
    name: Name = "default",
    thread: Annotated[str | None, typer.Option("--thread", help="Only this thread")] = None,
    turn: Annotated[int | None, typer.Option("--turn", help="Only this turn")] = None,
    full: Annotated[
        bool, typer.Option("--full", help="With what each specialist saw and reported")
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what was asked, decided, done, spent and answered, oldest first."""
    from grym_synth.past import past_of, turn_json, turn_lines
    from grym_synth.studio import read_memory

    with read_memory(make_settings(home)) as memory:
        memory.require_project(name)
        told = past_of(memory, name, thread, turn, full)
    if as_json:
        print(json.dumps([turn_json(one) for one in told]))
        return
    for one in told:
        for line in turn_lines(one):
            say(line)
