"""The draft of a song: the order understood, a sketch or an earlier session taken in."""

from agents.boss.boss import Boss
from agents.composing.changing import changed, read_changes
from agents.composing.consulting import consulted
from agents.composing.growing import grown
from agents.composing.order import ComposeOrder
from agents.composing.planning import plan_of
from agents.composing.session import Session, read_session
from audio.assets import AssetStore
from audio.composing.composer import compose
from audio.composing.plan import PiecePlan
from audio.composing.sketching import Sketch, sketch_of
from audio.interchange.midi_reading import read_midi
from audio.songs.song import Note, Song
from grym_synth.errors import BadInput
from memory.context import Degraded, Word

INSTRUMENTS = "instruments"


class SketchFacts(Word):
    """What became of a sketch."""

    line: tuple[Note, ...]
    """The notes that it is recognised by, in its own key."""
    notes: int
    kept: int
    """How many of its notes are in the song as they were, moved together."""
    shift: int
    """Semitones by which it was moved into the key."""
    missing: str
    """Why some of its notes are not there."""


class Window(Word):
    """Where a changed session may differ from the one before."""

    track: str
    start: int
    """In ticks."""
    end: int
    """In ticks."""


class Draft(Word):
    """A song before its notes are written, or an earlier one with some of them changed."""

    order: ComposeOrder
    """What was ordered at first; with an earlier session, the order of that one."""
    plan: PiecePlan
    author: str = INSTRUMENTS
    """Who planned form, harmony and motifs."""
    sketch: SketchFacts | None = None
    before: Session | None = None
    """The session that is changed."""
    song: Song | None = None
    """The changed song; a new one is still to be written."""
    changed: tuple[str, ...] = ()
    windows: tuple[Window, ...] = ()
    degraded: tuple[Degraded, ...] = ()


def planned(draft: Draft, brief: str, boss: Boss | None) -> Draft:
    """The draft with a model's plan of form, harmony and motifs, where there is a model.

    Args:
        draft: the draft of instruments.
        brief: the user's words.
        boss: who is asked; None: instruments alone.
    """
    if boss is None or draft.before is not None:
        return draft
    plan = consulted(boss, brief, draft.order, draft.plan)
    update: dict[str, object] = {"degraded": boss.degraded}
    if plan is not None:
        update |= {"plan": plan, "author": boss.model.name}
    return draft.model_copy(update=update)


def draft_of(order: ComposeOrder, assets: AssetStore) -> Draft:
    """Understand an order.

    Raises:
        BadInput: what it names can't be used or found.
    """
    if order.base is not None:
        return _changed(order, order.base, assets)
    if order.sketch is not None:
        sketch = read_sketch(order.sketch, assets)
        made = grown(order, sketch)
        facts = SketchFacts(
            line=sketch.line,
            notes=made.of,
            kept=made.kept,
            shift=made.shift,
            missing=made.missing,
        )
        return Draft(order=order, plan=made.plan, sketch=facts)
    return Draft(order=order, plan=plan_of(order))


def read_sketch(asset: str, assets: AssetStore) -> Sketch:
    """The sketch in a stored MIDI file.

    Raises:
        BadInput: it can't be read, or holds no melody or chords.
    """
    ref = assets.ref(asset)
    return sketch_of(read_midi(assets.path(ref).read_bytes(), ref.name))


def _changed(order: ComposeOrder, base: str, assets: AssetStore) -> Draft:
    ref = assets.ref(base)
    session = read_session(assets.path(ref).read_bytes(), ref.name)
    changes = order.changes or read_changes(order.wish, session)
    if not changes:
        raise BadInput(
            "changing a session", "nothing is told that should change", "Name a part and a section"
        )
    made = changed(session, changes)
    return Draft(
        order=session.order,
        plan=made.plan,
        before=session,
        song=made.song,
        changed=made.places,
        windows=tuple(Window(track=name, start=a, end=b) for name, a, b in made.windows),
    )


def realised(draft: Draft) -> Session:
    """Write the notes of a draft."""
    before = draft.before
    return Session(
        revision=1 if before is None else before.revision + 1,
        order=draft.order,
        plan=draft.plan,
        song=draft.song or compose(draft.plan),
        mix_gain_db=None if before is None else before.mix_gain_db,
        changed=draft.changed,
    )
