import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from audio.axes import Axes, Axis, PlotBox
from audio.sight.events import PictureEvent
from evals.vision.__main__ import by_instruments, score
from evals.vision.dataset import LIST, load, write
from evals.vision.scenes import make_scene
from evals.vision.score import Scores
from grym_synth.errors import BadInput

AXES = Axes(
    kind="spectrogram",
    plot=PlotBox(left=0, top=0, width=1000, height=500),
    x=Axis(quantity="time", unit="s", low=0, high=10),
    y=Axis(quantity="frequency", unit="Hz", low=0, high=10_000),
)
TONE = PictureEvent(kind="tone", start=2.0, end=4.0, hertz=1000.0)
GAP = PictureEvent(kind="dropout", start=6.0, end=6.2)


def test_a_set_is_the_same_for_the_same_seed_and_can_be_read_again(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write(tmp_path / name, 2, 5)
    first = (tmp_path / "one" / LIST).read_bytes()
    assert first == (tmp_path / "two" / LIST).read_bytes()
    scores = score(tmp_path / "one", by_instruments)
    assert scores.all.known == sum(len(record.events) for record in load(tmp_path / "one"))


def test_what_is_near_counts_once_and_what_is_not_there_costs() -> None:
    scores = Scores()
    near = TONE.model_copy(update={"start": 2.01, "hertz": 1010.0})
    twice = TONE.model_copy(update={"end": 3.9})
    far = GAP.model_copy(update={"start": 7.0, "end": 7.2})
    scores.add(AXES, [TONE, GAP], [near, twice, far])
    assert (scores.all.known, scores.all.told, scores.all.found) == (2, 3, 1)
    assert scores.all.f1 == pytest.approx(0.4)
    assert scores.kinds["tone"].seconds_off == pytest.approx([0.01, 0.0])
    assert "dropout_recall 0.0000" in list(scores.lines())


def test_another_frequency_or_kind_is_not_found() -> None:
    scores = Scores()
    scores.add(AXES, [TONE], [TONE.model_copy(update={"hertz": 1100.0}), GAP])
    assert scores.all.found == 0


def test_lines_of_a_scene_lie_in_it_and_below_half_the_sample_rate() -> None:
    for seed in range(10):
        scene = make_scene(np.random.default_rng(seed))
        for event in scene.events:
            assert 0 <= event.start <= event.end <= scene.seconds + 1e-6
            assert max(event.hertz or 0, event.end_hertz or 0) < scene.rate / 2


@pytest.mark.parametrize(
    "line", ["{", '{"picture": "../x.png", "events": []}', '{"picture": "x.png"}']
)
def test_a_list_of_another_form_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / LIST).write_text(line)
    with pytest.raises(BadInput, match="reading the pictures"):
        load(tmp_path)


def test_a_scripted_model_is_scored_on_a_set_from_the_command_line(tmp_path: Path) -> None:
    picture = Image.new("RGB", (1000, 500))
    picture.save(tmp_path / "one.png")
    record = {"picture": "one.png", "axes": AXES.model_dump(mode="json"),
              "events": [TONE.model_dump(mode="json")]}  # fmt: skip
    (tmp_path / LIST).write_text(json.dumps(record) + "\n")
    mark = {"kind": "tone", "x1": 200, "y1": 890, "x2": 400, "y2": 910, "rises": False}
    facts = {"facts": {"images": True, "schema": True, "coordinates": "thousandths"}}
    script = tmp_path / "eyes.jsonl"
    answers = (facts, {"answer": {"marks": [mark]}, "times": 0})
    script.write_text("".join(json.dumps(line) + "\n" for line in answers))
    command = ["-m", "evals.vision", "--dataset", str(tmp_path), "--model", f"scripted:{script}"]
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "tone_f1 1.0000" in done.stdout.splitlines()
