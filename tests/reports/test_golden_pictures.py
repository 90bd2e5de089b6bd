"""The first screen of the invented audit as a picture: what moves or changes colour is seen.

Two renderings differ a little where fonts are smoothed, so that a picture is compared in blocks and
small differences pass. After a wanted change:
REFRESH_GOLDEN=1 .venv/bin/python -m pytest tests/reports/test_golden_pictures.py
"""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from reports.render import render_page
from tests.reports.sample_audit import sample_result

pytestmark = pytest.mark.browser

GOLDEN = Path(__file__).with_name("golden")
#: Pixels of a block, and how far the mean of one may lie from the stored one, of 255.
BLOCK = 8
TOLERATED = 24
#: Share of the blocks that may differ more: single letters that another font draws otherwise.
FEW = 0.01
VIEWS = [
    ("en", "light", 1280),
    ("fr", "dark", 1280),
    ("fr", "light", 320),
]


def blocks(picture):
    """Return the mean grey of each block."""
    grey = np.asarray(picture.convert("L"), dtype=np.float64)
    height, width = (side // BLOCK * BLOCK for side in grey.shape)
    cut = grey[:height, :width].reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK)
    return cut.mean(axis=(1, 3))


def difference(one, other):
    """Return the share of blocks that differ; all of them where the sizes do."""
    if one.size != other.size:
        return 1.0
    return float((np.abs(blocks(one) - blocks(other)) > TOLERATED).mean())


@pytest.fixture
def pictured(chromium, saved, tmp_path):
    """Return a function that gives the first 900 pixels of a page as a picture."""

    def take(html, scheme, width):
        page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page.goto(saved(html))
        file = tmp_path / "now.png"
        page.screenshot(path=str(file))
        page.close()
        return Image.open(file)

    return take


@pytest.mark.parametrize(("language", "scheme", "width"), VIEWS)
def test_the_first_screen_looks_as_it_was_agreed(pictured, language, scheme, width):
    found = pictured(render_page(sample_result(), language), scheme, width)
    file = GOLDEN / f"first.{language}.{scheme}.{width}.png"
    if os.environ.get("REFRESH_GOLDEN"):
        found.convert("P", palette=Image.Palette.ADAPTIVE, colors=64).save(file, optimize=True)
    assert difference(found, Image.open(file)) <= FEW


@pytest.mark.parametrize(
    "change",
    [
        ("--bad: #b42318", "--bad: #1a7f37; --card: #b42318"),
        ("padding: 1.5rem clamp", "padding: 4rem clamp"),
        (".tiles { display: grid;", ".tiles { display: none;"),
    ],
)
def test_a_page_that_moved_or_changed_colour_does_not_pass(pictured, change):
    right = render_page(sample_result(), "en")
    # Without its policy, which names the style that belongs to the page.
    free = right.replace("Content-Security-Policy", "was")
    assert change[0] in free
    wrong = pictured(free.replace(*change), "light", 1280)
    assert difference(wrong, Image.open(GOLDEN / "first.en.light.1280.png")) > FEW
