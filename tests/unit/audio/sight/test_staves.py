import json
import os
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from audio.sight.staff_steps import degree_of, note_at, step_in_words
from audio.sight.systems import find_systems, place_on

SPACE = 12


def page(bars: int = 3, staves: int = 1, systems: int = 2) -> Image.Image:
    """A drawn page: staves of 600 pixels, bars of equal width, some heads with stems in each."""
    sheet = Image.new("L", (700, 60 + systems * (staves * 110 + 40)), 255)
    draw = ImageDraw.Draw(sheet)
    for system in range(systems):
        tops = [50 + system * (staves * 110 + 40) + staff * 110 for staff in range(staves)]
        for top in tops:
            for line in range(5):
                draw.line((50, top + line * SPACE, 650, top + line * SPACE), fill=60)
            for bar in range(bars + 1):
                x = 50 + bar * 600 // bars
                draw.line((x, top, x, top + 4 * SPACE), fill=0, width=2)
            for head in range(2 * bars):
                x, step = 50 + (2 * head + 1) * 300 // (2 * bars), head % 9
                y = top + 4 * SPACE - step * SPACE / 2
                draw.ellipse((x - 7, y - 5, x + 7, y + 5), fill=0)
                draw.line((x + 6, y, x + 6, y - 3.5 * SPACE), fill=0, width=2)
        if staves > 1:
            draw.line((50, tops[0], 50, tops[-1] + 4 * SPACE), fill=0, width=2)
    return sheet


@pytest.mark.parametrize(("bars", "staves", "systems"), [(3, 1, 2), (4, 2, 2), (5, 4, 1)])
def test_staves_and_bars_of_a_page_are_found(bars: int, staves: int, systems: int) -> None:
    found = find_systems(page(bars, staves, systems))

    assert [len(one.staves) for one in found] == [staves] * systems
    assert [one.bars for one in found] == [bars] * systems
    assert [one.first_bar for one in found] == [1 + bars * at for at in range(systems)]


def test_a_place_on_the_page_is_a_bar_a_staff_and_a_step() -> None:
    found = find_systems(page(3, 2, 2))
    second = 50 + 2 * 110 + 40  # the first staff of the second system

    for step in range(-2, 11):
        y = second + 110 + 4 * SPACE - step * SPACE / 2
        place = place_on(found, 50 + 250, y)
        assert place is not None
        assert (place.bar, place.staff) == (5, 2)
        assert place.step == pytest.approx(step, abs=0.25)


@pytest.mark.parametrize(("x", "y"), [(10, 60), (690, 60), (300, 5000)])
def test_a_place_beside_the_staves_is_none(x: int, y: int) -> None:
    assert place_on(find_systems(page()), x, y) is None


def test_a_picture_without_staves_has_none() -> None:
    ruled = Image.new("L", (600, 400), 255)
    for row in range(20, 380, 20):
        ImageDraw.Draw(ruled).line((0, row, 300 + row % 40 * 8, row), fill=0)

    assert find_systems(Image.new("RGB", (300, 200), "white")) == []
    assert find_systems(Image.linear_gradient("L")) == []
    assert place_on(find_systems(ruled.crop((0, 0, 600, 70))), 50, 50) is None


@pytest.mark.parametrize(
    ("step", "words"),
    [(0, "line 1"), (8.2, "line 5"), (1, "space 1"), (6.9, "space 4"),
     (-1, "1 step below the staff"), (10, "2 steps above the staff")],
)  # fmt: skip
def test_steps_are_told_as_lines_and_spaces(step: float, words: str) -> None:
    assert step_in_words(step) == words


@pytest.mark.parametrize("pitch", ["C4", "G2", "B5", "E-1"])
def test_a_degree_is_a_white_key(pitch: str) -> None:
    assert note_at(degree_of(pitch)) == pitch
    sharp = f"{pitch[0]}#{pitch[1:]}"
    assert degree_of(sharp) == degree_of(pitch)


def test_bars_of_engraved_pages_are_counted() -> None:
    material = os.environ.get("GRYM_TEST_DATA")
    if material is None:
        pytest.skip("GRYM_TEST_DATA names no folder of material")
    truth = json.loads(Path(material, "scores", "scores.json").read_text(encoding="utf-8"))
    counted = {
        name: (sum(one.bars for one in find_systems(Image.open(path))), told["measures"])
        for name, told in truth.items()
        if (path := Path(material, "scores", name)).suffix == ".png" and path.exists()
    }
    right = [name for name, (found, known) in counted.items() if found == known]

    assert len(right) >= 0.9 * len(counted), counted
