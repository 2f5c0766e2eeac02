"""What a model says of a picture in its own words: a description, and claims to be checked.

What it says of measured things (tempo, key, loudness) is measured; events that it names and places
that it tells are held against the picture.
"""

from agents.hearing.hearsay import Claimed, taken_apart
from agents.seeing.guarding import without_orders
from agents.seeing.onlooker import Onlooker
from agents.seeing.prose import Frame, placed, told_in
from agents.seeing.truth import Scene, held_against
from agents.seeing.view import Sights, View
from audio.aspects import PROFILE

CLAIMED = 0.3
"""How sure a claim about what instruments measure is."""


def describe(onlooker: Onlooker, view: View, question: str, known: str, sights: Sights) -> None:
    """Ask in the user's words, and keep what the picture can bear out.

    Args:
        onlooker: who looks.
        view: the picture.
        question: what the user asks.
        known: what the project knows, as text.
        sights: takes what comes of it.

    Raises:
        Cancelled: the caller no longer wants the turn.
    """
    said = onlooker.describe(view.content, question, known, view.name)
    kept, orders = without_orders(said)
    sights.report_orders(orders, view.subject, onlooker.name)
    hearsay = taken_apart(kept)
    _claims(hearsay.claims, view, sights)
    frame = _frame(view)
    told = told_in(hearsay.description, frame)
    if told.possible:
        method = f"asked of {view.name}: {question}"
        sights.add(view.subject, "seen.description", told.possible, method)
    if told.impossible:
        sights.notices.append(
            f"{onlooker.name} told of what {view.name} can't show: {'; '.join(told.impossible)}."
        )
    if told.events and view.axes is not None and view.events is not None:
        scene = Scene.of(view)
        seen = placed(told.events, frame, scene.events or ())
        found, refuted = held_against(seen, scene, sights.source)
        sights.findings += found
        if refuted:
            what = "; ".join(refuted)
            sights.notices.append(
                f"{onlooker.name} told of what the instruments don't read in {view.name}: {what}."
            )


def _claims(claims: tuple[Claimed, ...], view: View, sights: Sights) -> None:
    """What was said of measured things, with the measurements beside it."""
    measurable = [one for one in claims if one.aspect in PROFILE]
    place = view.subject if view.music is None else view.music.subject
    for one in measurable:
        if one.aspect != "chords":
            method = f"said of {view.name}: {one.sentence}"
            sights.add(place, one.aspect, one.value, method, CLAIMED)
    if view.music is not None:
        sights.findings += view.music.measured([one.aspect for one in measurable])


def _frame(view: View) -> Frame:
    asset = view.music.asset if view.music is not None else None
    seconds, rate = (asset.seconds, asset.sample_rate_hz) if asset is not None else (None, None)
    return Frame.of(view.axes, seconds, rate)
