import pytest

from agents.supervisor import Supervisor
from audio.assets import AssetRef
from memory.context import Operation, ProjectContext

CLIP = AssetRef(id="a" * 64, kind="audio", name="clip.wav", suffix="wav", size_bytes=1, seconds=2.0)


def operations(request: str) -> tuple[Operation, ...]:
    context = ProjectContext(
        project="p", thread="main", turn=1, request=request, assets=(CLIP,), attached=(CLIP.id,)
    )
    return tuple(one for task in Supervisor().plan(context).tasks for one in task.operations)


@pytest.mark.parametrize(
    ("request_", "width"),
    [
        ("Set the stereo width of this file to 150 %", 1.5),
        ("Stelle die Stereobreite auf 80 Prozent", 0.8),
        ("Make it 20 % wider", 1.2),
        ("Make the stereo image 30 % narrower", 0.7),
    ],
)
def test_a_width_is_what_is_reached_or_by_how_much_it_changes(request_: str, width: float) -> None:
    (one,) = operations(request_)
    assert (one.name, one.parameters["width"]) == ("mid_side", width)


def test_channels_that_shall_be_apart_are_not_mixed() -> None:
    assert not any(one.name == "mono" for one in operations("Split it into two mono files"))
    assert [one.name for one in operations("Make it mono")] == ["mono"]


@pytest.mark.parametrize("sign", ["+", "-", ""])
def test_a_sign_belongs_to_its_number(sign: str) -> None:
    (one,) = operations(f"Apply a high shelf of {sign}3 dB at 8 kHz")
    gain = -3.0 if sign == "-" else 3.0
    assert (one.name, one.parameters) == ("high_shelf", {"frequency_hz": 8000.0, "gain_db": gain})
