"""A headless Chromium for the browser tests, and pages written where it can open them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = Path("/usr/bin/chromium")
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        missing = "Chromium is not installed: run `make browser`"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(_FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[str], str]:
    """Return a function that writes a page and gives its address."""

    def save(html: str) -> str:
        file = tmp_path / "report.en.html"
        file.write_text(html, encoding="utf-8")
        return file.as_uri()

    return save


@pytest.fixture
def opened(chromium, saved):
    """Return a function that opens a page and gives it with all that it complained about."""
    contexts = []

    def open_page(html, **options):
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.requested = []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (page.complaints.append("dialog"), dialog.dismiss()))
        page.on("request", lambda request: page.requested.append(request.url))
        page.goto(saved(html))
        return page

    yield open_page
    for context in contexts:
        context.close()
