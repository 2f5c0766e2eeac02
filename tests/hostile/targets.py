"""What is fuzzed: every reader of our own, and true content that the tries begin from."""

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import JsonValue

from agents.boss.forms import AnswerForm, DistilledForm, PlanForm
from agents.composing.brief import read_order
from agents.composing.session import read_session
from agents.mastering.order import order_of
from agents.planning.languages import read_request
from agents.reckoning.questions import reckoned
from agents.toolchain.reading import check_specification
from audio.interchange.dawproject import write_dawproject
from audio.interchange.dawproject_reading import read_dawproject
from audio.interchange.midi import write_midi
from audio.interchange.midi_reading import read_midi
from audio.interchange.musicxml import write_musicxml
from audio.interchange.musicxml_reading import read_musicxml
from audio.library.tags import read_tags
from grym_synth.errors import GrymError
from memory.bundles.arrivals import read_entries
from memory.bundles.bundle import ENTRIES_FILE, Header
from memory.context import ProjectContext
from memory.filing.stating import read_deadline, read_element, read_section
from memory.glossary.glossary import Glossary
from memory.language.invention import invented_numbers
from memory.library.names import read_name
from models.asking import ask_typed
from models.base import Message
from models.script import Line, Script
from models.scripted import ScriptedChat
from tests.hostile import sounds, writings
from tests.unit.audio.interchange.songs import pop_song

_BRIEFS = (
    "A slow waltz in D minor, 16 bars, 92 BPM: strings, harp. Verse: Dm Gm A7 Dm. Chorus: Bb C F.",
    '[song]\ntitle = "x"\ntempo = 92\nmeter = "3/4"\nkey = "D minor"\n[[sections]]\n'
    'name = "verse"\nbars = 8\nchords = "Dm Gm A7 Dm"\n',
)
_SPECIFICATIONS = (
    "A low-pass filter at 1 kHz, 24 dB/octave, as a Python package, for mono WAV files",
    'kind = "filter"\nshape = "low_pass"\nfrequency_hz = 1000\nslope_db_per_octave = 24\n',
    "| parameter | from | to |\n|---|---|---|\n| cutoff | 20 Hz | 20 kHz |",
)
_REQUESTS = (
    "Make the vocals 3 dB louder from 0:12 to bar 17, in F# minor at 128,5 BPM, and no reverb",
    "Wie laut ist der Refrain? Stelle ihn auf -14 LUFS und -1 dBTP, aber lass den Hall.",
    "What note is 440 Hz, how long is 1/8 at 120 BPM, and undo that",
)
_SESSION = {"form": 1, "song": {"title": "x", "tracks": []}}
_PLAN = {
    "tasks": [{"agent": "gama", "objective": "Listen", "reason": "asked", "inputs": ["a.wav"]}]
}
_BUNDLE = "\n".join(
    (
        Header(project="p", created="2026-11-23T09:00:00+00:00", entries=1).model_dump_json(),
        '{"namespace": ["notes"], "key": "n-1", "value": {"form": 2, "kind": "note"}}',
    )
)


@dataclass(frozen=True)
class Target:
    """One reader."""

    read: Callable[[bytes], object]
    seeds: tuple[bytes, ...]
    """Content that it takes, or nearly takes."""


def tried(target: Target, content: bytes) -> None:
    """Have content read; it may be refused, and nothing else.

    Args:
        target: the reader.
        content: anything.
    """
    try:
        target.read(content)
    except GrymError as refused:
        assert refused.happened and refused.do


def _text(read: Callable[[str], object]) -> Callable[[bytes], object]:
    return lambda content: read(content.decode("utf-8", "replace").replace("\0", " "))


def _json(read: Callable[[dict[str, JsonValue]], object]) -> Callable[[bytes], object]:
    def told(content: bytes) -> object:
        try:
            found = json.loads(content)
        except (ValueError, RecursionError):
            return None
        return read(found) if isinstance(found, dict) else None

    return told


def _bundle(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / ENTRIES_FILE).write_bytes(content)
        read_entries(Path(folder), None)


def _tags(content: bytes) -> None:
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        file.write(content)
        file.flush()
        read_name("/library/x.wav", "/library", read_tags(Path(file.name)))


def _answers(text: str) -> None:
    """Of a model that says this whatever it is asked."""
    for form in (PlanForm, AnswerForm, DistilledForm):
        model = ScriptedChat("scripted:fuzz", Script((Line(answer=text, times=0),)))
        try:
            ask_typed(model, [Message("user", "Answer.")], form)
        except GrymError:
            continue


def _request(text: str) -> None:
    context = ProjectContext(project="p", thread="t", turn=1, request=text)
    reckoned(context, read_request(context))


def _stated(text: str) -> None:
    read_section(text)
    read_element(text, ())
    read_deadline(text, date(2026, 11, 23))


def _encoded(*texts: str) -> tuple[bytes, ...]:
    return tuple(one.encode() for one in texts)


_SONG = pop_song(bars=2)
TARGETS: dict[str, Target] = {
    "bundle": Target(_bundle, _encoded(_BUNDLE)),
    "midi": Target(read_midi, (write_midi(_SONG), writings.midi(b"\x00\xff\x2f\x00"))),
    "musicxml": Target(read_musicxml, (write_musicxml(_SONG),)),
    "dawproject": Target(read_dawproject, (write_dawproject(_SONG),)),
    "tags": Target(_tags, (sounds.ODD["large tags.wav"]()[:400], sounds.sound(sounds.tone(0.01)))),
    "session": Target(read_session, _encoded(json.dumps(_SESSION))),
    "brief": Target(_text(lambda text: read_order({"brief": text})), _encoded(*_BRIEFS)),
    "specification": Target(_text(check_specification), _encoded(*_SPECIFICATIONS)),
    "mastering": Target(
        _json(order_of), _encoded('{"targets": ["streaming", "-16,-1"], "formats": ["wav"]}')
    ),
    "request": Target(_text(_request), _encoded(*_REQUESTS)),
    "stated": Target(_text(_stated), _encoded("chorus: bars 17-32", "1 December", "vocals: a.wav")),
    "glossary": Target(_text(Glossary.load().explain), _encoded(*_REQUESTS)),
    "numbers": Target(_text(lambda text: invented_numbers(text, [text])), _encoded(*_REQUESTS)),
    "answers": Target(
        _text(_answers), _encoded(json.dumps(_PLAN), "<think>x</think>```json\n{}\n```")
    ),
}
