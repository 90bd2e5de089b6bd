"""Where pulls are kept: one folder a source, in it one folder a pull, named by its day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from connectors.errors import InputError, OutputError
from connectors.http.pages import HEADER, PageStore

#: Services forget where a pull was after some days, and records change meanwhile.
GOES_ON_FOR = timedelta(days=2)


def is_pull(folder: Path) -> bool:
    """Return whether a folder holds a pull."""
    try:
        return (folder / HEADER).is_file()
    except OSError:  # a folder that may not be read is said by who reads it
        return False


def opened(folder: Path, header: Mapping[str, Any], now: datetime) -> PageStore:
    """Return the pull that was not finished, or a new one.

    Args:
        folder: Where pulls of the source are kept.
        header: What a pull must agree with to be gone on with.
        now: Present moment.

    Raises:
        OutputError: If nothing can be written there.
    """
    try:
        for store in reversed(stores(folder)):
            same = header.items() <= store.header.items()
            begun = datetime.fromisoformat(store.header["started"])
            if same and not store.header["finished"] and now - begun < GOES_ON_FOR:
                return store
        started = {**header, "started": now.isoformat(timespec="seconds"), "finished": ""}
        return PageStore.create(_free(folder, f"{now:%Y-%m-%d}"), started)
    except OSError as error:
        raise OutputError(
            "what is pulled cannot be written here",
            where=str(folder),
            next_step="Free some room, or name another folder under pulls: in auditor.yaml.",
        ) from error


def stores(folder: Path) -> list[PageStore]:
    """Return the pulls of a source, oldest first; a folder that is broken is left alone."""
    found = []
    for each in sorted(folder.iterdir()) if folder.is_dir() else []:
        try:
            found.append(PageStore(each))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return sorted(found, key=lambda store: str(store.header.get("started", "")))


def finished(folder: Path) -> PageStore:
    """Return a pull that is complete, to be read without a network.

    Raises:
        InputError: If it is not, or was changed since.
    """
    try:
        store = PageStore(folder)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            "this folder of a pull cannot be read", where=folder.name, next_step="Pull again."
        ) from error
    if not store.header.get("finished"):
        raise InputError(
            "this pull was not finished",
            where=folder.name,
            next_step="Run the same command again to go on with it.",
        )
    damaged = store.damaged()
    if damaged:
        raise InputError(
            "{file} is not as it was pulled",
            where=folder.name,
            next_step="Pull again: a changed page is not audited.",
            file=damaged[0].file,
        )
    return store


def _free(folder: Path, day: str) -> Path:
    """Return the first name of the day that is not taken."""
    number = 1
    while (target := folder / (day if number == 1 else f"{day}-{number}")).exists():
        number += 1
    return target
