import pytest
from pydantic import JsonValue

from agents.supervisor import Supervisor
from audio.assets import AssetRef
from memory.context import ProjectContext

MIX = AssetRef(
    id="a" * 64, kind="audio", name="mix.wav", suffix="wav", size_bytes=1, seconds=120.0,
    sample_rate_hz=44_100, channels=2,
)  # fmt: skip


def steps(request: str) -> list[tuple[str, dict[str, JsonValue]]]:
    context = ProjectContext(
        project="p", thread="m", turn=1, request=request, assets=(MIX,), attached=(MIX.id,)
    )
    plan = Supervisor().plan(context, 6)
    return [
        (one.name, {key: value for key, value in one.parameters.items() if key != "scale"})
        for task in plan.tasks
        for one in task.operations
    ]


@pytest.mark.parametrize(
    ("request_", "name", "crop"),
    [
        ("Show me the spectrogram from 10 to 20 s between 1 and 4 kHz.", "spectrogram",
         {"start": 10, "end": 20, "low_hz": 1000, "high_hz": 4000}),
        ("Show me the spectrogram below 200 Hz.", "spectrogram", {"high_hz": 200}),
        ("Zeig mir das Spektrogramm von 10 bis 20 s.", "spectrogram", {"start": 10, "end": 20}),
        ("What do you see in the spectrogram of mix.wav between 0:30 and 0:40?", "look",
         {"start": 30, "end": 40}),
        ("Zoom in on 1:00 to 1:05.", "spectrogram", {"start": 60, "end": 65}),
        ("Show me the spectrogram of the first 10 seconds.", "spectrogram",
         {"start": 0, "end": 10}),
        ("Look at mix.wav at 1:05.", "look", {"start": 63, "end": 67}),
    ],
)  # fmt: skip
def test_a_part_that_is_named_is_shown(
    request_: str, name: str, crop: dict[str, JsonValue]
) -> None:
    assert steps(request_) == [(name, crop)]


@pytest.mark.parametrize(
    "request_",
    ["Show me the spectrogram.", "Cut mix.wav from 10 to 20 s.", "Is there hum at 50 Hz?",
     "What is the loudness?", "Fade out over the last 5 seconds and show me the spectrogram."],
)  # fmt: skip
def test_other_numbers_are_no_part_to_be_shown(request_: str) -> None:
    assert not any("start" in crop or "low_hz" in crop for name, crop in steps(request_)
                   if name in ("look", "spectrogram"))  # fmt: skip
