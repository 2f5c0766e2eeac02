"""Where in a picture a model sees something: its places become seconds, hertz, bars and pitches."""

from agents.seeing.forms import Marks, ScoreReading, ScreenReading, Spots
from agents.seeing.heads import head_findings
from agents.seeing.marks import sighted
from agents.seeing.onlooker import Onlooker
from agents.seeing.scores import Known, score_findings
from agents.seeing.screens import screen_findings
from agents.seeing.spots import spot_findings
from agents.seeing.truth import Scene, held_against
from agents.seeing.view import Sights, View
from audio.assets import AssetRef
from memory.context import Subject


def point_at_events(onlooker: Onlooker, view: View, sights: Sights) -> None:
    """Ask for the events in a spectrogram, and hold them against the instruments."""
    axes = view.axes
    shown = view.seen_by(onlooker)
    if axes is None or shown is None:
        return
    about = f"{view.name}, {axes.x.low:g}–{axes.x.high:g} s"
    marks = onlooker.read(view.content, "point", Marks, about)
    seen = sighted(marks, axes, shown) if marks is not None else ()
    if not seen:
        return
    found, refuted = held_against(seen, Scene.of(view), sights.source)
    sights.findings += found
    if refuted:
        what = "; ".join(refuted)
        sights.notices.append(
            f"{onlooker.name} pointed at what the instruments don't read in {view.name}: {what}."
        )


def point_at_places(onlooker: Onlooker, view: View, sights: Sights) -> None:
    """Ask for what stands out in a plot with axes, and tell where that is."""
    axes = view.axes
    shown = view.seen_by(onlooker)
    if axes is None or shown is None:
        return
    words = {"kind": axes.kind.replace("_", " "), "across": axes.x.quantity, "up": axes.y.quantity}
    spots = onlooker.read(view.content, "spot", Spots, view.name, words=words)
    if spots is not None:
        spot_findings(spots, view, shown, sights, onlooker.name)


def read_score(onlooker: Onlooker, view: View, picture: AssetRef, sights: Sights) -> None:
    """Ask for what stands in a score, and hold it against the music and the page itself."""
    read = onlooker.read(view.content, "read_score", ScoreReading, view.name)
    if read is None:
        return
    known = view.music.known if view.music is not None else Known()
    found, notices = score_findings(read, view.subject, known, sights.source)
    sights.findings += [*known.melody, *found]
    sights.notices += notices
    shown = view.seen_by(onlooker)
    if shown is not None:
        head_findings(read.notes, view, shown, picture, sights, onlooker.name)


def read_screen(onlooker: Onlooker, view: View, picture: AssetRef, sights: Sights) -> None:
    """Ask for what stands on a screen; its controls stay with the picture."""
    shown = view.seen_by(onlooker)
    screen = onlooker.read(view.content, "read_screen", ScreenReading, view.name)
    if screen is not None and shown is not None:
        found, orders = screen_findings(screen, shown, picture, sights.source)
        sights.findings += found
        place = Subject(kind="asset", id=picture.id)
        sights.report_orders(orders, place, onlooker.name)
