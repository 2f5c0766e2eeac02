"""``grym glossary`` and ``grym project term``: what words mean, in the trade and in a project."""

import json
from typing import Annotated

import typer

from grym_synth.errors import UnknownName
from grym_synth.options import HomeOption, JsonOption, make_settings, say

OfProject = Annotated[
    str | None, typer.Option("--project", help="With this project's own words, and by meaning")
]


def glossary(
    text: Annotated[
        str | None,
        typer.Argument(metavar="TERM", help="A word, a sentence, or an aspect: stereo.width"),
    ] = None,
    project: OfProject = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what a word of the trade means; without one, list them all."""
    from grym_synth.explaining import by_domain, describe, look_up, look_up_in

    if project is None:
        found = look_up(text)
    else:
        from grym_synth.studio import open_memory

        with open_memory(make_settings(home)) as memory:
            found = look_up_in(memory, project, text)
    if as_json:
        print(json.dumps([one.model_dump(mode="json") for one in found.terms]))
        return
    if not found.exact:
        say("Not in the glossary; the nearest words are:")
    for line in map(describe, found.terms) if text else by_domain(found.terms):
        say(line)


def term(
    name: Annotated[str | None, typer.Argument(help="The word")] = None,
    means: Annotated[str, typer.Argument(help="What it means in this project")] = "",
    project: Annotated[str, typer.Option("--project", help="The project's name")] = "default",
    synonym: Annotated[list[str] | None, typer.Option(help="Another word for it")] = None,
    aspect: Annotated[list[str] | None, typer.Option(help="What it bears on: stereo.width")] = None,
    band: Annotated[str, typer.Option(help="Where in the spectrum: 200-500, 6k-12k")] = "",
    direction: Annotated[
        str, typer.Option(help="too much, too little, wanted high or wanted low")
    ] = "",
    forget: Annotated[bool, typer.Option("--forget", help="Take the word back")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what a word means in a project; without a meaning, show the project's words."""
    from grym_synth.explaining import describe
    from grym_synth.studio import open_memory
    from memory.glossary.own_terms import make_term

    given = None
    if name is not None and not forget and means:
        given = make_term(
            name,
            means,
            synonyms=tuple(synonym or ()),
            aspects=tuple(aspect or ()),
            band=band,
            direction=direction,
        )
    with open_memory(make_settings(home)) as memory:
        if given is not None:
            memory.ensure_project(project)
            memory.put_term(project, given)
        memory.require_project(project)
        if forget and not (name and memory.end_term(project, name)):
            raise UnknownName(
                f"taking back {name}", "the project has no such word", "See `grym project term`"
            )
        held = memory.terms(project)
    if as_json:
        print(json.dumps([one.model_dump(mode="json") for one in held]))
        return
    for one in [given] if given is not None else held:
        say(describe(one))
    if not held:
        print(f"project {project} has no words of its own")
