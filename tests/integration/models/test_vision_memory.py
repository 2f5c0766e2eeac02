import subprocess
import sys
from pathlib import Path

import pytest
import torch

from agents.contexts.qwen_vl import qwen_vl_slice
from agents.qwen_vl import QwenVl
from agents.seeing.onlooker import Onlooker
from audio.assets import AssetStore
from grym_synth.settings import MediaLimits
from memory.context import Operation, ProjectContext, Task
from models.vision.hugging_face import TransformersVision
from tests.integration.models.eyes import LIMITS
from tests.integration.models.tiny_eyes import write_qwen2_5_vl
from tests.integration.models.trained_eyes import draw

USED_UP = """
import resource, sys
from pathlib import Path
import torch
from PIL import Image
from grym_synth.errors import NotEnoughMemory
from grym_synth.settings import Settings
from models.base import Options
from models.vision.opening import open_vision_model
from models.vision.pictures import picture_bytes

torch.set_num_threads(1)
model = open_vision_model(f"transformers:{sys.argv[1]}", Settings())
small, large = (picture_bytes(Image.new("RGB", (side, side))) for side in (56, 500))
few = Options(max_tokens=2)
before = model.look([small], "What?", few).text
soft, hard = resource.getrlimit(resource.RLIMIT_AS)
held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (held + 24 * 2**20, hard))
try:
    model.look([large] * 11, "What?", few)
except NotEnoughMemory as fault:
    print(fault)
resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
print(model.look([small], "What?", few).text == before)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    return write_qwen2_5_vl(tmp_path_factory.mktemp("eyes") / "model")


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux's memory limits")
def test_memory_that_is_used_up_by_pictures_is_told_and_the_model_goes_on(folder: Path) -> None:
    command = [sys.executable, "-c", USED_UP, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, check=True)

    told, works = done.stdout.splitlines()
    assert "the memory was used up" in told
    assert works == "True"


def test_a_model_that_does_not_fit_leaves_what_instruments_see(
    folder: Path, tmp_path: Path
) -> None:
    store = AssetStore(tmp_path / "assets", MediaLimits())
    picture = store.add_bytes(draw("kick", 1), "image", "kick.png")
    model = TransformersVision(str(folder), LIMITS, 4096, "full", free=lambda device: 1000)
    task = Task(id="t", agent="qwen_vl", objective="Look", inputs=(picture.id,),
                operations=(Operation(name="inspect_picture"),))  # fmt: skip
    context = ProjectContext(
        project="p", thread="m", turn=1, request="What is this?", assets=(picture,)
    )

    eyes = Onlooker(f"transformers:{folder}", model)
    report = QwenVl(store).work(qwen_vl_slice(task, context, ()), eyes)

    assert report.failure is None
    assert "picture.size" in {one.aspect for one in report.findings}
    (less,) = report.degraded
    assert less.used == "instruments"
    assert "GiB are free" in less.why
    assert less.why.count("loading") == 1
