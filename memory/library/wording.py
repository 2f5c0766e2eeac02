"""Why a sound was found, in the musician's words and with the measured numbers."""

from audio.library.sound import Sound
from audio.pitch_names import SHARPS
from memory.library.catalogue import Held
from memory.library.columns import Columns
from memory.library.fields import FIELDS
from memory.library.judging import judge, notes_fit, tempo_fit
from memory.library.keys import same_key, tonic_of
from memory.library.query import Condition, Format, InKey, IsA, Named, OfKind, Quality, Range
from memory.library.wordbook import sound_word


def reason(condition: Condition, score: float, at: int, columns: Columns) -> str:
    """What one condition found in one sound; empty where there is nothing to say.

    Args:
        condition: what was sought.
        score: how well the sound meets it, 0..1.
        at: its place among the columns.
        columns: all sounds.
    """
    held = columns.held[at]
    if getattr(condition, "negated", False):
        return ""
    match condition:
        case Range(field="tempo_bpm"):
            return _tempo(condition, held)
        case Range():
            return _value(condition.field, at, columns) or f"no {FIELDS[condition.field].says}"
        case InKey():
            return _key(condition, held)
        case OfKind() | Format():
            return ""
        case IsA():
            return _is(condition, at, columns)
        case Named():
            return f"named “{condition.words}”" if score > 0 else ""
        case Quality():
            return _quality(condition, score, at, columns)


def _tempo(one: Range, held: Held) -> str:
    sound, said = held.sound, held.said.tempo_bpm
    named = f", its name says {said:g}" if said is not None else ""
    if sound.tempo_bpm is None:
        own = "no tempo of its own" if sound.kind == "one-shot" else "no tempo told"
        return own + named
    fit = tempo_fit(one, sound.tempo_bpm)
    other = ""
    if fit == 0:
        for factor, word in ((2.0, "half"), (0.5, "double")):
            if tempo_fit(one, factor * sound.tempo_bpm) > 0:
                other = f" ({word} the wanted tempo)"
    return f"{sound.tempo_bpm:g} BPM{other}{named}"


def _key(one: InKey, held: Held) -> str:
    sound, said = held.sound, held.said.key
    named = f", its name says {said}" if said is not None else ""
    by_notes = max(notes_fit(key, sound) for key in one.keys)
    if by_notes > 0 and (sound.key is None or not any(same_key(k, sound.key) for k in one.keys)):
        return f"plays {_notes(sound)}{named}"
    if sound.key is not None:
        second = ""
        if not any(same_key(key, sound.key) for key in one.keys):
            likely = sound.second_key
            if likely is not None and any(same_key(key, likely) for key in one.keys):
                second = f", perhaps {likely}"
        return f"{sound.key} ({sound.key_confidence:.2f}){second}{named}"
    if sound.note is not None:
        tonic = tonic_of(sound.note) == tonic_of(one.keys[0])
        return f"{'tuned to' if tonic else 'note'} {sound.note}{named}"
    return f"no pitch told{named}"


def _is(one: IsA, at: int, columns: Columns) -> str:
    if one.either is not None and judge(one.either, columns)[at] > _alone(one, at, columns):
        return _is(one.either, at, columns)
    word = sound_word(one.sound)
    assert word is not None
    words = columns.held[at].said.words
    phrases = word.meant_by(one.member) if one.member else word.phrases
    phrase = next((phrase for phrase in phrases if f" {phrase} " in words), None)
    if phrase is not None:
        return f"named “{phrase}”"
    facts = [_value(field, at, columns) for field in word.fits]
    return f"measures like {one.sound}: {', '.join([one for one in facts if one][:3])}"


def _alone(one: IsA, at: int, columns: Columns) -> float:
    return float(judge(one.model_copy(update={"either": None}), columns)[at])


def _quality(one: Quality, score: float, at: int, columns: Columns) -> str:
    value = _value(one.field, at, columns)
    if not value:
        return ""
    field = FIELDS[one.field]
    more = field.more if one.high else field.less
    return f"{value}, {more} than {100 * score:.0f} %"


def _value(field: str, at: int, columns: Columns) -> str:
    value = FIELDS[field].of(columns.held[at].sound)
    return "" if value is None else FIELDS[field].text(value)


def _notes(sound: Sound) -> str:
    """The strongest notes of a single voice."""
    ranked = sorted(enumerate(sound.note_shares), key=lambda one: -one[1])
    return ", ".join(
        f"{SHARPS[at]} {100 * share:.0f} %" for at, share in ranked[:3] if share > 0.02
    )
