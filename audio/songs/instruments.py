"""Instruments: their General MIDI program, what they can play, and the words that people use.

Programs are those of General MIDI level 1 (counted from 0). Ranges are sounding pitches: of
orchestral instruments what a professional player is expected to reach (Adler, *The Study of
Orchestration*, 4th edition, appendix A); of guitars and basses in standard tuning the lowest string
to the last fret; of keyboards and mallets their keys; of synthesisers what stays musical.
"""

import re
from functools import cache
from typing import Literal, NamedTuple

from grym_synth.errors import UnknownName

Family = Literal[
    "keys", "mallets", "organ", "guitar", "bass", "strings", "voices", "brass", "reeds", "pipes",
    "synth lead", "synth pad", "plucked", "drums",
]  # fmt: skip
Clef = Literal["treble", "bass", "treble 8vb", "bass 8vb", "percussion"]


class Instrument(NamedTuple):
    """An instrument."""

    name: str
    """As it stands in files, such as ``Electric Bass``."""
    program: int
    """General MIDI program, from 0; of a drum kit: 0 is the standard kit."""
    family: Family
    low: int
    """Lowest sounding pitch, MIDI number."""
    high: int
    """Highest sounding pitch, MIDI number."""
    words: tuple[str, ...]
    """What else people call it, in English and German, in lower case."""
    clef: Clef = "treble"
    velocity: int = 80
    """Usual MIDI velocity in a mix, 1..127."""
    pan: float = 0.0
    """Usual place in a mix: -1 left … 1 right."""
    gain_db: float = 0.0
    """Usual level in a mix, against the other instruments."""

    @property
    def is_drums(self) -> bool:
        """Whether its pitches are sounds of a kit."""
        return self.family == "drums"

    def can_play(self, pitch: int) -> bool:
        """Whether a pitch lies in its range."""
        return self.low <= pitch <= self.high


def _keys(
    name: str, program: int, low: int, high: int, words: str, family: Family = "keys",
    velocity: int = 78, pan: float = 0.0, gain_db: float = 0.0,
) -> Instrument:  # fmt: skip
    return Instrument(
        name, program, family, low, high, _split(words), velocity=velocity, pan=pan, gain_db=gain_db
    )


def _split(words: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in words.split(",") if one.strip())


_TABLE = (
    _keys("Piano", 0, 21, 108, "acoustic piano, grand piano, grand, klavier, flügel, piano forte"),
    _keys("Upright Piano", 1, 21, 108, "bright piano, pianino"),
    _keys("Electric Piano", 4, 28, 103, "rhodes, e-piano, epiano, ep, wurlitzer, wurli"),
    _keys("FM Electric Piano", 5, 28, 103, "dx piano, dx7, electric piano 2, fm piano"),
    _keys("Harpsichord", 6, 29, 89, "cembalo"),
    _keys("Clavinet", 7, 28, 88, "clavi, clav", velocity=84),
    _keys("Celesta", 8, 60, 108, "celeste", "mallets", pan=0.2),
    _keys("Glockenspiel", 9, 79, 108, "bells, glocken", "mallets", velocity=70, pan=0.25),
    _keys("Music Box", 10, 60, 96, "spieluhr", "mallets", pan=0.2),
    _keys("Vibraphone", 11, 53, 89, "vibes, vibraphon", "mallets", pan=-0.2),
    _keys("Marimba", 12, 45, 96, "marimbaphon", "mallets", pan=0.2),
    _keys("Xylophone", 13, 65, 108, "xylophon", "mallets", pan=0.25),
    _keys("Tubular Bells", 14, 60, 77, "chimes, röhrenglocken", "mallets", pan=0.2),
    _keys("Drawbar Organ", 16, 36, 96, "hammond, b3, organ, orgel, hammondorgel", "organ", 74),
    _keys("Rock Organ", 18, 36, 96, "rockorgel", "organ", 74),
    _keys("Church Organ", 19, 24, 96, "pipe organ, kirchenorgel, pfeifenorgel", "organ", 74),
    _keys("Accordion", 21, 53, 93, "akkordeon, squeezebox", "organ", 78),
    _keys("Harmonica", 22, 60, 96, "mundharmonika, blues harp", "reeds", 84),
    Instrument("Nylon Guitar", 24, "guitar", 40, 83, _split("classical guitar, spanish guitar, "
        "konzertgitarre, nylonstring, nylon string guitar, klassische gitarre"), "treble 8vb",
        pan=-0.25),
    Instrument("Acoustic Guitar", 25, "guitar", 40, 84, _split("steel guitar, steel string guitar, "
        "western guitar, western-gitarre, westerngitarre, akustikgitarre, akustische gitarre, "
        "guitar, gitarre, folk guitar"), "treble 8vb", pan=-0.25),
    Instrument("Jazz Guitar", 26, "guitar", 40, 86, _split("jazzgitarre, archtop"), "treble 8vb",
        pan=-0.2),
    Instrument("Electric Guitar", 27, "guitar", 40, 88, _split("clean guitar, e-gitarre, egitarre, "
        "electric guitar clean, clean electric guitar, stromgitarre, strat"), "treble 8vb",
        pan=0.3),
    Instrument("Muted Guitar", 28, "guitar", 40, 88, _split("palm muted guitar, muted guitar"),
        "treble 8vb", pan=-0.3),
    Instrument("Overdriven Guitar", 29, "guitar", 40, 88, _split("overdrive guitar, crunch guitar, "
        "rock guitar, rockgitarre"), "treble 8vb", pan=0.3, gain_db=-3.0),
    Instrument("Distorted Guitar", 30, "guitar", 40, 88, _split("distortion guitar, lead guitar, "
        "metal guitar, verzerrte gitarre, leadgitarre, heavy guitar"), "treble 8vb", pan=-0.3,
        gain_db=-4.0),
    Instrument("Double Bass", 32, "bass", 28, 67, _split("acoustic bass, upright bass, contrabass, "
        "kontrabass, string bass, walking bass"), "bass 8vb", velocity=86),
    Instrument("Electric Bass", 33, "bass", 28, 67, _split("bass, bass guitar, finger bass, "
        "e-bass, ebass, bassgitarre, fingered bass, p-bass"), "bass 8vb", velocity=88),
    Instrument("Picked Bass", 34, "bass", 28, 67, _split("pick bass, plectrum bass"), "bass 8vb",
        velocity=88),
    Instrument("Fretless Bass", 35, "bass", 28, 67, _split("fretless, bundloser bass"), "bass 8vb",
        velocity=86),
    Instrument("Slap Bass", 36, "bass", 28, 67, _split("slapbass, slapped bass"), "bass 8vb",
        velocity=90),
    Instrument("Synth Bass", 38, "bass", 24, 72, _split("synthbass, sub bass, subbass, acid bass, "
        "303, reese, moog bass, bass synth, 808 bass"), "bass 8vb", velocity=88),
    Instrument("Violin", 40, "strings", 55, 103, _split("geige, violine, fiddle, violins, "
        "violinen, solo violin"), pan=-0.4),
    Instrument("Viola", 41, "strings", 48, 91, _split("bratsche, violas, bratschen"), pan=0.2),
    Instrument("Cello", 42, "strings", 36, 84, _split("violoncello, celli, cellos"), "bass",
        pan=0.35),
    Instrument("Contrabass", 43, "strings", 28, 67, _split("bowed bass, contrabasses, "
        "kontrabässe, arco bass"), "bass 8vb", pan=0.4),
    Instrument("Pizzicato Strings", 45, "strings", 28, 103, _split("pizzicato, pizz"), pan=-0.1),
    Instrument("Harp", 46, "plucked", 24, 103, _split("harfe, concert harp"), pan=-0.35),
    Instrument("Timpani", 47, "mallets", 36, 60, _split("pauken, kettledrums, timps"), "bass",
        pan=0.1),
    Instrument("Strings", 48, "strings", 28, 103, _split("string ensemble, string section, "
        "streicher, orchestra strings, streichorchester, string orchestra"), velocity=72),
    Instrument("Slow Strings", 49, "strings", 28, 103, _split("string pad, slow string ensemble"),
        velocity=72),
    Instrument("Synth Strings", 50, "strings", 28, 103, _split("string machine, solina"),
        velocity=72),
    Instrument("Choir", 52, "voices", 36, 81, _split("choir aahs, chor, aahs, vocals, choir pad"),
        velocity=74),
    Instrument("Voice", 53, "voices", 43, 84, _split("oohs, voice oohs, stimme, gesang, vocal, "
        "vocal line"), velocity=80),
    Instrument("Trumpet", 56, "brass", 52, 86, _split("trompete, trumpets"), pan=0.2),
    Instrument("Trombone", 57, "brass", 34, 77, _split("posaune, trombones"), "bass", pan=0.3),
    Instrument("Tuba", 58, "brass", 24, 67, _split("bass tuba"), "bass", pan=0.35),
    Instrument("Muted Trumpet", 59, "brass", 52, 82, _split("harmon trumpet, gestopfte trompete"),
        pan=0.2),
    Instrument("French Horn", 60, "brass", 34, 77, _split("horn, waldhorn, horns"), pan=-0.2),
    Instrument("Brass Section", 61, "brass", 34, 86, _split("brass, horn section, bläser, "
        "blechbläser"), velocity=84),
    Instrument("Synth Brass", 62, "brass", 34, 86, _split("synth horns, brass synth"), velocity=82),
    Instrument("Soprano Sax", 64, "reeds", 56, 87, _split("soprano saxophone, sopransaxophon"),
        pan=-0.15),
    Instrument("Alto Sax", 65, "reeds", 49, 80, _split("alto saxophone, altsaxophon, sax, "
        "saxophone, saxophon, altsax"), pan=-0.15),
    Instrument("Tenor Sax", 66, "reeds", 44, 75, _split("tenor saxophone, tenorsaxophon, "
        "tenorsax"), pan=0.15),
    Instrument("Baritone Sax", 67, "reeds", 36, 68, _split("bari sax, baritonsaxophon, "
        "baritone saxophone"), "bass", pan=0.25),
    Instrument("Oboe", 68, "reeds", 58, 91, _split("oboen, oboes"), pan=0.1),
    Instrument("English Horn", 69, "reeds", 52, 82, _split("cor anglais, englischhorn"), pan=0.15),
    Instrument("Bassoon", 70, "reeds", 34, 75, _split("fagott, bassoons"), "bass", pan=0.2),
    Instrument("Clarinet", 71, "reeds", 50, 91, _split("klarinette, clarinets"), pan=-0.1),
    Instrument("Piccolo", 72, "pipes", 74, 108, _split("piccoloflöte, piccolo flute"), pan=-0.2),
    Instrument("Flute", 73, "pipes", 60, 98, _split("flöte, querflöte, flutes"), pan=-0.15),
    Instrument("Recorder", 74, "pipes", 60, 86, _split("blockflöte"), pan=-0.1),
    Instrument("Pan Flute", 75, "pipes", 60, 96, _split("panflöte"), pan=0.1),
    Instrument("Square Lead", 80, "synth lead", 36, 96, _split("square synth, chiptune lead, "
        "8-bit lead, rechteck"), gain_db=-3.0),
    Instrument("Saw Lead", 81, "synth lead", 36, 96, _split("lead, synth lead, saw synth, "
        "sawtooth lead, lead synth, synthesizer, synth, supersaw, arp, arpeggio, synthesiser"),
        gain_db=-3.0),
    Instrument("Synth Pad", 88, "synth pad", 36, 96, _split("pad, new age pad, pads, "
        "flächen, fläche, ambient pad, synthpad"), velocity=70),
    Instrument("Warm Pad", 89, "synth pad", 36, 96, _split("analog pad, warme fläche"),
        velocity=70),
    Instrument("Choir Pad", 91, "synth pad", 36, 96, _split("vox pad, space voice"), velocity=70),
    Instrument("Sweep Pad", 95, "synth pad", 36, 96, _split("filter pad"), velocity=70),
    Instrument("Sitar", 104, "plucked", 48, 77, _split("indian sitar"), pan=-0.2),
    Instrument("Banjo", 105, "plucked", 48, 81, _split("5-string banjo"), pan=0.3),
    Instrument("Koto", 107, "plucked", 55, 84, _split("japanese koto"), pan=0.2),
    Instrument("Kalimba", 108, "mallets", 60, 91, _split("thumb piano, mbira"), pan=0.25),
    Instrument("Drum Kit", 0, "drums", 35, 81, _split("drums, drum set, drumkit, schlagzeug, kit, "
        "drum, beat, beats, percussion, perkussion, acoustic drums"), "percussion", velocity=90),
    Instrument("Rock Kit", 16, "drums", 35, 81, _split("power kit, rock drums, power drums"),
        "percussion", velocity=98),
    Instrument("Electronic Kit", 24, "drums", 35, 81, _split("electronic drums, drum machine, "
        "drumcomputer, e-drums"), "percussion", velocity=92),
    Instrument("808 Kit", 25, "drums", 35, 81, _split("tr-808, 808, 808 drums, trap drums, "
        "analog kit, 909, tr-909"), "percussion", velocity=92),
    Instrument("Jazz Kit", 32, "drums", 35, 81, _split("jazz drums, jazzschlagzeug"), "percussion",
        velocity=80),
    Instrument("Brush Kit", 40, "drums", 35, 81, _split("brushes, besen, brush drums"),
        "percussion", velocity=76),
)  # fmt: skip

INSTRUMENTS = {one.name: one for one in _TABLE}
"""All instruments by name."""

DRUM_SOUNDS = {
    35: "Acoustic Bass Drum", 36: "Bass Drum", 37: "Side Stick", 38: "Snare", 39: "Hand Clap",
    40: "Electric Snare", 41: "Low Floor Tom", 42: "Closed Hi-Hat", 43: "High Floor Tom",
    44: "Pedal Hi-Hat", 45: "Low Tom", 46: "Open Hi-Hat", 47: "Low-Mid Tom", 48: "High-Mid Tom",
    49: "Crash Cymbal", 50: "High Tom", 51: "Ride Cymbal", 52: "Chinese Cymbal", 53: "Ride Bell",
    54: "Tambourine", 55: "Splash Cymbal", 56: "Cowbell", 57: "Crash Cymbal 2", 58: "Vibraslap",
    59: "Ride Cymbal 2", 60: "High Bongo", 61: "Low Bongo", 62: "Mute High Conga",
    63: "Open High Conga", 64: "Low Conga", 65: "High Timbale", 66: "Low Timbale",
    67: "High Agogo", 68: "Low Agogo", 69: "Cabasa", 70: "Maracas", 71: "Short Whistle",
    72: "Long Whistle", 73: "Short Guiro", 74: "Long Guiro", 75: "Claves", 76: "High Wood Block",
    77: "Low Wood Block", 78: "Mute Cuica", 79: "Open Cuica", 80: "Mute Triangle",
    81: "Open Triangle",
}  # fmt: skip
"""The General MIDI drum map: what each pitch of a kit is."""


def instrument_of(words: str) -> Instrument:
    """The instrument that words name, such as ``upright bass``, ``E-Gitarre`` or ``Drums``.

    Raises:
        UnknownName: there is none of that name.
    """
    found = _by_words().get(_plain(words))
    if found is None:
        raise UnknownName(
            f"finding the instrument {words!r}",
            "none that is known has this name",
            f"Choose from {', '.join(INSTRUMENTS)}",
        )
    return found


def instrument_of_program(program: int, is_drums: bool = False) -> Instrument | None:
    """The instrument of a General MIDI program (from 0), or of a kit; None where it has no name."""
    fitting = (one for one in _TABLE if one.is_drums is is_drums and one.program == program)
    return next(fitting, None)


@cache
def _by_words() -> dict[str, Instrument]:
    """Every word for an instrument; a name stands before another's by-name."""
    known = {_plain(word): one for one in reversed(_TABLE) for word in one.words}
    return known | {_plain(one.name): one for one in _TABLE}


def _plain(words: str) -> str:
    return re.sub(r"[^\w]+", " ", words.casefold()).strip()
