"""What a media file is, told by decoding it: the work of ``audio.inspecting_worker``."""

import tarfile
import zipfile
from pathlib import Path

import soundfile
from pydantic import BaseModel, ConfigDict

from audio.decoding import UNKNOWN_FRAMES, count_frames
from audio.media import ARCHIVES, AUDIO_FORMATS, IMAGE_FORMATS, AssetKind
from audio.midi_files import midi_seconds
from audio.picture_files import decode_picture
from grym_synth.errors import MediaRejected
from grym_synth.settings import MediaLimits


class MediaFacts(BaseModel):
    """What a file's content says of itself."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    suffix: str
    """The suffix that the store gives it."""
    seconds: float | None = None
    sample_rate_hz: int | None = None
    channels: int | None = None
    width: int | None = None
    height: int | None = None
    """Of a picture, in pixels."""


def inspect_media(path: Path, kind: AssetKind, name: str, limits: MediaLimits) -> MediaFacts:
    """Decode a file whole and tell what it is.

    Args:
        path: the file.
        kind: what it is meant to be.
        name: what its user calls it, for errors.
        limits: what is taken.

    Raises:
        MediaRejected: it can't be decoded, exceeds a limit, or is not of that kind.
    """
    match kind:
        case "audio":
            return _audio(path, name, limits)
        case "image":
            picture = decode_picture(path, name, limits.image_pixels)
            suffix = IMAGE_FORMATS[str(picture.format)]
            return MediaFacts(suffix=suffix, width=picture.width, height=picture.height)
        case "midi":
            return _midi(path, name)
        case "archive":
            return _archive(path, name)
    if kind == "text" and _is_binary(path):
        raise MediaRejected(f"reading {name}", "it is not text", "Give a text file")
    return MediaFacts(suffix="musicxml" if kind == "score" else "txt")


def _is_binary(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(65536)
    return b"\0" in head or head.startswith(b"%PDF-")


def _audio(path: Path, name: str, limits: MediaLimits) -> MediaFacts:
    try:
        header = soundfile.info(str(path))
    except soundfile.SoundFileError as fault:
        raise MediaRejected(
            f"reading {name} as audio",
            f"it can't be decoded ({_reason(fault)})",
            "Give a WAV, FLAC, MP3, OGG or AIFF file",
        ) from fault
    rate, channels, frames = int(header.samplerate), int(header.channels), int(header.frames)
    if frames > 0 and rate > 0 and channels <= limits.max_channels:
        # A header may be fine before content that isn't, and may not know the length.
        counted = count_frames(path, int(limits.audio_seconds * rate) + 1)
        frames = counted if counted == 0 or frames > UNKNOWN_FRAMES else frames
    checks = (
        (header.format in AUDIO_FORMATS, f"its format {header.format} is not taken"),
        (
            limits.min_sample_rate_hz <= rate <= limits.max_sample_rate_hz,
            f"its sample rate is {rate} Hz, "
            f"{limits.min_sample_rate_hz} to {limits.max_sample_rate_hz} Hz are allowed",
        ),
        (
            1 <= channels <= limits.max_channels,
            f"it has {channels} channels, 1 to {limits.max_channels} are allowed",
        ),
        (frames > 0, "it holds no samples that can be decoded"),
        (
            frames / max(rate, 1) <= limits.audio_seconds,
            f"it lasts {frames / max(rate, 1):.0f} s, {limits.audio_seconds:.0f} s are allowed",
        ),
    )
    for fine, happened in checks:
        if not fine:
            raise MediaRejected(f"reading {name} as audio", happened, "Give another file")
    return MediaFacts(
        suffix=AUDIO_FORMATS[header.format],
        seconds=frames / rate,
        sample_rate_hz=rate,
        channels=channels,
    )


def _midi(path: Path, name: str) -> MediaFacts:
    try:
        return MediaFacts(suffix="mid", seconds=midi_seconds(path))
    except ValueError as fault:
        raise MediaRejected(
            f"reading {name} as MIDI",
            f"it can't be decoded ({fault})",
            "Give a standard MIDI file",
        ) from fault


def _archive(path: Path, name: str) -> MediaFacts:
    suffix = Path(name).suffix.lower().removeprefix(".")
    holds = tarfile.is_tarfile if suffix == "gz" else zipfile.is_zipfile
    if suffix not in ARCHIVES or not holds(path):
        raise MediaRejected(
            f"reading {name} as an archive", "it is none", f"Give a {' or '.join(ARCHIVES)} file"
        )
    return MediaFacts(suffix=suffix)


def _reason(fault: BaseException) -> str:
    """The library's message without the temporary path that it may hold."""
    text = str(fault).replace("\n", " ").strip()
    if "File does not exist" in text:  # so libsndfile tells of what has an MP3's suffix and is none
        return "Format not recognised."
    return text.rsplit(": ", 1)[-1][:160] if text else type(fault).__name__
