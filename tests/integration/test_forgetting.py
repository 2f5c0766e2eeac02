"""What is left of a forgotten project, thread or asset anywhere below the home: nothing."""

from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
import soundfile
from langchain_core.messages import HumanMessage
from langchain_core.runnables import RunnableConfig

from audio.assets import AssetRef
from graph.state import Context
from grym_synth.errors import UnknownName
from grym_synth.forgetting import forget
from grym_synth.settings import Settings
from grym_synth.studio import Studio, open_studio
from memory.checkpoints import open_saver
from nodes.attachments import reference_block
from tests.integration.cutting import Cut, cut_at

NAME = "Zanzibarquux.wav"
REQUEST = "How loud is the Yggdrasilophone?"


@pytest.fixture(params=["lexical", "minilm"])
def settings(home: Path, request: pytest.FixtureRequest) -> Settings:
    return Settings(home=home, models="instruments", embedder=request.param)


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return write(tmp_path / NAME, 440.0)


def write(path: Path, pitch_hz: float) -> Path:
    seconds = np.arange(2 * 44100) / 44100
    soundfile.write(path, 0.2 * np.sin(2 * np.pi * pitch_hz * seconds), 44100)
    return path


def traces(home: Path, *words: str) -> list[str]:
    """Files and threads that hold one of these words, files in any spelling of their letters."""
    files = [path for path in home.rglob("*") if path.is_file()]
    found = [
        str(path.relative_to(home))
        for path in files
        for held in [path.read_bytes().lower() + path.name.lower().encode()]
        if any(word.lower().encode() in held for word in words)
    ]
    with open_saver(home / "checkpoints.sqlite") as saver:  # its values are packed
        return found + [name for name in saver.threads() if saver.holds(name, words)]


def other_talk(studio: Studio, tmp_path: Path, project: str = "default") -> None:
    """Another thread on another file, whose memory recalls what came before it."""
    refs = studio.attach([(write(tmp_path / "Plainsound.wav", 330.0), "audio")])
    studio.ask("measure the pitch of Plainsound.wav", refs, project=project, thread="other")


def recalling(studio: Studio) -> None:
    """A thread that used nothing of its own and repeats what others did."""
    studio.ask(f"what do you know about {NAME}?", thread="asking")


def test_a_forgotten_thread_leaves_no_trace(
    settings: Settings, home: Path, sound: Path, tmp_path: Path
) -> None:
    with open_studio(settings=settings) as studio:
        (ref,) = studio.attach([(sound, "audio")])
        studio.ask(REQUEST, [ref], thread="singing")
        other_talk(studio, tmp_path)
        recalling(studio)
    assert traces(home, NAME) and traces(home, ref.id) and traces(home, "Yggdrasilophone")
    told = forget(settings, "default", "singing", None)
    assert traces(home, NAME, ref.id, "Yggdrasilophone") == [], told
    with open_studio(settings=settings) as studio:
        assert studio.deps.repository.threads("default") == ("other", "asking")
        assert [one.name for one in studio.deps.repository.assets("default")] == ["Plainsound.wav"]


def test_a_forgotten_asset_leaves_no_trace_and_other_projects_keep_it(
    settings: Settings, home: Path, sound: Path, tmp_path: Path
) -> None:
    with open_studio(settings=settings) as studio:
        (ref,) = studio.attach([(sound, "audio")])
        studio.ask(f"{REQUEST} I mean {NAME}; master it to -16 LUFS", [ref], thread="singing")
        other_talk(studio, tmp_path)
        recalling(studio)
        studio.ask("how loud is it?", [ref], project="album")
    told = forget(settings, "default", None, ref.id)
    assert told.endswith(f"; {NAME} stays on the disk, since album still uses it")
    with open_studio(settings=settings) as studio:
        memory = studio.deps.repository
        assert [one.name for one in memory.assets("album")] == [NAME]
        assert studio.deps.assets.path(ref).is_file()
        assert memory.findings("album") and memory.history("album")[0].request
        assert studio.graph.values(studio.config("album", "main"))["messages"]
        assert ref.id not in str(memory.history("default"))
    assert "stays on the disk" not in forget(settings, "album", None, NAME)
    assert traces(home, NAME, ref.id, "Yggdrasilophone") == []


def test_a_forgotten_project_leaves_no_trace_and_its_neighbour_all(
    settings: Settings, home: Path, sound: Path, tmp_path: Path
) -> None:
    with open_studio(settings=settings) as studio:
        (ref,) = studio.attach([(sound, "audio")])
        studio.ask(REQUEST, [ref], project="secret")
        other_talk(studio, tmp_path, "album")
    forget(settings, "secret", None, None)
    assert traces(home, NAME, ref.id, "Yggdrasilophone", "secret") == []
    with open_studio(settings=settings) as studio:
        assert studio.deps.repository.threads("album") == ("other",)
        assert studio.graph.values(studio.config("album", "other"))["messages"]


def on_server(studio: Studio, thread: str, project: str, content: list[dict[str, object]]) -> None:
    """A turn on a thread whose checkpoints have a bare id, as the server's have."""
    config: RunnableConfig = {"configurable": {"thread_id": thread}}
    message = HumanMessage(content)  # type: ignore[arg-type]
    studio.graph.invoke({"messages": [message]}, config, context=Context(project=project))


def told(ref: AssetRef, text: str) -> list[dict[str, object]]:
    return [{"type": "text", "text": text}, reference_block(ref)]


def test_a_thread_of_the_server_is_forgotten_by_its_id_and_with_its_project(
    settings: Settings, home: Path, sound: Path
) -> None:
    threads = [str(uuid4()), str(uuid4()), str(uuid4())]
    with open_studio(settings=settings) as studio:
        (ref,) = studio.attach([(sound, "audio")])
        for thread, project in zip(threads, ("default", "album", "album"), strict=True):
            on_server(studio, thread, project, told(ref, f"{REQUEST} {thread}"))
    forget(settings, "default", threads[0], None)
    assert traces(home, threads[0]) == []
    with open_saver(home / "checkpoints.sqlite") as saver:
        assert saver.threads() == threads[1:]
    forget(settings, "album", None, None)
    assert traces(home, NAME, ref.id, "Yggdrasilophone", *threads) == []


def test_a_thread_that_changed_its_project_is_forgotten_with_either(
    settings: Settings, home: Path, sound: Path
) -> None:
    thread = str(uuid4())
    with open_studio(settings=settings) as studio:
        (ref,) = studio.attach([(sound, "audio")])
        on_server(studio, thread, "album", told(ref, REQUEST))
        on_server(studio, thread, "default", [{"type": "text", "text": "hello"}])
    forget(settings, "album", None, None)
    assert traces(home, NAME, ref.id, "Yggdrasilophone") == []
    with open_studio(settings=settings) as studio:
        assert [one.request for one in studio.deps.repository.history("default")] == ["hello"]


@pytest.mark.parametrize(
    "moment", [("intake", "start"), ("supervisor", "start"), ("gama", "end"), ("respond", "start")]
)
def test_a_thread_whose_only_turn_was_cut_off_is_forgotten(
    home: Path, sound: Path, moment: tuple[str, str]
) -> None:
    settings = Settings(home=home, models="instruments", embedder="lexical")
    with open_studio(settings=settings) as studio:
        (ref,) = studio.attach([(sound, "audio")])
        with pytest.raises(Cut):
            studio.ask(
                f"{REQUEST} master it to -16 LUFS", [ref], thread="cut", on_event=cut_at(*moment)
            )
    forget(settings, "default", "cut", None)
    assert traces(home, NAME, ref.id, "Yggdrasilophone", "Zanzibarquux") == []
    assert not list((home / "assets").rglob("*.*"))
    with pytest.raises(UnknownName):
        forget(settings, "default", "cut", None)


def test_what_is_not_there_can_not_be_forgotten_and_nothing_is_lost(
    home: Path, sound: Path
) -> None:
    settings = Settings(home=home, models="instruments", embedder="lexical")
    with open_studio(settings=settings) as studio:
        studio.ask(REQUEST, studio.attach([(sound, "audio")]))
    for project, thread, asset in [
        ("none", None, None),
        ("default", "none", None),
        ("default", None, "none.wav"),
    ]:
        with pytest.raises(UnknownName):
            forget(settings, project, thread, asset)
    with open_studio(settings=settings) as studio:
        assert len(studio.deps.repository.history("default")) == 1
        assert studio.graph.values(studio.config("default", "main"))["messages"]
