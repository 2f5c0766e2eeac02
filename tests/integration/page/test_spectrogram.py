import io
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import expect

from tests.integration.page.conftest import Opened
from tests.integration.web.process import tone

HERTZ = 1000.0
NEAR_PX = 5
EDGE_PX = 3


def test_a_tone_lies_at_its_frequency_and_zooming_draws_it_anew(
    opened: Opened, tmp_path: Path
) -> None:
    path = tmp_path / "tone.wav"
    path.write_bytes(tone(HERTZ, 4.0))
    window = opened()
    window.attach(path)
    window.ask("How loud is it?")
    window.ended()
    view = window.tab.locator(".spectrogram-view")
    first = view.get_by_role("img")
    expect(first).to_have_js_property("complete", True)
    whole = first.get_attribute("src")

    for _ in range(2):
        place, label = view.bounding_box(), view.get_by_text("1k", exact=True).bounding_box()
        assert place and label
        picture = np.asarray(Image.open(io.BytesIO(view.screenshot())).convert("L"), np.float64)
        inner = picture[EDGE_PX:-EDGE_PX, picture.shape[1] // 3 :]
        brightest = EDGE_PX + int(inner.mean(axis=1).argmax())
        wanted = label["y"] + label["height"] / 2 - place["y"]
        assert abs(brightest - wanted) <= NEAR_PX
        window.button("Zoom in").click()
        expect(first).not_to_have_attribute("src", str(whole))
        expect(first).to_have_js_property("complete", True)
