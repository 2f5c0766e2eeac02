import io
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image, ImageDraw

from audio.picture_reading import read_picture
from audio.pictures import draw_spectrogram, draw_waveform
from grym_synth.errors import MediaRejected

RATE = 22050


def _save(folder: Path, picture: Image.Image, name: str = "picture.png") -> Path:
    path = folder / name
    picture.save(path)
    return path


def _song(folder: Path) -> Path:
    path = folder / "song.wav"
    random = np.random.default_rng(5)
    seconds = np.arange(20 * RATE) / RATE
    beat = np.exp(-6 * (seconds % 0.5)) * random.normal(0, 0.3, len(seconds))
    soundfile.write(path, beat + 0.2 * np.sin(2 * np.pi * 330 * seconds), RATE)
    return path


def _score() -> Image.Image:
    page = Image.new("L", (900, 500), 255)
    pen = ImageDraw.Draw(page)
    for top in (80, 230, 380):
        for line in range(5):
            pen.line((40, top + 10 * line, 860, top + 10 * line), fill=60)
        for x in range(80, 840, 45):
            y = top + 5 * (x // 45 % 8)
            pen.ellipse((x, y, x + 12, y + 9), fill=0)
            pen.line((x + 12, y + 4, x + 12, y - 28), fill=0, width=2)
    return page


def _dialog() -> Image.Image:
    window = Image.new("RGB", (640, 400), (52, 54, 60))
    pen = ImageDraw.Draw(window)
    for row in range(6):
        for column in range(5):
            x, y = 30 + 120 * column, 30 + 60 * row
            pen.rounded_rectangle((x, y, x + 90, y + 36), 8, fill=(80, 90, 110))
            pen.text((x + 12, y + 10), f"Gain {row}.{column}", fill=(220, 220, 225))
    return window


def test_size_mode_and_main_colours_are_read(tmp_path: Path) -> None:
    flag = Image.new("RGB", (300, 200), (200, 20, 30))
    flag.paste((250, 250, 250), (0, 100, 300, 170))
    flag.paste((20, 40, 160), (0, 170, 300, 200))
    reading = read_picture(_save(tmp_path, flag))
    assert (reading.width, reading.height, reading.mode) == (300, 200, "RGB")
    assert [(one.name, one.hex) for one in reading.palette] == [
        ("red", "#c8141e"),
        ("white", "#fafafa"),
        ("blue", "#1428a0"),
    ]
    assert [one.share for one in reading.palette] == pytest.approx([0.5, 0.35, 0.15], abs=0.02)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_usual_mode_is_read(tmp_path: Path, mode: str) -> None:
    grey = Image.new("L", (64, 64), 255)
    picture = Image.new("I;16", (64, 64)) if mode == "I;16" else grey.convert(mode)
    reading = read_picture(_save(tmp_path, picture))
    assert reading.mode == mode
    assert len(reading.palette) == 1


def test_a_clear_background_counts_as_white(tmp_path: Path) -> None:
    reading = read_picture(_save(tmp_path, Image.new("RGBA", (64, 64), (0, 0, 0, 0))))
    assert [one.name for one in reading.palette] == ["white"]


def test_our_own_plot_is_known_by_its_axes(tmp_path: Path) -> None:
    picture = draw_spectrogram(_song(tmp_path), "song", "log")
    path = tmp_path / "own.png"
    path.write_bytes(picture.png)
    assert read_picture(path).axes == picture.axes


def test_our_own_plots_are_guessed_when_their_axes_are_lost(tmp_path: Path) -> None:
    song = _song(tmp_path)
    for draw, kind in ((draw_spectrogram, "spectrogram"), (draw_waveform, "waveform")):
        bare = Image.open(io.BytesIO(draw(song, "song").png)).convert("RGB")
        reading = read_picture(_save(tmp_path, bare))
        assert reading.axes is None
        assert (reading.guess.kind, reading.guess.confidence <= 0.6) == (kind, True)


def test_a_score_a_dialog_and_a_photo_are_told_apart(tmp_path: Path) -> None:
    random = np.random.default_rng(2)
    soft = Image.fromarray(random.integers(0, 256, (12, 16, 3), dtype=np.uint8)).resize((640, 480))
    grain = np.asarray(soft).astype(int) + random.integers(-9, 10, (480, 640, 3))
    photo = Image.fromarray(np.clip(grain, 0, 255).astype(np.uint8))
    for picture, kind in ((_score(), "score"), (_dialog(), "screenshot"), (photo, "photo")):
        assert read_picture(_save(tmp_path, picture)).guess.kind == kind


def test_a_blank_or_tiny_picture_is_not_guessed_at(tmp_path: Path) -> None:
    for size in ((500, 400), (8, 8), (1, 1)):
        guess = read_picture(_save(tmp_path, Image.new("RGB", size, "white"))).guess
        assert (guess.kind, guess.confidence) == ("unknown", 0.0)


def test_what_is_no_picture_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "broken.png"
    _save(tmp_path, _dialog())
    path.write_bytes((tmp_path / "picture.png").read_bytes()[:900])
    with pytest.raises(MediaRejected, match=r"broken\.png"):
        read_picture(path)


def test_real_pictures_are_mostly_guessed_right(recordings: Path) -> None:
    truths = [
        *((path, "score") for path in sorted((recordings / "scores").glob("wir_[01]*.png"))),
        *((path, "screenshot") for path in sorted((recordings / "images").glob("ui_lsp_s*.png"))),
        *((path, "spectrogram") for path in sorted((recordings / "images").glob("spec_*.png"))),
    ]
    right = [read_picture(path).guess.kind == kind for path, kind in truths]
    assert len(right) > 5 and sum(right) >= 0.9 * len(right)
