from itertools import pairwise

from audio.composing.casting import cast
from audio.composing.voicing import lead, motion, parallel_count
from audio.songs.harmony import chord_of
from audio.songs.instruments import instrument_of

CHORDS = [chord_of(name) for name in ("C", "Am", "Dm7", "G7", "C", "F", "Bm7b5", "E7", "Am")]


def test_voices_move_little_and_all_chords_are_told() -> None:
    path = lead(CHORDS, 48, 72, 4, False)

    assert sum(motion(a, b) for a, b in pairwise(path)) / 8 / 4 < 2.5
    for chord, voicing in zip(CHORDS, path, strict=True):
        third = (chord.root + (3 if chord.is_minor or 3 in chord.quality.intervals else 4)) % 12
        assert third in {pitch % 12 for pitch in voicing}
        assert {pitch % 12 for pitch in voicing} <= set(chord.pitch_classes)
        assert 48 <= min(voicing) <= max(voicing) <= 72


def test_parallel_fifths_are_avoided_where_they_are_banned() -> None:
    path = lead([chord_of(one) for one in ("C", "Dm", "Em", "F", "G", "Am")], 48, 72, 4, False)

    assert sum(parallel_count(a, b) for a, b in pairwise(path)) == 0
    assert parallel_count((48, 55), (50, 57)) == 1
    assert parallel_count((48, 55), (48, 55)) == 0


def roles(*names: str) -> dict[str, list[str]]:
    made: dict[str, list[str]] = {}
    for part in cast([(instrument_of(name), None) for name in names]):
        made.setdefault(part.track, []).append(part.role)
    return made


def test_a_band_is_cast_as_its_players_expect() -> None:
    assert roles("piano", "bass", "drums") == {
        "Piano": ["melody", "harmony"], "Electric Bass": ["bass"], "Drum Kit": ["drums"],
    }  # fmt: skip
    assert roles("violin", "violin", "viola", "cello") == {
        "Violin": ["melody"], "Violin 2": ["counter"], "Viola": ["counter"], "Cello": ["bass"],
    }  # fmt: skip
    assert roles("piano") == {"Piano": ["bass", "harmony", "melody"]}
    assert roles("flute") == {"Flute": ["melody"]}
    assert roles("drums") == {"Drum Kit": ["drums"]}
