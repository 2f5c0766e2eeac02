"""A specialist's model that breaks in any way costs what it would have told, and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydantic import JsonValue

from grym_synth.result import TurnResult
from grym_synth.settings import Settings
from grym_synth.studio import Studio, open_studio
from tests.integration.boss.scripts import tone, write_script
from tests.unit.agents.eye_scripts import DUTIES

ASKED = "Describe how this sounds, and tell me what the picture shows"
SLOW = 60.0
DRY: dict[str, JsonValue] = {"answer": "It is dry.", "times": 0}
FINE: dict[str, list[dict[str, JsonValue]]] = {
    "gama": [DRY],
    "qwen_vl": [
        {
            "when": {"match": DUTIES["glance"]},
            "answer": {"kind": "photo", "writing": []},
            "times": 0,
        },
        {"answer": "A grey desk.", "times": 0},
    ],
}
"""What each model says when it is well."""
BROKEN: dict[str, dict[str, JsonValue]] = {
    "is not there": {"fault": "absent", "times": 0},
    "is missing": {"fault": "missing", "times": 0},
    "crashes": {"fault": "crashed", "times": 0},
    "breaks off": {"answer": "It is very", "fault": "cut", "times": 0},
    "hangs": {"answer": "Late.", "first_seconds": SLOW, "times": 0},
    "never ends": {"answer": "and so on ", "endless": True, "piece_seconds": 0.001, "times": 0},
    "says nothing": {"answer": "", "times": 0},
    "says rubbish": {"answer": {"\x00": [None, {"a": 1e308}]}, "times": 0},
}


@contextmanager
def studio(home: Path, **models: str) -> Iterator[Studio]:
    given = {"home": home, "out": home / "out", "models": "instruments", "embedder": "lexical"}
    settings = Settings.model_validate({**given, "model_seconds": 4.0, **models})
    with open_studio(settings=settings) as opened:
        yield opened


def asked(opened: Studio, folder: Path) -> TurnResult:
    picture = folder / "desk.png"
    Image.fromarray(np.full((40, 60, 3), 90, np.uint8)).save(picture)
    files = opened.attach([(tone(folder / "take.wav"), "audio"), (picture, "image")])
    return opened.ask(ASKED, files)


def check(result: TurnResult, role: str) -> None:
    """All was measured, the other model was heard, and the answer says who was not."""
    assert {task.status for task in result.tasks} == {"done"}
    measured = {one.aspect for one in result.findings if one.evidence == "measured"}
    assert {"tempo.bpm", "picture.size"} <= measured
    assert ("It is dry." if role == "qwen_vl" else "A grey desk.") in result.answer
    for less in result.degraded:
        assert less.role == role
        assert less.why


def break_one(home: Path, folder: Path, role: str, how: str) -> None:
    lines = {**FINE, role: [BROKEN[how]]}
    models = {f"{one}_model": write_script(folder / one, *said) for one, said in lines.items()}
    with studio(home, **models) as opened:
        result = asked(opened, folder)
        again = opened.ask("Hello")
    check(result, role)
    if how != "says rubbish" and (role, how) != ("gama", "never ends"):  # whose beginning is told
        assert [less.role for less in result.degraded], "it is told who did not speak"
    assert again.turn == 2


PAIRS = [(role, how) for how in BROKEN for role in FINE]


@pytest.mark.parametrize(("role", "how"), [*PAIRS[::4], *PAIRS[3::4]])
def test_a_model_that_breaks_leaves_the_instruments_and_the_other_specialists(
    home: Path, tmp_path: Path, role: str, how: str
) -> None:
    break_one(home, tmp_path, role, how)


@pytest.mark.long
@pytest.mark.parametrize(("role", "how"), [*PAIRS[1::4], *PAIRS[2::4]])
def test_either_model_may_break_in_every_way(
    home: Path, tmp_path: Path, role: str, how: str
) -> None:
    break_one(home, tmp_path, role, how)


@pytest.mark.long
def test_a_gpu_that_runs_out_of_memory_under_one_model_leaves_the_others(
    home: Path, tmp_path: Path
) -> None:
    import torch
    from torch.nn.modules.module import register_module_forward_pre_hook

    from tests.integration.models.tiny_eyes import write_qwen2_5_vl

    def run_out(module: torch.nn.Module, given: object) -> None:
        if "Qwen2_5" in type(module).__name__:
            raise torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    folder = write_qwen2_5_vl(tmp_path / "eyes")
    ear = write_script(tmp_path / "gama.jsonl", DRY)
    eyes = f"transformers:{folder}"
    with studio(home, gama_model=ear, qwen_vl_model=eyes, model_seconds="60") as opened:
        hook = register_module_forward_pre_hook(run_out)
        try:
            result = asked(opened, tmp_path)
        finally:
            hook.remove()
    check(result, "qwen_vl")
    assert "memory was used up" in result.answer
