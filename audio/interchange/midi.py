"""A song as a standard MIDI file of type 1: named tracks, tempo, meter, key, section markers."""

from io import BytesIO
from typing import NamedTuple

import mido

from audio.songs.keys import key_of
from audio.songs.song import PPQ, Song, Track
from audio.songs.timeline import microseconds_of

DRUM_CHANNEL = 9
"""Channel 10 as players count: General MIDI's drums."""

_MELODIC = tuple(channel for channel in range(16) if channel != DRUM_CHANNEL)
_SIGNATURES = {
    "major": ("Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#"),
    "minor": ("Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#", "G#", "D#", "A#"),
}
"""Tonics of the signatures from seven flats to seven sharps."""


class _Event(NamedTuple):
    tick: int
    order: int
    """Of what happens at one tick: 0 for the set-up and for ends, 1 for beginnings."""
    message: mido.Message | mido.MetaMessage


def write_midi(song: Song) -> bytes:
    """A song as the content of a MIDI file, the same bytes for the same song.

    The first track holds title, tempo, meter, key and a marker for each section; each further one
    is a track of the song. All end with the song's last bar. Drums are on channel 10; from the
    sixteenth melodic track on, the next port is used.
    """
    file = mido.MidiFile(type=1, ticks_per_beat=PPQ, charset="utf-8")
    file.tracks.append(_written(_conducted(song), song.ticks))
    melodic = 0
    for track in song.tracks:
        channel, port = DRUM_CHANNEL, 0
        if not track.is_drums:
            port, place = divmod(melodic, len(_MELODIC))
            channel, melodic = _MELODIC[place], melodic + 1
        file.tracks.append(_written(_played(track, channel, port), song.ticks))
    content = BytesIO()
    file.save(file=content)
    return content.getvalue()


def _conducted(song: Song) -> list[_Event]:
    """What holds for all tracks."""
    events = [_Event(0, 0, mido.MetaMessage("track_name", name=song.title))]
    for one in song.meters:
        signature = mido.MetaMessage("time_signature", numerator=one.beats, denominator=one.unit)
        events.append(_Event(song.timeline.tick_of_bar(one.bar), 0, signature))
    if song.key:
        key = key_of(song.key)
        tonic = _SIGNATURES[key.mode][key.fifths + 7] + ("m" if key.mode == "minor" else "")
        events.append(_Event(0, 0, mido.MetaMessage("key_signature", key=tonic)))
    for mark in song.tempos:
        tempo = mido.MetaMessage("set_tempo", tempo=microseconds_of(mark.bpm))
        events.append(_Event(mark.tick, 0, tempo))
    for section in song.sections:
        marker = mido.MetaMessage("marker", text=section.name)
        events.append(_Event(song.timeline.tick_of_bar(section.first_bar), 1, marker))
    return events


def _played(track: Track, channel: int, port: int) -> list[_Event]:
    """What one track holds."""
    events = [_Event(0, 0, mido.MetaMessage("track_name", name=track.name))]
    if port:
        events.append(_Event(0, 0, mido.MetaMessage("midi_port", port=port)))
    if track.instrument:
        events.append(_Event(0, 0, mido.MetaMessage("instrument_name", name=track.instrument)))
    program = mido.Message("program_change", channel=channel, program=track.program)
    events.append(_Event(0, 0, program))
    for note in track.notes:
        begun = mido.Message("note_on", channel=channel, note=note.pitch, velocity=note.velocity)
        ended = mido.Message("note_off", channel=channel, note=note.pitch, velocity=64)
        events += [_Event(note.start, 1, begun), _Event(note.end, 0, ended)]
    return events


def _written(events: list[_Event], end: int) -> mido.MidiTrack:
    """Events as a track, each with the ticks since the one before it."""
    track, now = mido.MidiTrack(), 0
    for event in sorted(events, key=lambda one: one[:2]):
        track.append(event.message.copy(time=event.tick - now))
        now = event.tick
    track.append(mido.MetaMessage("end_of_track", time=end - now))
    return track
