"""Programs hand the graph files inside messages; no checkpoint ever holds their content."""

from pathlib import Path
from typing import cast

from langchain_core.messages import HumanMessage

from graph.state import State
from grym_synth.settings import Settings
from grym_synth.studio import open_studio
from memory.checkpoints import open_saver
from memory.context import Event
from tests.integration.serving import song


def test_no_checkpoint_of_a_program_ever_holds_an_attachment(home: Path) -> None:
    audio = song(3, 220)
    middle = audio[len(audio) // 2 :][:60]
    content: list[str | dict[str, object]] = [
        {"type": "text", "text": "What key is this?"},
        {"type": "audio", "base64": audio, "mime_type": "audio/flac"},
    ]
    seen: list[str] = []

    def look(event: Event) -> None:
        with open_saver(home / "checkpoints.sqlite") as saver:
            seen.append(repr(list(saver.list(None))))

    with open_studio(settings=Settings(home=home, embedder="lexical")) as studio:
        given = cast(State, {"messages": [HumanMessage(content)]})
        config = studio.config("default", "main")
        state = studio.graph.run(given, config, None, look)
    assert len(state["context"].attached) == 1
    assert "What key is this?" in seen[0]
    assert [held for held in seen if middle in held] == []
