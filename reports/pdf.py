"""The page on paper: printed by a browser that is installed, so that it is the same page."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from datetime import date
from pathlib import Path

from connectors.errors import ConfigurationError, OutputError

#: Chromium and its kin, under the names that systems give them.
_BROWSERS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "microsoft-edge-stable", "msedge"),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
_FLAGS = (
    *("--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--no-pdf-header-footer"),
    "--generate-pdf-document-outline",
)
_LONGEST_SECONDS = 120
#: Links to files beside the page: a PDF would keep them with the path of a folder of ours.
_BESIDE = re.compile(r'<a href="(?!#|https:)[^"]*"')
#: The browser numbers the cells of tables after whatever else it had numbered before.
_CELL = re.compile(rb"\(node(\d{8})\)")
_MADE = re.compile(rb"(/(?:CreationDate|ModDate) \(D:)\d{14}\+00'00'")


def find_browser() -> str:
    """Return the program of an installed browser that can print a page.

    Raises:
        ConfigurationError: If there is none.
    """
    found = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise ConfigurationError(
            "no PDF was written: no Chromium, Chrome or Edge was found",
            next_step="Install one, or open the page in any browser and print it to a PDF.",
        )
    return found


def write_pdf(browser: str, page: Path, pdf: Path, *, as_of: date) -> None:
    """Print a page; the same page gives the same bytes with the same browser.

    Args:
        browser: A program that :func:`find_browser` found.
        page: A page that :func:`reports.render.render_page` made.
        pdf: The file to write.
        as_of: Day of the audit, which becomes that of the file.

    Raises:
        OutputError: If the browser does not print it.
    """
    with tempfile.TemporaryDirectory(prefix="auditor-", ignore_cleanup_errors=True) as folder:
        copy, printed = Path(folder) / "printed.html", Path(folder) / "printed.pdf"
        copy.write_text(_BESIDE.sub("<a", page.read_text("utf-8")), encoding="utf-8")
        _print(browser, copy, printed, Path(folder))
        day = as_of.strftime("%Y%m%d").encode()
        dated = _MADE.sub(rb"\g<1>" + day + b"000000+00'00'", printed.read_bytes())
        pdf.write_bytes(numbered_anew(dated))


def numbered_anew(printed: bytes) -> bytes:
    """Return a PDF with the cells of its tables numbered from 1, in the order that they had."""
    numbers = {number: at for at, number in enumerate(sorted(set(_CELL.findall(printed))), 1)}
    return _CELL.sub(lambda cell: b"(node%08d)" % numbers[cell[1]], printed)


def _print(browser: str, page: Path, printed: Path, folder: Path) -> None:
    # A browser that root starts has no sandbox to start in; the page runs our own script alone.
    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    command = [browser, *_FLAGS, *sandbox, f"--user-data-dir={folder / 'profile'}"]
    command += [f"--print-to-pdf={printed}", page.absolute().as_uri()]
    try:
        subprocess.run(  # noqa: S603 - a program found by its name, on a page of our own
            command, check=True, capture_output=True, timeout=_LONGEST_SECONDS
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise _not_printed(browser) from error
    if not printed.is_file():
        raise _not_printed(browser)


def _not_printed(browser: str) -> OutputError:
    return OutputError(
        "no PDF was written: the browser did not print the page",
        where=browser,
        next_step="Start it once to see whether it runs, or print the page from it by hand.",
    )
