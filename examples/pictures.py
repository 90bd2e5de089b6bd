"""Take the pictures of the report that the documentation shows: ``make pictures``.

They are the report on the bundled English company, taken with the installed Chromium; its French
first screen stands beside the English one. Look at them before they are committed.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from examples.generate import HERE

PICTURES = HERE.parent / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"

#: Few colours are enough for a page of text, and keep the files small.
_COLOURS = 128

#: Pixels around the part.
_MARGIN = 20


@dataclass(frozen=True)
class Picture:
    """A part of a page.

    Attributes:
        name: File name, without its suffix.
        language: Of the page.
        part: CSS selector of the element that is shown.
        width: Of the window, in CSS pixels.
        scheme: Of the colours.
    """

    name: str
    language: str
    part: str
    width: int = 1280
    scheme: Literal["light", "dark"] = "light"


SHOWN = (
    Picture("first-screen", "en", ".first-screen"),
    Picture("first-screen-narrow", "fr", ".first-screen", width=390),
    Picture("rhythm", "en", "#rhythm", scheme="dark"),
    Picture("check", "en", "article.check.present"),
)


def main() -> None:
    """Audit the example and take every picture."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        audit: list[str | Path] = [
            Path(sys.executable).parent / "auditor",
            "audit",
            HERE / "harrowgate-lift",
        ]
        subprocess.run([*audit, "--out", folder], check=True, capture_output=True)  # noqa: S603
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for picture in SHOWN:
            _take(browser, picture, Path(folder) / f"report.{picture.language}.html")


def _take(browser: Browser, picture: Picture, page: Path) -> None:
    view = {"width": picture.width, "height": 900}
    opened = browser.new_page(viewport=view, color_scheme=picture.scheme)  # type: ignore[arg-type]
    opened.goto(page.as_uri())
    box = opened.locator(picture.part).first.bounding_box()
    if box is None:
        raise LookupError(f"the page shows no {picture.part}")
    left, top = max(0, box["x"] - _MARGIN), max(0, box["y"] - _MARGIN)
    around = {
        "x": left,
        "y": top,
        "width": box["x"] + box["width"] + _MARGIN - left,
        "height": box["y"] + box["height"] + _MARGIN - top,
    }
    taken = opened.screenshot(full_page=True, clip=around)  # type: ignore[arg-type]
    opened.close()
    image = Image.open(io.BytesIO(taken)).convert("RGB").quantize(_COLOURS)
    image.save(PICTURES / f"{picture.name}.png", optimize=True)


if __name__ == "__main__":
    main()
