"""How well each sound of the library meets one condition: 0 (left out) to 1."""

import numpy as np
from numpy.typing import NDArray

from audio.library.sound import Sound
from memory.library.catalogue import Held
from memory.library.columns import Columns, Scores
from memory.library.keys import in_scale, same_key, tonic_of
from memory.library.query import Condition, Format, InKey, IsA, Named, OfKind, Quality, Range
from memory.library.wordbook import Ramp, SoundWord, sound_word, wordbook

_UNTOLD, _NO_TEMPO_OF_ITS_OWN = 0.3, 0.5
"""For what can't be told, and for a one-shot, which plays at any tempo."""
_EDGE = 0.005
"""Measured tempos are this exact."""
_OTHER_OCTAVE, _SAID = 0.5, 0.9
_SECOND_KEY, _UNSURE_KEY, _SCALE_NOTE = 0.5, 0.2, 0.25
_IN_SCALE, _LEADING = 0.85, 0.5
_DOUBTFUL = 0.25
"""Confidence below which a key that was measured rules no other one out."""
_LEAST_RANK = 1e-3
"""A quality only ranks: it leaves nothing out."""
_UNKNOWN_FIT = 0.5
_OF_ONE_EVENT = ("attack_seconds", "decay_seconds")
"""Fields that say nothing of a sound with several events."""
_LEAST_FIT, _CLEAR_FIT = 0.25, 0.7
_BY_MEASURE = 0.8
_NAMED_OTHERWISE = 0.4


def judge(condition: Condition, columns: Columns) -> Scores:
    """The scores of all sounds: float64, (files,), 0..1."""
    match condition:
        case Range():
            scores = _range(condition, columns)
        case InKey():
            scores = np.array([_key(condition, one) for one in columns.held])
        case OfKind():
            scores = _kind(condition, columns)
        case IsA():
            return _is(condition, columns)
        case Named():
            scores = columns.holds(condition.words).astype(np.float64)
        case Quality():
            return _quality(condition, columns)
        case Format():
            scores = np.array(
                [float(one.sound.format in condition.formats) for one in columns.held]
            )
    return (scores < 0.5).astype(np.float64) if condition.negated else scores


def weight(condition: Condition) -> float:
    """How much a condition counts against others: what a sound is before how it is."""
    return 1.0 if isinstance(condition, Quality) else 2.0


def tempo_fit(one: Range, bpm: float) -> float:
    """How well a tempo fits a wanted one, its octave taken as it is: 0..1."""
    if one.around and one.low is not None and one.high is not None:
        middle = (one.low + one.high) / 2
        return max(0.0, 1 - max(0.0, abs(bpm / middle - 1) - _EDGE) / max(one.reach, _EDGE))
    above = one.low is None or bpm >= one.low * (1 - _EDGE)
    below = one.high is None or bpm <= one.high * (1 + _EDGE)
    return float(above and below)


def _range(one: Range, columns: Columns) -> Scores:
    if one.field == "tempo_bpm":
        return np.array([_tempo(one, held) for held in columns.held])
    values = columns.number(one.field)
    if one.around and one.low is not None and one.high is not None:
        middle = (one.low + one.high) / 2
        scores = np.maximum(0.0, 1 - np.abs(values / middle - 1) / max(one.reach, _EDGE))
    else:
        low = -np.inf if one.low is None else one.low
        high = np.inf if one.high is None else one.high
        scores = ((values >= low) & (values <= high)).astype(np.float64)
    told: Scores = np.where(np.isnan(values), 0.0 if one.strict else _UNTOLD, scores)
    return told


def _tempo(one: Range, held: Held) -> float:
    sound, said = held.sound, held.said.tempo_bpm
    best = _SAID * tempo_fit(one, said) if said is not None else 0.0
    if sound.tempo_bpm is None:
        untold = _NO_TEMPO_OF_ITS_OWN if sound.kind == "one-shot" else _UNTOLD
        return max(best, 0.0 if one.strict or said is not None else untold)
    best = max(best, tempo_fit(one, sound.tempo_bpm))
    if one.strict:
        return best
    octaves = (2 * sound.tempo_bpm, sound.tempo_bpm / 2)
    return max(best, *(_OTHER_OCTAVE * tempo_fit(one, bpm) for bpm in octaves))


def _key(one: InKey, held: Held) -> float:
    """The best of all wanted keys."""
    told = max(_one_key(key, one.strict, held) for key in one.keys)
    return max(told, _SAID) if _says_key(one, held) else told


def _says_key(one: InKey, held: Held) -> bool:
    said = held.said.key
    return said is not None and any(same_key(key, said) for key in one.keys)


def _one_key(wanted: str, strict: bool, held: Held) -> float:
    sound = held.sound
    by_notes = notes_fit(wanted, sound)
    if sound.key is not None:
        doubtful = sound.key_confidence < _DOUBTFUL
        return max(_against(wanted, strict, sound), by_notes if doubtful else 0.0)
    note = tonic_of(sound.note) if sound.note is not None else None
    if note is not None and note == tonic_of(wanted):
        return 0.6 + 0.4 * sound.pitch_confidence
    if by_notes > 0 or strict:
        return by_notes
    if note is None:
        return 0.0 if sound.note_shares else _UNTOLD
    return _SCALE_NOTE if in_scale(note, wanted) else 0.0


def notes_fit(wanted: str, sound: Sound) -> float:
    """How well the notes of a single voice lie in a key, its tonic the strongest: 0..0.8."""
    tonic = tonic_of(wanted)
    if sound.kind == "one-shot" or not sound.note_shares or tonic is None:
        return 0.0
    inside = sum(share for at, share in enumerate(sound.note_shares) if in_scale(at, wanted))
    leads = sound.note_shares[tonic] / max(sound.note_shares)
    if " " not in wanted:
        return 0.8 * leads if leads == 1 else 0.0
    return 0.8 * inside * leads if inside >= _IN_SCALE and leads >= _LEADING else 0.0


def _against(wanted: str, strict: bool, sound: Sound) -> float:
    """How well a measured key is the wanted one."""
    assert sound.key is not None
    if same_key(wanted, sound.key):
        return 0.6 + 0.4 * sound.key_confidence
    if strict:
        return 0.0
    if sound.second_key is not None and same_key(wanted, sound.second_key):
        return _SECOND_KEY * (1 - sound.key_confidence)
    return _UNSURE_KEY if sound.key_confidence < _DOUBTFUL else 0.0


def _kind(one: OfKind, columns: Columns) -> Scores:
    """By measure; a name that says so is believed a little less."""
    scores = np.array([float(held.sound.kind in one.kinds) for held in columns.held])
    for kind in one.kinds:
        for phrase in _KIND_WORDS.get(kind, ()):
            scores = np.maximum(scores, _SAID * columns.holds(phrase))
    return scores


_KIND_WORDS = {
    "loop": ("loop", "loops"),
    "one-shot": ("one shot", "one shots", "oneshot", "oneshots"),
}


def _quality(one: Quality, columns: Columns) -> Scores:
    """Rank among all sounds that have the field: 0 to 1 for the most of what is wanted."""
    values = columns.number(one.field)
    told = ~np.isnan(values)
    scores = np.full(len(values), _UNTOLD)
    if told.any():
        ordered = np.sort(values[told])
        below = np.searchsorted(ordered, values[told], side="left")
        same = np.searchsorted(ordered, values[told], side="right") - below
        rank = (below + same / 2) / len(ordered)
        scores[told] = rank if one.high else 1 - rank
    kept: Scores = np.maximum(scores, _LEAST_RANK)
    return kept


def _is(one: IsA, columns: Columns) -> Scores:
    """The better of the kinds of sound that it may be; none of them where it is denied."""
    scores = _is_one(one, columns)
    if one.either is None:
        return scores
    other = _is(one.either, columns)
    either: Scores = np.minimum(scores, other) if one.negated else np.maximum(scores, other)
    return either


def _is_one(one: IsA, columns: Columns) -> Scores:
    word = sound_word(one.sound)
    assert word is not None
    named = columns.named(word, one.member)
    fit = np.zeros(len(columns)) if one.member else fits(word, columns)
    if one.negated:
        clear = (fit >= _CLEAR_FIT) & ~_named_otherwise(word, columns, fit)
        return (~(named | clear)).astype(np.float64)
    measured = np.where(fit >= _LEAST_FIT, _BY_MEASURE * fit, 0.0)
    measured = np.where(_named_otherwise(word, columns, fit), _NAMED_OTHERWISE * measured, measured)
    either: Scores = np.maximum(named.astype(np.float64), measured)
    return either


def fits(word: SoundWord, columns: Columns) -> Scores:
    """How well each sound measures as a kind of sound does: 0..1; 0 where only names tell."""
    if not word.fits:
        return np.zeros(len(columns))
    least = np.ones(len(columns))
    single = np.array([held.sound.kind == "one-shot" for held in columns.held], bool)
    for field, ramp in word.fits.items():
        fit = _ramp(columns.number(field), ramp)
        least = np.minimum(least, np.where(single, fit, 1.0) if field in _OF_ONE_EVENT else fit)
    if word.kinds:
        least *= np.array([held.sound.kind in word.kinds for held in columns.held])
    return least


def _ramp(values: Scores, ramp: Ramp) -> Scores:
    none, full, still, ended = ramp
    rise = np.clip((values - none) / max(full - none, 1e-9), 0, 1)
    fall = np.clip((ended - values) / max(ended - still, 1e-9), 0, 1)
    if still >= ended:
        fall = np.where(values <= ended, 1.0, 0.0)
    if none >= full:
        rise = np.where(values >= none, 1.0, 0.0)
    within: Scores = np.where(np.isnan(values), _UNKNOWN_FIT, np.minimum(rise, fall))
    return within


def _named_otherwise(word: SoundWord, columns: Columns, fit: Scores) -> NDArray[np.bool_]:
    """Whose names say that they are another kind of sound; only asked where the measure fits."""
    others = tuple(
        f" {phrase} "
        for one in wordbook().sound
        if one.family != word.family and not set(one.phrases) & set(word.phrases)
        for phrase in one.phrases
    )
    found = np.zeros(len(columns), bool)
    for at in np.flatnonzero(fit >= _LEAST_FIT):
        words = columns.held[at].said.words
        found[at] = any(other in words for other in others)
    return found
