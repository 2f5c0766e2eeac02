import pytest

from agents.unpacking.order import UnpackOrder, order_of, recording_of
from audio.assets import AssetRef
from grym_synth.errors import BadInput


def ref(name: str, kind: str = "audio") -> AssetRef:
    return AssetRef.model_validate(
        {"id": "0" * 64, "kind": kind, "name": name, "suffix": "wav", "size_bytes": 1}
    )


def test_an_empty_order_draws_pictures_and_hears_drums() -> None:
    assert order_of({}) == UnpackOrder(title="", pictures=True, separate_drums=True)


def test_a_parameter_that_is_not_known_is_named() -> None:
    with pytest.raises(BadInput, match="tempo"):
        order_of({"tempo": 120})


def test_one_recording_makes_one_session() -> None:
    assert recording_of([ref("cover.png", "image"), ref("song.wav")]).name == "song.wav"
    with pytest.raises(BadInput, match="2 recordings"):
        recording_of([ref("one.wav"), ref("two.wav")])
    with pytest.raises(BadInput, match=r"cover.png is no sound"):
        recording_of([ref("cover.png", "image")])
