"""Where a file has voices, and what they say, told by models for voices."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from audio.assets import AssetRef
from audio.excerpts import read_excerpt
from grym_synth.errors import SoundUnusable
from memory.context import Finding, Subject
from models.audio_base import Transcribes, VoiceSpan
from models.base import Options
from models.ctc import Word
from models.voice_activity import NAME, find_voices, widened

BLOCK_SECONDS = 60.0
"""Decoded at once, so that an hour needs no more memory than a minute."""
_TOUCHING = 0.1
"""Voices are one when no more than this lies between them, in seconds."""
_LEAST_SECONDS = 0.1
_HOW = "frames of 32 ms that sound like a voice; singing over loud music is missed"
_NONE = "no voice was found; singing over loud music is missed"


def voices_in(path: Path, seconds: float) -> tuple[VoiceSpan, ...]:
    """Where a file has voices.

    Args:
        path: the file.
        seconds: its length.

    Raises:
        MediaRejected: it can't be decoded.
        ModelUnavailable: the package for it is not installed.
    """
    joined: list[VoiceSpan] = []
    for one in _voices(path, seconds):
        last = joined[-1] if joined else None
        if last is not None and one.start - last.end <= _TOUCHING:
            joined[-1] = VoiceSpan(last.start, one.end, min(last.confidence, one.confidence))
        else:
            joined.append(one)
    return tuple(joined)


def voice_finding(asset: AssetRef, voices: Sequence[VoiceSpan], source: str) -> Finding:
    """Where voices are, as a finding."""
    return Finding.make(
        Subject(kind="asset", id=asset.id),
        "voice.spans",
        [[one.start, one.end] for one in voices] or None,
        unit="s",
        evidence="heard",
        source=source,
        method=f"{NAME}: {_HOW if voices else _NONE}",
        confidence=min((one.confidence for one in voices), default=0.0),
    )


def words_in(
    path: Path,
    seconds: float,
    voices: Sequence[VoiceSpan],
    transcriber: Transcribes,
    limits: Callable[[], Options],
) -> tuple[Word, ...]:
    """What the voices of a file say.

    Args:
        path: the file.
        seconds: its length.
        voices: where they are.
        transcriber: who reads them.
        limits: what one reading may still take.

    Raises:
        GrymError: it can't be decoded, or the model failed.
    """
    found: list[Word] = []
    for start, end in widened(voices, seconds):
        samples, rate, _ = read_excerpt(path, start, end - start)
        found += [_later(one, start) for one in transcriber.words(samples, rate, None, limits())]
    return tuple(found)


def words_finding(asset: AssetRef, words: Sequence[Word], source: str) -> Finding:
    """What voices say, as a finding."""
    sure = sum(one.confidence for one in words) / len(words) if words else 0.0
    return Finding.make(
        Subject(kind="asset", id=asset.id),
        "voice.words",
        [[one.start, one.end, one.text] for one in words] or None,
        unit="",
        evidence="heard",
        source=source,
        method="the likeliest letters of each 20 ms; trained on speech, unreliable on singing",
        confidence=round(sure, 3),
    )


def _later(word: Word, seconds: float) -> Word:
    return word._replace(start=round(word.start + seconds, 3), end=round(word.end + seconds, 3))


def _voices(path: Path, seconds: float) -> Iterator[VoiceSpan]:
    start = 0.0
    while seconds - start > _LEAST_SECONDS:
        samples, rate, _ = read_excerpt(path, start, BLOCK_SECONDS)
        try:
            found = find_voices(samples, rate)
        except SoundUnusable:
            found = ()
        for one in found:
            yield VoiceSpan(round(one.start + start, 3), round(one.end + start, 3), one.confidence)
        start += BLOCK_SECONDS
