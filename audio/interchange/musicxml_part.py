"""One part of a MusicXML score, read bar by bar."""

from fractions import Fraction
from xml.etree.ElementTree import Element

from audio.interchange.musicxml_chords import chord_name
from audio.songs.keys import key_of_signature, pitch_of
from audio.songs.song import Note
from audio.songs.timeline import PPQ, bar_ticks, microseconds_of, tempo_of

_FORTE = 90
_BEATS = {"whole": 4, "half": 2, "quarter": 1, "eighth": 0.5, "16th": 0.25}
"""Quarters of the beat that a metronome mark counts."""


class PartReader:
    """What a part says, by ticks from the start of the score."""

    def __init__(self, sounds: dict[str, int], is_drums: bool) -> None:
        """Begin a part.

        Args:
            sounds: MIDI pitch of each of its instruments that is a sound of a kit.
            is_drums: whether the part is a kit's.
        """
        self.key = ""
        self.ticks = 0
        self.is_unpitched = False
        self.notes: list[Note] = []
        self.meters: dict[int, tuple[int, int]] = {}
        self.tempos: dict[int, float] = {}
        self.marks: dict[int, str] = {}
        self.chords: dict[int, str] = {}
        """Name of each chord by the tick at which it begins; empty: none is told from there on."""
        self._sounds, self._is_drums = sounds, is_drums
        self._divisions = Fraction(1)
        self._meter = (4, 4)
        self._transposed = 0
        self._now = 0
        self._latest = 0
        self._chord_start = 0
        self._tied: dict[tuple[int, str], Note] = {}
        """Notes that go on, by pitch and voice."""

    def read(self, part: Element) -> None:
        """Read all bars."""
        for measure in part.iterfind("measure"):
            start = self._now = self._latest = self.ticks
            for element in measure:
                self._take(element)
            length = bar_ticks(*self._meter)
            content = self._latest - start
            is_short = 0 < content < length and measure.get("implicit") == "yes"
            self.ticks = start + (content if is_short else length)
            if is_short:
                self.meters[self.ticks] = self._meter
        self.notes += self._tied.values()

    def _take(self, element: Element) -> None:
        match element.tag:
            case "attributes":
                self._set_attributes(element)
            case "note":
                self._add_note(element)
            case "backup":
                self._now -= self._duration(element)
            case "forward":
                self._now += self._duration(element)
            case "direction":
                self._add_direction(element)
            case "harmony":
                self.chords[self._now + self._offset(element)] = chord_name(element)
            case "sound":
                self._set_tempo(element, self._now)
        self._latest = max(self._latest, self._now)

    def _set_attributes(self, element: Element) -> None:
        divisions = element.findtext("divisions")
        if divisions is not None:
            self._divisions = Fraction(divisions)
        fifths, mode = element.findtext("key/fifths"), element.findtext("key/mode")
        if fifths is not None and not self.key and mode in (None, "major", "minor", ""):
            self.key = key_of_signature(int(fifths), "minor" if mode == "minor" else "major").name
        beats, unit = element.findtext("time/beats"), element.findtext("time/beat-type")
        if beats is not None and unit is not None:
            self._meter = (sum(map(int, beats.split("+"))), int(unit))
            self.meters[self._now] = self._meter
        transpose = element.find("transpose")
        if transpose is not None:
            octaves = int(transpose.findtext("octave-change", "0"))
            self._transposed = round(float(transpose.findtext("chromatic", "0"))) + 12 * octaves

    def _add_note(self, element: Element) -> None:
        if element.find("grace") is not None or element.find("cue") is not None:
            return
        length = self._duration(element)
        start = self._chord_start if element.find("chord") is not None else self._now
        if element.find("chord") is None:
            self._chord_start = self._now
            self._now += length
        pitch = self._pitch(element)
        if pitch is None or length <= 0:
            return
        ties = {one.get("type") for one in element.iterfind("tie")}
        voice = pitch, element.findtext("voice", "1")
        earlier = self._tied.pop(voice, None) if "stop" in ties else None
        early, late = self._by(element, "attack"), self._by(element, "release")
        begins = earlier.start if earlier is not None else max(start + early, 0)
        ends = start + length + late
        velocity = earlier.velocity if earlier is not None else _velocity(element)
        note = Note(start=begins, length=max(1, ends - begins), pitch=pitch, velocity=velocity)
        if "start" in ties:
            self._tied[voice] = note
        else:
            self.notes.append(note)

    def _pitch(self, element: Element) -> int | None:
        """The MIDI number of a note; None for a rest."""
        instrument = element.find("instrument")
        if element.find("unpitched") is not None:
            self.is_unpitched = True
            key = instrument.get("id", "") if instrument is not None else ""
            return self._sounds.get(key, next(iter(self._sounds.values()), None))
        pitch = element.find("pitch")
        if pitch is None:
            return None
        alter = round(float(pitch.findtext("alter", "0")))
        octave = int(pitch.findtext("octave", "4"))
        shift = 0 if self._is_drums else self._transposed
        return pitch_of(pitch.findtext("step", ""), alter, octave) + shift

    def _add_direction(self, element: Element) -> None:
        place = max(0, self._now + self._offset(element))
        for mark in element.iterfind("direction-type/rehearsal"):
            if (mark.text or "").strip():
                self.marks.setdefault(place, (mark.text or "").strip())
        sound = element.find("sound")
        if sound is not None and sound.get("tempo") is not None:
            self._set_tempo(sound, place)
            return
        metronome = element.find("direction-type/metronome")
        if metronome is not None:
            self._set_beat_tempo(metronome, place)

    def _set_tempo(self, sound: Element, place: int) -> None:
        tempo = sound.get("tempo")
        if tempo is not None and float(tempo) > 0:
            self.tempos[place] = tempo_of(microseconds_of(float(tempo)))

    def _set_beat_tempo(self, metronome: Element, place: int) -> None:
        """Read a mark such as ``quarter = 120``; one that gives no number is passed over."""
        quarters = _BEATS.get(metronome.findtext("beat-unit", ""))
        try:
            count = float(metronome.findtext("per-minute", ""))
        except ValueError:
            return
        if quarters and count > 0:
            dotted = 1.5 if metronome.find("beat-unit-dot") is not None else 1.0
            self.tempos[place] = tempo_of(microseconds_of(count * quarters * dotted))

    def _duration(self, element: Element) -> int:
        return self._ticks(element.findtext("duration", "0"))

    def _offset(self, element: Element) -> int:
        return self._ticks(element.findtext("offset", "0"))

    def _by(self, element: Element, name: str) -> int:
        return self._ticks(element.get(name, "0"))

    def _ticks(self, divisions: str) -> int:
        return round(Fraction(divisions) / self._divisions * PPQ)


def _velocity(element: Element) -> int:
    """The MIDI velocity of a note; 80 where it has none."""
    dynamics = element.get("dynamics")
    if dynamics is None:
        return 80
    return min(max(1, round(float(dynamics) * _FORTE / 100)), 127)
