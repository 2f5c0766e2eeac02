"""What stands on a screen, as findings: its controls by name, with their values and places."""

from pydantic import JsonValue

from agents.seeing.forms import Control, ScreenReading
from agents.seeing.guarding import orders_in, plain
from audio.assets import AssetRef
from audio.sight.coordinates import Shown
from memory.context import Finding, Subject

_SURE = 0.4


def screen_findings(
    screen: ScreenReading, view: Shown, picture: AssetRef, source: str
) -> tuple[list[Finding], tuple[str, ...]]:
    """The controls as one finding, and the words among them that pose as orders.

    Args:
        screen: what the model read.
        view: how it saw the picture.
        picture: the picture.
        source: the model, as findings name it.
    """
    orders = orders_in(text for one in screen.controls for text in (one.name, one.value))
    fine = [one for one in screen.controls if not orders_in((one.name, one.value))]
    controls: list[JsonValue] = [_control(one, view) for one in fine]
    found = Finding.make(
        Subject(kind="asset", id=picture.id),
        "seen.controls",
        controls,
        unit="",
        evidence="seen",
        source=source,
        method=f"places in pixels of the picture, ± {max(1.0, *view.step):.2g}",
        confidence=_SURE,
    )
    return [found], orders


def _control(one: Control, view: Shown) -> JsonValue:
    """A control with the pixels of the picture that it takes: left, top, right, bottom."""
    corners = (view.pixel_of(one.x1, one.y1), view.pixel_of(one.x2, one.y2))
    across = sorted(min(max(at.x, 0.0), view.width) for at in corners)
    down = sorted(min(max(at.y, 0.0), view.height) for at in corners)
    box: list[JsonValue] = [round(at, 1) for at in (across[0], down[0], across[1], down[1])]
    return {"name": plain(one.name), "kind": one.kind, "value": plain(one.value), "box": box}
