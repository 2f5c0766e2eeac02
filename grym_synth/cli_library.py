"""``grym library``: index folders of sounds, and find sounds by words, by numbers or by ear."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from grym_synth.options import HomeOption, JsonOption, make_settings

library_app = typer.Typer(
    help="Measure your folders of samples and songs, and find sounds in them.",
    no_args_is_help=True,
)

Where = Annotated[
    list[str] | None,
    typer.Option("--where", metavar="FIELD=LOW..HIGH", help="Any measured field; repeatable"),
]


@library_app.command()
def index(
    folder: Annotated[
        Path | None, typer.Argument(help="A folder (or file); by default all indexed before")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, max=256, help="Processes (by default one a core)"),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Measure what did not change, too")
    ] = False,
    ray: Annotated[
        bool, typer.Option("--ray", help="Measure on a Ray cluster (extra: serve)")
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure what is new or changed below a folder; can be stopped and run again at any time."""
    from grym_synth.library import index_folders
    from grym_synth.library_telling import tell_indexed, watching

    with watching() as tell:
        done = index_folders(
            make_settings(home),
            folder,
            workers=workers or os.cpu_count() or 1,
            again=again,
            ray=ray,
            tell=tell,
        )
    tell_indexed(done, as_json=as_json)
    raise typer.Exit(130 if any(one.progress.interrupted for one in done) else 0)


@library_app.command()
def search(
    words: Annotated[
        list[str] | None, typer.Argument(help='Such as: "dark 808 in F minor, around 140"')
    ] = None,
    like: Annotated[
        Path | None, typer.Option("--like", help="A sound file that it shall sound like")
    ] = None,
    tempo: Annotated[str, typer.Option("--tempo", help="BPM: 120..130, ..100 or 140")] = "",
    key: Annotated[str, typer.Option("--key", help="F minor, Bb, or 8A")] = "",
    length: Annotated[str, typer.Option("--length", help="Seconds: ..4, 1..2 or 30..")] = "",
    loudness: Annotated[str, typer.Option("--loudness", help="LUFS: -14.. or -20..-14")] = "",
    kind: Annotated[str, typer.Option("--kind", help="one-shot, loop, song or recording")] = "",
    sound: Annotated[str, typer.Option("--sound", help="kick, snare, 808, bass, pad …")] = "",
    format_: Annotated[str, typer.Option("--format", help="wav, flac, mp3, ogg or aiff")] = "",
    name: Annotated[str, typer.Option("--name", help="Words of its name or folders")] = "",
    where: Where = None,
    folder: Annotated[Path | None, typer.Option("--in", help="Only below this folder")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="Most hits")] = 20,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find sounds by words, by measured fields, by likeness to a sound, or by all of them."""
    from grym_synth.library import search_library
    from grym_synth.library_telling import tell_found
    from memory.library.flags import Flags

    flags = Flags(tempo, key, length, loudness, kind, format_, sound, name, tuple(where or ()))
    found = search_library(
        make_settings(home), " ".join(words or ()), flags, like=like, folder=folder, limit=limit
    )
    tell_found(found, as_json=as_json)


@library_app.command(name="list")
def list_files(
    folder: Annotated[
        Path | None, typer.Argument(help="List the files at or below this path")
    ] = None,
    problems: Annotated[
        bool, typer.Option("--problems", help="Only what could not be measured")
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the indexed folders, or what is known of the files of one."""
    from grym_synth.library import list_library
    from grym_synth.library_telling import tell_listed

    tell_listed(list_library(make_settings(home), folder, problems=problems), as_json=as_json)


@library_app.command()
def show(
    file: Annotated[Path, typer.Argument(help="A file of the library, or its name alone")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show everything that was measured of one file."""
    from grym_synth.library import show_sound
    from grym_synth.library_telling import tell_sound

    tell_sound(show_sound(make_settings(home), file), as_json=as_json)


@library_app.command()
def forget(
    path: Annotated[Path, typer.Argument(help="A file, or a folder with all below it")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take files out of the library; the files themselves stay where they are."""
    from grym_synth.library import forget_path

    count = forget_path(make_settings(home), path)
    if as_json:
        print(json.dumps({"path": str(path), "forgotten": count}))
    else:
        print(
            f"forgotten: {count} file{'' if count == 1 else 's'}; nothing on the disk was touched"
        )
