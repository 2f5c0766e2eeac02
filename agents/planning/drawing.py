"""Wishes to see something: pictures of the sound, places in it, or a picture of the user's."""

from agents.planning.reading import Reading, Situation
from agents.planning.segments import Segment

DRAWABLE = {
    "loudness": "loudness_curve", "range": "loudness_curve", "spectrum": "spectrogram",
    "centroid": "spectrogram", "structure": "self_similarity", "key": "chromagram",
    "chords": "chromagram", "melody": "spectrogram", "cutoff": "spectrogram",
    "hum": "spectrogram", "noise": "spectrogram", "clipping": "waveform", "silence": "waveform",
    "true_peak": "waveform", "crest": "waveform", "stereo": "waveform", "onsets": "waveform",
    "beats": "waveform", "tempo": "waveform", "dc": "waveform",
}  # fmt: skip
"""Which picture shows an aspect."""

_CURVES = ("loudness", "range", "spectrum", "centroid", "cutoff")
"""Aspects that the word "show" alone makes a picture of; of others it wants the value."""


def named_pictures(segment: Segment) -> list[str]:
    """The pictures that a segment names outright."""
    return [name for name in segment.names("picture") if name not in ("any", "spectrum")]


def concerns_image(segment: Segment, situation: Situation) -> bool:
    """Whether a segment speaks of a picture that the user has."""
    if segment.has("media", "image"):
        return True
    shown = segment.has("picture") and segment.has("grammar", "here")
    return bool(situation.image and not situation.audio) and (shown or segment.has("verb", "read"))


def draw(segment: Segment, reading: Reading, situation: Situation, works: bool) -> bool:
    """Take what a request wants to see into the reading.

    Args:
        segment: the request, or a part of it.
        reading: what was understood so far; it is changed.
        situation: what came with the request.
        works: whether the segment also asks for a changed file.

    Returns:
        Whether to see something is all that the segment wants.
    """
    shows = segment.has("verb", "show", "draw")
    pictures = named_pictures(segment)
    if concerns_image(segment, situation):
        reading.reads_image = True
        if not pictures or situation.image:
            return shows or not works
    if pictures:
        reading.pictures.extend(pictures)
        return not works
    chosen = _chosen(segment, reading, situation, shows)
    reading.pictures.extend(chosen)
    if not chosen and shows and segment.has("grammar", "place") and not segment.has("verb", "tell"):
        reading.regions = True
        return True
    return bool(chosen)


def _chosen(segment: Segment, reading: Reading, situation: Situation, shows: bool) -> list[str]:
    """The pictures that fit where the request names none."""
    aspects = segment.names("aspect")
    is_any = segment.has("picture", "any") or (shows and segment.has("picture", "spectrum"))
    if is_any or (segment.has("verb", "draw") and not segment.has("vague", "it")):
        return [DRAWABLE.get(name, "spectrogram") for name in aspects] or ["spectrogram"]
    if not shows:
        return []
    if any(one.unit == "hz" for one in situation.numbers(segment)):
        return ["spectrogram"]
    curves = [DRAWABLE[name] for name in aspects if name in _CURVES]
    if curves and not segment.has("grammar", "question"):
        return curves
    if segment.has("vague", "it") and not segment.has("verb", "tell"):
        shown = [DRAWABLE.get(name, "spectrogram") for name in reading.aspects]
        return shown or (["spectrogram"] if segment.has("verb", "draw") else [])
    return []
