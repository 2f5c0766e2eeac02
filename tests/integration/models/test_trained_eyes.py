from pathlib import Path

import pytest
import torch

from grym_synth.settings import Fit, Settings
from models.base import Options
from models.vision.base import VisionModel, shown
from models.vision.opening import open_vision_model
from tests.integration.models.trained_eyes import KINDS, QUESTION, draw, train

UNSEEN = [(KINDS[seed % 3], seed) for seed in range(24)]
ENOUGH = 22
FEW = Options(max_tokens=8)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    return train(tmp_path_factory.mktemp("trained") / "model")


@pytest.fixture(scope="session")
def model(folder: Path) -> VisionModel:
    return open_vision_model(f"transformers:{folder}", Settings())


def test_pictures_that_it_never_saw_are_told_apart(model: VisionModel) -> None:
    told = [model.look([draw(*one)], QUESTION, FEW) for one in UNSEEN]

    right = [answer.text == kind for answer, (kind, _) in zip(told, UNSEEN, strict=True)]
    assert sum(right) >= ENOUGH
    assert {answer.ending.finish for answer in told} == {"stop"}


def test_pictures_asked_about_together_are_told_apart(model: VisionModel) -> None:
    told = model.look_each([shown([draw(*one)], QUESTION) for one in UNSEEN], FEW)

    right = [answer.text == kind for answer, (kind, _) in zip(told, UNSEEN, strict=True)]
    assert sum(right) >= ENOUGH


@pytest.mark.parametrize("fit", ["int8", "int4"])
def test_a_model_that_was_made_small_still_sees(folder: Path, fit: Fit) -> None:
    pytest.importorskip("bitsandbytes")
    model = open_vision_model(f"transformers:{folder}", Settings(qwen_vl_precision=fit))

    told = model.look_each([shown([draw(*one)], QUESTION) for one in UNSEEN], FEW)

    right = [answer.text == kind for answer, (kind, _) in zip(told, UNSEEN, strict=True)]
    assert sum(right) >= ENOUGH
