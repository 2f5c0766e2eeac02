"""Kinds and notes of real recordings, found through GRYM_TEST_DATA."""

import json
from pathlib import Path

from audio.library.profile import profile_sound
from audio.pitch_names import midi_of_hertz, midi_of_note
from grym_synth.settings import MediaLimits

_FLAT_BY_HALF_A_TONE = ("saxophone_Fs4",)
"""Played 53 cents below their name."""


def test_most_single_notes_are_tuned_as_their_players_say(recordings: Path) -> None:
    folder = recordings / "instruments"
    truth = json.loads((folder / "instruments.json").read_text())
    notes = {
        name: said["pitch"]
        for name, said in truth.items()
        if said.get("pitch") and not any(one in name for one in _FLAT_BY_HALF_A_TONE)
    }
    right = 0
    for name, note in notes.items():
        sound = profile_sound(folder / name, MediaLimits()).sound
        assert sound.kind == "one-shot", name
        heard = None if sound.pitch_hz is None else round(midi_of_hertz(sound.pitch_hz))
        right += heard == midi_of_note(note)
    assert right >= 0.9 * len(notes)


def test_loops_are_loops(recordings: Path) -> None:
    files = [one for one in (recordings / "loops").iterdir() if one.name.startswith("lmms_")]
    kinds = [profile_sound(one, MediaLimits()).sound.kind for one in files if one.suffix == ".ogg"]
    assert kinds.count("loop") >= 0.8 * len(kinds)
