import random
import zipfile
from collections.abc import Callable
from io import BytesIO
from xml.etree import ElementTree

import pytest

from audio.interchange.dawproject import write_dawproject
from audio.interchange.dawproject_reading import read_dawproject
from audio.interchange.dawproject_validation import problems_of
from audio.interchange.midi import write_midi
from audio.interchange.midi_reading import read_midi
from audio.interchange.musicxml import write_musicxml
from audio.interchange.musicxml_reading import read_musicxml
from audio.songs.song import Song
from grym_synth.errors import MediaRejected
from tests.unit.audio.interchange.songs import wild_song

SONG = wild_song(77)
SHORT = SONG.model_copy(update={"tracks": SONG.tracks[:1]})


def _damaged(content: bytes, dice: random.Random) -> bytes:
    """Bytes changed, cut out, doubled or moved."""
    broken = bytearray(content)
    for _ in range(dice.randint(1, 6)):
        place = dice.randrange(len(broken))
        end = min(len(broken), place + dice.randint(1, 40))
        match dice.randrange(4):
            case 0:
                broken[place] = dice.randrange(256)
            case 1:
                del broken[place:end]
            case 2:
                broken[place:place] = broken[place:end]
            case 3:
                at = dice.randrange(len(broken))
                broken[at:at] = broken[place:end]
    return bytes(broken)


def _twisted(document: bytes, dice: random.Random) -> bytes:
    """A document with values that it may not have, and elements lost or moved."""
    root = ElementTree.fromstring(document)
    elements = list(root.iter())
    for _ in range(dice.randint(1, 4)):
        element = dice.choice(elements)
        value = dice.choice(("", "x", "nan", "inf", "-1", "0", "1e9", "9" * 30, "1/0", "0.5", "é"))
        if element.attrib and dice.random() < 0.6:
            element.set(dice.choice(sorted(element.attrib)), value)
        elif len(element) and dice.random() < 0.6:
            child = dice.choice(list(element))
            element.remove(child)
            if dice.random() < 0.5:
                root.insert(dice.randrange(len(root) + 1), child)
        else:
            element.text = value
    return ElementTree.tostring(root)


def _reads_or_refuses(read: Callable[[bytes], object], content: bytes) -> None:
    try:
        read(content)
    except MediaRejected as told:
        assert told.tried.startswith("reading")
        assert told.do


def _damage(read: Callable[[bytes], object], content: bytes, counts: range) -> None:
    for seed in counts:
        _reads_or_refuses(read, _damaged(content, random.Random(seed)))


def _packed(project: bytes) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr("project.xml", project)
        file.writestr("metadata.xml", "<MetaData/>")
    return content.getvalue()


def _project(song: Song) -> bytes:
    with zipfile.ZipFile(BytesIO(write_dawproject(song))) as file:
        return file.read("project.xml")


def test_damaged_files_are_read_or_refused_in_words() -> None:
    _damage(read_midi, write_midi(SONG), range(150))
    _damage(read_musicxml, write_musicxml(SHORT), range(60))
    _damage(read_dawproject, write_dawproject(SHORT), range(60))
    _damage(problems_of, write_dawproject(SHORT), range(60))


def test_impossible_values_are_read_over_or_refused_in_words() -> None:
    score, project = write_musicxml(SHORT), _project(SHORT)
    _twist(score, project, range(50))


def _twist(score: bytes, project: bytes, counts: range) -> None:
    for seed in counts:
        _reads_or_refuses(read_musicxml, _twisted(score, random.Random(seed)))
        broken = _packed(_twisted(project, random.Random(seed)))
        assert isinstance(problems_of(broken), tuple)
        _reads_or_refuses(read_dawproject, broken)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("chunk", range(8))
def test_thousands_of_damaged_files_are_read_or_refused(chunk: int) -> None:
    counts = range(1000 * (chunk + 1), 1000 * (chunk + 1) + 400)
    _damage(read_midi, write_midi(wild_song(chunk)), counts)
    _damage(read_musicxml, write_musicxml(SHORT), counts)
    _damage(read_dawproject, write_dawproject(SHORT), counts)
    _damage(problems_of, write_dawproject(SHORT), counts)
    _twist(write_musicxml(SHORT), _project(SHORT), counts)
