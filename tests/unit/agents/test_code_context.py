from pathlib import Path

from agents.remembering.code_context import built_notes
from audio.assets import AssetStore
from grym_synth.settings import MediaLimits
from memory.context import Artifact, Failure, Report

SOURCE = '"""An echo."""\n\n\nclass Echo:\n    def process(self, block): ...\n'


def report(assets: AssetStore, failure: Failure | None = None) -> Report:
    files = {
        ("echo/src/echo", "processor.py"): SOURCE,
        ("echo/src/echo", "delay_line.py"): "class DelayLine:\n    pass\n",
        ("echo/src/echo", "__init__.py"): "from echo.processor import Echo\n",
        ("echo/tests", "test_processor.py"): "def test_it():\n    pass\n",
    }
    made = tuple(
        Artifact(
            id=assets.add_bytes(text.encode(), "text", name).id,
            name=name,
            kind="script",
            made_by="coder/recipes@1",
            task="t",
            folder=folder,
        )
        for (folder, name), text in files.items()
    )
    return Report(task="t", agent="coder", artifacts=made, failure=failure)


def test_a_package_that_was_built_is_known_by_its_public_modules(tmp_path: Path) -> None:
    assets = AssetStore(tmp_path, MediaLimits())
    (note,) = built_notes([report(assets)], assets)
    assert note.text == "echo/processor.py: class Echo\nprocess(self, block)"
    assert (note.kind, note.evidence) == ("api", "executed")
    assert note.source.startswith("coder/recipes@")


def test_a_package_that_failed_is_not_known(tmp_path: Path) -> None:
    assets = AssetStore(tmp_path, MediaLimits())
    broken = report(assets, Failure(kind="not_met", why="its slope is wrong"))
    assert built_notes([broken], assets) == ()
