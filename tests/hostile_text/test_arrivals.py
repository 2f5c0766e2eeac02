"""Orders that come in a project bundle, in what a workflow is told, and with a library's sounds."""

import shutil
from pathlib import Path

import pytest

from memory.context import Note, Order, ProjectSetting
from memory.terms import Term
from tests.hostile_text import obeying
from tests.hostile_text.carriers import CARRIERS, carried
from tests.hostile_text.payloads import payload
from tests.hostile_text.world import QUESTION, World
from tests.integration.command import command

TITLES = ("../../../taken", "/tmp/taken", "~/taken", "a\x1b[2J\nb", "{{ 7*7 }}", "$(touch x)", "..")
WORDS = ("agents", "memory", "measured", "delimiter", "terminal", "script")
TAGGED = ("RIFF INFO", "FLAC tags", "ID3")


@pytest.mark.parametrize("words", WORDS)
def test_an_order_in_a_bundle_is_what_its_project_says(world: World, words: str) -> None:
    order = payload(words, world.port)
    bundle = world.folder / "given" / "bundle"
    with world.studio() as studio:
        memory = studio.deps.repository
        memory.ensure_project("given")
        memory.add_notes("given", [Note.make("note", order)])
        memory.set("given", ProjectSetting(field="goal", value=order))
        memory.put_term("given", Term(name="mulmig", means=order))
        memory.export("given", bundle, studio.deps.assets)
    shutil.rmtree(world.home)
    model = obeying.boss(world.script("boss"), {"tasks": []}, order)
    with world.studio(supervisor=model) as studio:
        studio.deps.repository.import_bundle(bundle, studio.deps.assets, "came")
        clip = world.taken(studio, world.clip())
        for request in (QUESTION, "What do you remember? Is it mulmig?"):
            world.check(studio.ask(request, [clip], project="came"), studio)


@pytest.mark.parametrize("title", TITLES)
def test_a_title_is_no_path_and_no_command(world: World, title: str) -> None:
    asked = Order(
        workflow="master",
        parameters={"targets": ["streaming"], "formats": ["flac"], "title": title, "repair": []},
    )
    with world.studio() as studio:
        result = studio.ask("Master it", [world.taken(studio, world.clip())], order=asked)
        world.check(result, studio)


@pytest.mark.long
@pytest.mark.parametrize("words", ["paths", "terminal", "template", "picture", "script"])
def test_an_order_in_a_brief_is_a_brief(world: World, words: str) -> None:
    order = payload(words, world.port)
    model = obeying.boss(world.script("boss"), {"tasks": []}, order)
    asked = Order(workflow="build", parameters={"spec": f"A low-pass filter at 1 kHz. {order}"})
    with world.studio(supervisor=model) as studio:
        world.taken(studio, world.clip())
        result = studio.ask("Build it", order=asked)
        world.check_outside()
        assert all(
            Path(one.path).resolve().is_relative_to(world.home / "out") for one in result.artifacts
        )


@pytest.mark.parametrize("words", WORDS)
def test_an_order_in_a_librarys_names_and_tags_is_a_name(
    world: World, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    order = payload(words, world.port)
    sounds = world.folder / "given"
    for carrier in TAGGED:
        file = carried(carrier, sounds, order)
        name = order.replace("/", "\u2215").replace("\0", "")[:60].strip()
        file.rename(sounds / f"kick {name}{Path(CARRIERS[carrier][0]).suffix}")
    assert command(capsys)("library", "index", sounds, "--home", world.home).returncode == 0
    model = obeying.boss(world.script("boss"), {"tasks": []}, order)
    with world.studio(supervisor=model) as studio:
        clip = world.taken(studio, world.clip())
        world.check(studio.ask("Find a kick in my library like this one", [clip]), studio)
