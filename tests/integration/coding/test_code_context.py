import json
from pathlib import Path

import pytest
from pydantic import JsonValue

from tests.integration.boss.scripts import write_script
from tests.integration.coding.test_modules import MODULE, handed
from tests.integration.command import Grym

API = "note for the code: our plugin API is process(block, rate) -> block"
PROCESS = "def process(block, rate):\n    '''One block.'''\n"
REQUEST = "Write a Python module with a function half(samples) that fits our plugin"


@pytest.fixture
def notes(grym: Grym) -> "Notes":
    return Notes(grym)


class Notes:
    def __init__(self, grym: Grym) -> None:
        self.grym = grym

    def __call__(self) -> list[dict[str, JsonValue]]:
        shown = json.loads(self.grym("project", "show", "default", "--json").stdout)["notes"]
        return [one for one in shown if one["kind"] in ("api", "architecture", "performance")]

    def texts(self) -> list[JsonValue]:
        return [one["text"] for one in self()]


def test_an_interface_told_in_chat_is_kept_and_replaced_when_said_anew(
    grym: Grym, notes: Notes
) -> None:
    told = grym("ask", API)
    assert told.returncode == 0
    assert "our plugin API is process(block, rate) -> block" in told.stdout
    grym("ask", "Our plugin API is now process(block, rate, midi) -> block.")
    (held,) = notes()
    assert held["text"] == "Our plugin API is now process(block, rate, midi) -> block"
    assert held["supersedes"]
    before = grym("project", "search", "default", "plugin API", "--kind", "api", "--json").stdout
    assert "process(block, rate, midi)" in json.loads(before)[0]["text"]


def test_an_interface_said_anew_can_be_undone(grym: Grym, notes: Notes) -> None:
    grym("ask", API)
    grym("ask", "Our plugin API is now process(block) -> block")
    told = grym("ask", "undo that")
    assert notes.texts() == ["our plugin API is process(block, rate) -> block"]
    assert "no longer api" in told.stdout


def test_a_model_that_writes_is_shown_the_interface_that_was_told(
    grym: Grym, tmp_path: Path
) -> None:
    grym("ask", API)
    grym("ask", "note for the code: the exporter API is export(project) -> paths")
    lines: list[dict[str, JsonValue]] = [
        {"when": {"match": "exporter API"}, "answer": "it was shown what it does not touch"},
        {"when": {"match": r"plugin API is process\(block, rate\)"}, "answer": handed()},
    ]
    spec = write_script(tmp_path / "coder.jsonl", *lines)
    ended = grym("ask", REQUEST, "--model", f"coder={spec}", "--yes", "--json")
    (task,) = json.loads(ended.stdout)["tasks"]
    assert task["status"] == "done"


def test_what_a_model_built_is_known_by_its_interface(
    grym: Grym, notes: Notes, tmp_path: Path
) -> None:
    spec = write_script(tmp_path / "coder.jsonl", {"answer": handed()})
    grym("ask", REQUEST, "--model", f"coder={spec}", "--yes")
    (note,) = notes()
    assert (note["text"], note["evidence"]) == ("half.py:\nhalf(samples)", "executed")


def test_what_is_built_anew_takes_the_place_of_its_older_interface(
    grym: Grym, notes: Notes, tmp_path: Path
) -> None:
    for number, module in enumerate((MODULE, MODULE.replace("samples)", "samples, rate=48000)"))):
        spec = write_script(tmp_path / f"{number}.jsonl", {"answer": handed(module=module)})
        grym("ask", REQUEST, "--model", f"coder={spec}", "--yes")
    assert notes.texts() == ["half.py:\nhalf(samples, rate=48000)"]


def test_a_file_handed_over_is_read_and_its_new_version_takes_its_place(
    grym: Grym, notes: Notes, tmp_path: Path
) -> None:
    file = tmp_path / "plugin.py"
    file.write_text(f"{PROCESS}\n\nclass Host:\n    def stop(self): ...\n")
    grym("ask", "This is our API", "--file", file)
    assert notes.texts() == [
        "plugin.py:\nprocess(block, rate): One block.",
        "plugin.py: class Host\nstop(self)",
    ]
    file.write_text(PROCESS.replace("rate", "rate, midi"))
    told = grym("ask", "This is our API now", "--file", file)
    assert notes.texts() == ["plugin.py:\nprocess(block, rate, midi): One block."]
    assert "no longer api" in told.stdout


def test_a_page_of_notes_is_taken_apart_by_its_headings(
    grym: Grym, notes: Notes, tmp_path: Path
) -> None:
    page = tmp_path / "NOTES.md"
    page.write_text("# Plugin\n\n## Threads\nTwo of them.\n\n## Latency\nAt most 64 samples.\n")
    grym("ask", "Here is our architecture", "--file", page)
    assert [(one["kind"], one["text"]) for one in notes()] == [
        ("architecture", "NOTES.md, Threads: Two of them."),
        ("performance", "NOTES.md, Latency: At most 64 samples."),
    ]
