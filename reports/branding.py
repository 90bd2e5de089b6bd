"""The name, logo and colour of whoever signs a report, as far as they are safe and legible."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.errors import ConfigurationError
from reports.record_text import cell_text

#: A logo of this size costs a tenth of the page.
LARGEST_LOGO = 100_000
#: Text of normal size needs this much (WCAG 2.2, 1.4.3).
LEAST_CONTRAST = 4.5

_SIGNATURES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}
_LOGO = re.compile(r"data:image/(?:png|jpeg);base64,[A-Za-z0-9+/]+={0,2}")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
#: The lighter and darker grounds of ``styles/page.css``, on which links and marks stand.
_GROUNDS = {"light": ("#ffffff", "#f6f8fa"), "dark": ("#0f1419", "#161b22")}


@dataclass(frozen=True)
class Brand:
    """How a page shows who signs it; what is missing stays as it is without a brand.

    Attributes:
        logo: A data URI.
        accent: Colour of links in the light theme, ``#rrggbb``.
        accent_dark: The same in the dark theme.
    """

    name: str = ""
    logo: str | None = None
    accent: str | None = None
    accent_dark: str | None = None
    footer: str = ""


def brand_of(parameters: Mapping[str, Any]) -> Brand:
    """Return the brand that a result names; a result may come from anywhere, so unsafe parts go."""
    given = parameters.get("brand")
    if not isinstance(given, Mapping):
        return Brand()
    logo = str(given.get("logo") or "")
    fits = len(logo) <= 2 * LARGEST_LOGO and _LOGO.fullmatch(logo)
    return Brand(
        name=cell_text(given.get("name") or "", 80),
        logo=logo if fits else None,
        accent=_legible(given.get("accent"), "light"),
        accent_dark=_legible(given.get("accent_dark"), "dark"),
        footer=cell_text(given.get("footer") or "", 300),
    )


def accent_css(brand: Brand) -> str:
    """Return the style that colours a page; nothing without a colour. Paper stays black."""
    themes = (("light", brand.accent), ("dark", brand.accent_dark))
    return "".join(
        f"@media screen and (prefers-color-scheme: {theme}) {{ :root {{ --accent: {colour}; }} }}\n"
        for theme, colour in themes
        if colour
    )


def read_logo(file: Path) -> str:
    """Return a picture as a data URI.

    SVG is refused: it is a program as much as a picture.

    Raises:
        ConfigurationError: If the file is no PNG or JPEG of a reasonable size.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            "the file cannot be read",
            where=str(file),
            next_step="Check that it exists and that you may read it.",
        ) from error
    kind = next((name for start, name in _SIGNATURES.items() if content.startswith(start)), None)
    if kind is None:
        raise ConfigurationError(
            "the logo is no PNG or JPEG picture",
            where=str(file),
            next_step="Save it as PNG; SVG is not taken, because it can hold scripts.",
        )
    if len(content) > LARGEST_LOGO:
        raise ConfigurationError(
            "the logo has {size} bytes, more than {limit}",
            where=str(file),
            next_step="Save it smaller: 400 pixels are wide enough.",
            size=len(content),
            limit=LARGEST_LOGO,
        )
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def accents(light: str | None, dark: str | None) -> tuple[str | None, str | None]:
    """Return the accent colours of both themes; the dark one follows the light one.

    Raises:
        ConfigurationError: If a colour cannot be read, or text in it could not be.
    """
    if light is None and dark is None:
        return None, None
    if light is not None:
        _check(light, "light")
    if dark is not None:
        _check(dark, "dark")
    elif light is not None:
        dark = _lightened(light)
    return light, dark


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _check(colour: str, theme: str) -> None:
    if not _COLOUR.fullmatch(colour):
        raise ConfigurationError(
            "{colour} is no colour",
            next_step="Write six hexadecimal digits after a #, such as #0b5cad.",
            colour=colour,
        )
    found = _least_contrast(colour, theme)
    if found >= LEAST_CONTRAST:
        return
    facts = {"colour": colour, "found": f"{found:.1f}"}
    if theme == "light":
        raise ConfigurationError(
            "the accent colour {colour} has a contrast of {found}:1 on a light page, too little",
            next_step="Choose a darker one: links need 4.5:1.",
            **facts,
        )
    raise ConfigurationError(
        "the accent colour {colour} has a contrast of {found}:1 on a dark page, too little",
        next_step="Choose a lighter one: links need 4.5:1.",
        **facts,
    )


def _legible(colour: object, theme: str) -> str | None:
    text = str(colour or "")
    fits = _COLOUR.fullmatch(text) and _least_contrast(text, theme) >= LEAST_CONTRAST
    return text if fits else None


def _least_contrast(colour: str, theme: str) -> float:
    return min(contrast(colour, ground) for ground in _GROUNDS[theme])


def _lightened(colour: str) -> str:
    """Mix a colour with white, a twentieth at a time, until it can be read on a dark page."""
    for parts in range(21):
        mixed = "#" + "".join(
            f"{round(value + (255 - value) * parts / 20):02x}" for value in _channels(colour)
        )
        if _least_contrast(mixed, "dark") >= LEAST_CONTRAST:
            return mixed
    return "#ffffff"


def _luminance(colour: str) -> float:
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in _channels(colour))
    ]
    red, green, blue = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
