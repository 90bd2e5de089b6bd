"""How soon a reader sees a page: its first contentful paint in a headless Chromium."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import sync_playwright

_RUNS = 7
_FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
_CHROMIUM = "/usr/bin/chromium"
_PAINTED = """() => new Promise(done => {
  const look = () => {
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    paint ? done(paint.startTime) : setTimeout(look, 20);
  };
  look();
})"""


def first_paints(page: Path) -> list[float]:
    """Open a page seven times, each time in a fresh window, and return the seconds of each."""
    seconds = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=list(_FLAGS))
        for _ in range(_RUNS):
            window = browser.new_context(viewport={"width": 1280, "height": 900})
            tab = window.new_page()
            tab.goto(page.resolve().as_uri())
            seconds.append(float(tab.evaluate(_PAINTED)) / 1000)
            window.close()
        browser.close()
    return seconds
