"""Chord symbols of a MusicXML score as chord names."""

from xml.etree.ElementTree import Element

from audio.songs.harmony import NO_CHORD, QUALITIES, Degree, is_chord

_BY_KIND = {(one.kind, frozenset(one.degrees)): one.suffix for one in reversed(QUALITIES)}
_OTHER_KINDS = {"augmented-ninth": "aug7", "major-augmented": "augMaj7", "": ""}


def chord_name(harmony: Element) -> str:
    """The name of a chord symbol: `NO_CHORD` for ``N.C.``, empty where it tells none.

    Its kind and degrees count; where they together are no known chord, its kind alone.
    """
    kind = harmony.find("kind")
    if kind is None:
        return ""
    if kind.text == "none":
        return NO_CHORD if kind.get("text") else ""
    root = _note(harmony, "root")
    bass = _note(harmony, "bass")
    below = f"/{bass}" if bass and bass != root else ""
    for suffix in (_suffix(kind, harmony), _BY_KIND.get((kind.text or "", frozenset())), ""):
        if suffix is not None and is_chord(f"{root}{suffix}{below}"):
            return f"{root}{suffix}{below}"
    return ""


def _suffix(kind: Element, harmony: Element) -> str | None:
    degrees = frozenset(
        Degree(
            int(one.findtext("degree-value", "0")),
            int(one.findtext("degree-alter", "0")),
            one.findtext("degree-type", "add"),
        )
        for one in harmony.iterfind("degree")
    )
    word = kind.text or ""
    return _BY_KIND.get((word, degrees), _OTHER_KINDS.get(word))


def _note(harmony: Element, what: str) -> str:
    step = harmony.findtext(f"{what}/{what}-step", "").strip()
    alter = round(float(harmony.findtext(f"{what}/{what}-alter", "0")))
    return step + ("#" * alter if alter > 0 else "b" * -alter)
