"""Tell of an unpacked recording: the page for people, and the findings for project memory."""

from agents.unpacking.analysis import Analysis, Told
from agents.unpacking.listening import Heard
from agents.unpacking.measuring import DOUBTED_OCTAVE
from agents.unpacking.writing import Written
from audio.aspects import is_number

_ROWS = (
    ("tempo", "Tempo"), ("tempo_octave", "Its other octave"),
    ("tempo_alternatives", "Other tempos that fit"), ("meter", "Meter"),
    ("key", "Key"), ("relative_key", "Relative key"), ("loudness_integrated", "Loudness"),
    ("loudness_range", "Loudness range"), ("true_peak", "True peak"),
)  # fmt: skip


def page(analysis: Analysis, heard: Heard, written: Written) -> str:
    """What was found, as Markdown: facts with their method, form, chords, and what is missing."""
    rows = [_row(title, analysis.facts[name]) for name, title in _ROWS]
    head = "| | value | confidence | method |\n|---|---|---|---|"
    parts = ["## What it is", "\n".join([head, *rows]), *_form(analysis), *_chords(analysis)]
    parts += ["## Notes", _notes(heard, written)]
    return "\n\n".join(parts)


def summary(analysis: Analysis, heard: Heard) -> str:
    """One or two sentences."""
    tempo, key, meter = analysis.number("tempo"), analysis.text("key"), analysis.text("meter")
    said = [
        f"{tempo:.2f} BPM{_in_doubt(analysis)}"
        if tempo is not None
        else "no tempo that can be told",
        meter or "no meter that can be told",
        key or "no key that can be told",
    ]
    counts = [
        f"{len(notes)} notes of {name}"
        for name, notes in (
            ("melody", heard.melody),
            ("bass", heard.bass),
            ("harmony", heard.harmony),
        )
        if notes
    ]
    counts += [f"{len(heard.drums)} strokes on drums"] if heard.drums else []
    heard_of = ", ".join(counts) or "no notes"
    return f"{analysis.file}: {', '.join(said)}. Transcribed: {heard_of}."


def _in_doubt(analysis: Analysis) -> str:
    """The other octave of the tempo, where it may be the beat."""
    octave = analysis.facts["tempo_octave"]
    if not is_number(octave.value) or octave.confidence < DOUBTED_OCTAVE:
        return ""
    return f" (or {octave.value:g}, confidence {octave.confidence:.2f})"


def _row(title: str, told: Told) -> str:
    if told.value is None:
        return f"| {title} | can't be told | | {told.method} |"
    value = told.value
    if isinstance(value, list):
        shown = ", ".join(f"{one:g}" if is_number(one) else str(one) for one in value)
    else:
        shown = f"{value:g}" if is_number(value) else str(value)
    return f"| {title} | {shown} {told.unit} | {told.confidence:.2f} | {told.method} |"


def _form(analysis: Analysis) -> list[str]:
    sections = analysis.spans("sections")
    if not sections:
        return ["## Form", f"It can't be told: {analysis.facts['sections'].method}."]
    lines = [f"- {_clock(one.start)} – {_clock(one.end)}: {one.name}" for one in sections]
    return ["## Form", "\n".join(lines)]


def _chords(analysis: Analysis) -> list[str]:
    chords = analysis.spans("chords")
    if not chords:
        return ["## Chords", f"They can't be told: {analysis.facts['chords'].method}."]
    told = " ".join(f"{one.name}({_clock(one.start)})" for one in chords)
    return ["## Chords", told]


def _notes(heard: Heard, written: Written) -> str:
    lines = [
        f"Heard by {heard.source}."
        if not heard.reason
        else f"No pitched notes are told: {heard.reason}."
    ]
    if heard.solo:
        lines.append("One line is all that sounds: there is no bass and no harmony.")
    if heard.drums:
        lines.append(
            "Drums are told by the rise of bands in the percussive part: bass drum, snare and "
            "cymbals, no toms."
        )
    if written.no_score:
        lines.append(f"There is no lead sheet: {written.no_score}.")
    return " ".join(lines)


def _clock(seconds: float) -> str:
    return f"{int(seconds // 60)}:{seconds % 60:05.2f}"
