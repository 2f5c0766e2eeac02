import io

import numpy as np
import pytest
import soundfile
from PIL import Image

from tests.integration.web.process import RATE_HZ, Page, tone


def hum(seconds: float = 12.0) -> bytes:
    """Noise over a hum of 50 Hz and its harmonics."""
    times = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    lines = sum(0.05 / n * np.sin(2 * np.pi * 50 * n * times) for n in range(1, 8))
    noise = 0.01 * np.random.default_rng(3).normal(size=len(times))
    content = io.BytesIO()
    soundfile.write(content, lines + noise, RATE_HZ, format="WAV")
    return content.getvalue()


def test_the_waveform_is_that_of_the_sound(page: Page) -> None:
    times = np.arange(2 * RATE_HZ) / RATE_HZ
    content = io.BytesIO()
    left = 0.5 * np.sin(2 * np.pi * 100 * times) * (times >= 1)
    soundfile.write(content, np.stack([left, left], axis=1), RATE_HZ, format="WAV")
    sent = page.upload(content.getvalue()).json()
    told = page.http.get(f"{page.project}/assets/{sent['id']}/peaks", params={"points": 4}).json()
    many = page.http.get(f"{page.project}/assets/{sent['id']}/peaks", params={"points": 10**9})

    assert told["seconds"] == pytest.approx(2.0)
    assert told["peaks"][:2] == [[0, 0], [0, 0]]
    assert np.array(told["peaks"][2:]) == pytest.approx(np.array([[-0.5, 0.5]] * 2), abs=0.01)
    assert many.status_code == 400


def test_findings_lie_at_their_place_in_the_spectrogram(page: Page) -> None:
    sent = page.upload(hum()).json()
    page.to_the_end(page.ask("Is there hum in this recording?", [sent["id"]]))
    told = page.http.get(f"{page.project}/assets/{sent['id']}/spectrogram").json()
    picture = Image.open(io.BytesIO(page.http.get(told["url"]).content)).convert("L")
    (mark,) = [one for one in told["marks"] if one["aspect"] == "hum.hz"]

    plot, box = told["plot"], mark["box"]
    row = round(box["top"] + box["height"] / 2)
    pixels = np.asarray(picture)[:, plot["left"] : plot["left"] + plot["width"]].mean(axis=1)
    assert picture.size == (told["picture"]["width"], told["picture"]["height"])
    assert (told["seconds"], mark["low"]) == ([0.0, 12.0], pytest.approx(50.0, abs=1.0))
    assert (box["left"], box["width"]) == (plot["left"], plot["width"])
    assert pixels[row - 3 : row + 4].max() > pixels[plot["top"] : row - 60].max()


def test_a_stretch_of_a_spectrogram_shows_that_stretch(page: Page) -> None:
    sent = page.upload(hum()).json()
    path = f"{page.project}/assets/{sent['id']}/spectrogram"
    told = page.http.get(path, params={"from": 3, "to": 6}).json()
    outside = page.http.get(path, params={"from": 99})
    nonsense = page.http.get(path, params={"from": "soon"})

    assert told["seconds"][0] <= 3 and 6 <= told["seconds"][1] <= 7
    assert page.http.get(told["url"]).headers["content-type"] == "image/png"
    assert (outside.status_code, nonsense.status_code) == (400, 400)


def test_two_sounds_are_brought_to_the_loudness_of_the_quieter_one(page: Page) -> None:
    loud, quiet = (page.upload(tone(1000, level=level)).json() for level in (0.4, 0.1))
    silent = page.upload(tone(level=0.0)).json()
    compare = f"{page.project}/compare"
    told = page.http.get(compare, params={"a": loud["id"], "b": quiet["id"]}).json()
    mute = page.http.get(compare, params={"a": loud["id"], "b": silent["id"]}).json()
    text = page.upload(b"words", "a.txt").json()
    wrong = page.http.get(compare, params={"a": loud["id"], "b": text["id"]})

    assert told["a"]["gain_db"] == pytest.approx(-12.04, abs=0.05)
    assert told["b"]["gain_db"] == 0
    assert told["a"]["lufs"] + told["a"]["gain_db"] == pytest.approx(told["b"]["lufs"], abs=0.02)
    assert (mute["b"]["lufs"], mute["a"]["gain_db"]) == (None, 0)
    assert wrong.status_code == 400
