import json
import sys
from pathlib import Path

import pytest
from pydantic import JsonValue

from agents.coding.approval import Decision
from grym_synth.result import TurnResult
from grym_synth.settings import Settings
from grym_synth.studio import open_studio
from memory.context import Order
from tests.integration.boss.scripts import write_script

FILTER = "2-pole low-pass, 1 kHz, resonance 0.1–10, mono, sample rate 48 kHz"
RING = "a ring modulator for mono, called 'Ring'"
DEFINITION = """import numpy as np

from ring.parameters import Parameter
from ring.processor import Processor, Samples

PARAMETERS = (
    Parameter(name="rate", role="rate", unit="Hz", minimum=1.0, maximum=2000.0, default=30.0),
)


class Ring(Processor):
    def __init__(self, sample_rate: float, channels: int = 1) -> None:
        super().__init__(sample_rate, channels, PARAMETERS)
        self._clear()

    def _clear(self) -> None:
        self._phase = 0.0

    def _stretch(self, block: Samples) -> Samples:
        steps = self._curve("rate", block.shape[1]) / self.sample_rate
        phases = np.cumsum(np.concatenate([[self._phase], steps]))
        self._phase = float(phases[-1] % 1.0)
        return block * np.cos(2 * np.pi * phases[:-1])
"""
TESTS = """import numpy as np

from ring import Ring


def test_a_constant_becomes_the_carrier() -> None:
    made = Ring(48000, 1).process(np.ones((1, 1600)))
    assert abs(made[0, 800] + 1) < 1e-6
"""


def handed_over(definition: str) -> dict[str, JsonValue]:
    files = [{"name": "definition.py", "text": definition}, {"name": "test_ring.py", "text": TESTS}]
    form = {"files": files, "criteria": [], "keeps_sound": False, "save_as": [], "why": "a product"}
    return {"answer": json.dumps(form)}


def built(text: str, home: Path, *lines: dict[str, JsonValue], yes: bool = True) -> TurnResult:
    if sys.platform != "linux":
        pytest.skip("what a model writes only runs in the sandbox, which is for Linux")
    home.mkdir(exist_ok=True)
    settings = Settings(
        home=home,
        out=home / "out",
        models="instruments",
        embedder="lexical",
        coder_model=write_script(home / "coder.jsonl", *lines) if lines else "instruments",
    )
    said = Decision(type="approve" if yes else "reject")
    with open_studio(settings=settings) as studio:
        return studio.ask(
            text,
            order=Order(workflow="build", parameters={"spec": text}),
            decide=lambda _: said,
        )


def names(result: TurnResult) -> set[str]:
    return {Path(one.path).name for one in result.artifacts}


def test_a_specification_becomes_a_measured_package(tmp_path: Path) -> None:
    result = built(FILTER, tmp_path / "home")
    assert [task.status for task in result.tasks] == ["done"]
    assert "low_pass_filter-1.0.0-py3-none-any.whl" in names(result)
    assert {"response.png", "response.csv", "report.json", "specification.json"} < names(result)
    report = next(Path(one.path) for one in result.artifacts if one.path.endswith("report.json"))
    checks = json.loads(report.read_text())["checks"]
    assert all(one["method"] for one in checks)
    corner = next(one for one in checks if one["name"] == "corner.frequency.48000")
    assert abs(corner["measured"] - 1000) < 50


def test_without_a_model_what_is_outside_of_the_family_is_refused(tmp_path: Path) -> None:
    result = built(RING, tmp_path / "home")
    assert [task.status for task in result.tasks] == ["failed"]
    assert "documented family" in result.answer


def test_a_model_writes_what_is_outside_of_the_family_until_it_measures_right(
    tmp_path: Path,
) -> None:
    wrong = DEFINITION.replace("self._phase = float(phases[-1] % 1.0)", "pass")
    result = built(RING, tmp_path / "home", handed_over(wrong), handed_over(DEFINITION))
    assert [task.status for task in result.tasks] == ["done"]
    assert "ring-1.0.0-py3-none-any.whl" in names(result)


def test_nothing_that_a_model_wrote_runs_without_a_yes(tmp_path: Path) -> None:
    result = built(RING, tmp_path / "home", handed_over(DEFINITION), yes=False)
    assert [task.status for task in result.tasks] == ["failed"]
    assert not any(one.endswith(".whl") for one in names(result))
