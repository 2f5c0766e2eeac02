"""The workflows as commands: hand something in, get files back."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from pydantic import JsonValue

from grym_synth.options import (
    HomeOption,
    JsonOption,
    ModelOption,
    OutOption,
    ProfileOption,
    ProjectOption,
    make_settings,
    read_choice,
)

_SOUNDS = (".wav", ".flac", ".mp3", ".ogg", ".oga", ".aif", ".aiff")
_BRIEFS = (".txt", ".md", ".toml")
_TARGET = "streaming, broadcast, club, a service such as tidal, or LUFS,dBTP such as -16,-1"


def compose(
    brief: Annotated[
        str,
        typer.Argument(help="The song in your words, or a .txt, .md or .toml file, or a folder"),
    ],
    sketch: Annotated[
        Path | None, typer.Option("--sketch", help="A MIDI file that the song shall grow from")
    ] = None,
    base: Annotated[
        Path | None,
        typer.Option("--from", help="An earlier project.json; the brief says what changes in it"),
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", help="Another number gives another song")
    ] = None,
    project: ProjectOption = "default",
    home: HomeOption = None,
    out: OutOption = None,
    model: ModelOption = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compose a song from a brief: MIDI, score, DAW session, stems, mix, and a checked report."""
    from agents.composing.brief import read_order
    from audio.assets import AssetRef
    from audio.media import AssetKind
    from grym_synth.carrying_out import Job, Place, carry_out, texts_in
    from memory.context import Order

    files: tuple[tuple[str, Path | None, AssetKind], ...] = (
        ("sketch", sketch, "midi"),
        ("base", base, "text"),
    )
    given = [(role, path, kind) for role, path, kind in files if path is not None]

    def job(name: str, text: str) -> Job:
        def order(refs: Sequence[AssetRef]) -> Order:
            asked: dict[str, JsonValue] = {"brief": text}
            if seed is not None:
                asked["seed"] = seed
            asked |= {role: ref.id for (role, _, _), ref in zip(given, refs, strict=True)}
            read_order(asked)  # what can't be understood is refused before the work begins
            return Order(workflow="compose", parameters=asked)

        return Job(name, text, order, [(path, kind) for _, path, kind in given])

    place = Place(make_settings(home, out=out), read_choice(model, profile), project, "compose")
    jobs = [job(*one) for one in texts_in(brief, _BRIEFS)]
    raise typer.Exit(carry_out(jobs, place, as_json=as_json))


def master(
    files: Annotated[
        list[Path],
        typer.Argument(help="Stems of one mix, or the mix; a folder stands for its files"),
    ],
    target: Annotated[
        list[str] | None,
        typer.Option("--target", help=_TARGET),
    ] = None,
    reference: Annotated[
        Path | None, typer.Option("--reference", help="A track that it shall sound like")
    ] = None,
    title: Annotated[
        str, typer.Option(help="Of the folder; by default the first file's name")
    ] = "",
    file_format: Annotated[
        list[str] | None, typer.Option("--format", help="wav, flac or mp3; by default all three")
    ] = None,
    repair: Annotated[
        bool, typer.Option(help="Repair what is certainly wrong with the inputs")
    ] = True,
    each: Annotated[
        bool, typer.Option("--each", help="Master every file by itself, with a summary")
    ] = False,
    project: ProjectOption = "default",
    home: HomeOption = None,
    out: OutOption = None,
    model: ModelOption = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Mix stems and master them: masters for each target, quality control, a replayable chain."""
    from agents.mastering.order import order_of
    from audio.assets import AssetRef
    from grym_synth.carrying_out import Job, Place, carry_out, files_in
    from memory.context import Order

    def job(paths: Sequence[Path]) -> Job:
        def order(refs: Sequence[AssetRef]) -> Order:
            asked: dict[str, JsonValue] = {"targets": [*(target or ["streaming"])]}
            asked |= {"title": title} if title else {}
            asked |= {"formats": [*file_format]} if file_format else {}
            asked |= {} if repair else {"repair": []}
            if reference is not None:
                asked["reference"] = refs[-1].id
            order_of(asked)  # what can't be understood is refused before the work begins
            return Order(workflow="master", parameters=asked)

        given = [*paths, *([reference] if reference is not None else [])]
        named = ", ".join(path.name for path in paths)
        return Job(named, f"Master {named}", order, [(path, "audio") for path in given])

    place = Place(make_settings(home, out=out), read_choice(model, profile), project, "master")
    found = [path for one in files for path in files_in(one, _SOUNDS)]
    jobs = [job([one]) for one in found] if each else [job(found)]
    raise typer.Exit(carry_out(jobs, place, as_json=as_json))


def unpack(
    recording: Annotated[Path, typer.Argument(help="A finished recording, or a folder of them")],
    title: Annotated[str, typer.Option(help="Of the session; by default the file's name")] = "",
    pictures: Annotated[bool, typer.Option(help="Draw spectrogram, waveform and others")] = True,
    project: ProjectOption = "default",
    home: HomeOption = None,
    out: OutOption = None,
    model: ModelOption = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a recording apart: analysis, stems, transcription, lead sheet and a DAW session."""
    from grym_synth.carrying_out import Job, Place, carry_out, files_in
    from memory.context import Order

    asked: dict[str, JsonValue] = {"title": title, "pictures": pictures}
    order = Order(workflow="unpack", parameters=asked)
    jobs = [
        Job(path.name, f"Unpack {path.name}", lambda _: order, [(path, "audio")])
        for path in files_in(recording, _SOUNDS)
    ]
    place = Place(make_settings(home, out=out), read_choice(model, profile), project, "unpack")
    raise typer.Exit(carry_out(jobs, place, as_json=as_json))


def build(
    spec: Annotated[
        str,
        typer.Argument(
            help="What to build, in your words, or a .txt, .md or .toml file, or a folder"
        ),
    ],
    install: Annotated[
        bool, typer.Option("--install", help="Install the package here, after a yes")
    ] = False,
    project: ProjectOption = "default",
    home: HomeOption = None,
    out: OutOption = None,
    model: ModelOption = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Build an audio tool from a specification: source, tests, measured response, a package."""
    from agents.toolchain.reading import check_specification
    from grym_synth.carrying_out import Job, Place, carry_out, texts_in
    from memory.context import Order

    def job(name: str, text: str) -> Job:
        check_specification(text)  # what can't be built is refused before the work begins
        order = Order(workflow="build", parameters={"spec": text, "install": install})
        return Job(name, text, lambda _: order)

    place = Place(make_settings(home, out=out), read_choice(model, profile), project, "build")
    jobs = [job(*one) for one in texts_in(spec, (*_BRIEFS, ".json"))]
    raise typer.Exit(carry_out(jobs, place, as_json=as_json))
