"""What is ordered when a recording is unpacked."""

from collections.abc import Mapping, Sequence

from pydantic import Field, JsonValue, ValidationError

from audio.assets import AssetRef
from grym_synth.errors import BadInput
from memory.context import Word

_TRIED = "reading the order to unpack a recording"


class UnpackOrder(Word):
    """How a recording shall be unpacked; every field has a default that suits most recordings."""

    title: str = Field("", max_length=120)
    """Of the session; by default the name of the recording's file."""
    pictures: bool = True
    """Whether pictures are drawn."""
    separate_drums: bool = True
    """Whether drums are told from the percussive part, as a track of their own."""


def order_of(parameters: Mapping[str, JsonValue]) -> UnpackOrder:
    """Check the parameters of an order.

    Raises:
        BadInput: one is not known, or not of its form.
    """
    try:
        return UnpackOrder.model_validate(dict(parameters))
    except ValidationError as fault:
        first = fault.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the order"
        known = ", ".join(UnpackOrder.model_fields)
        raise BadInput(_TRIED, f"{place}: {first['msg']}", f"It takes {known}") from fault


def recording_of(assets: Sequence[AssetRef]) -> AssetRef:
    """The one recording that is to be unpacked.

    Raises:
        BadInput: there is none, or there are several.
    """
    sounds = [one for one in assets if one.kind == "audio"]
    if not sounds:
        other = f"{assets[0].name} is no sound" if assets else "no recording was given"
        raise BadInput(_TRIED, other, "Give one WAV, FLAC, MP3, OGG or AIFF file")
    if len(sounds) > 1:
        raise BadInput(
            _TRIED,
            f"{len(sounds)} recordings were given, one session holds one",
            "Give one file, or a folder to unpack each of its files",
        )
    return sounds[0]
