"""Opening the file of a history: its lock, its version, and what may be wrong with it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EACCES, EISDIR, EROFS
from importlib import resources
from pathlib import Path

from auditor.output import writing_to
from connectors.errors import AuditorError, ConfigurationError, InputError, OutputError

#: Written into the head of the file, so that no other program's database is taken for ours.
APPLICATION = 0x43524D41

#: Seconds that a commit waits for readers, and a reader for a commit.
_PATIENCE = 30

_DAMAGED = ("malformed", "not a database", "corrupt")


def migrations() -> list[str]:
    """Return the statements that lead from each version to the next, the first from nothing."""
    folder = resources.files("auditor.history") / "migrations"
    files = sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql"))
    return [(folder / name).read_text("utf-8") for name in files]


def connect(file: Path, *, create: bool) -> sqlite3.Connection:
    """Open the file; transactions begin and end where the caller says so."""
    if not create and not file.exists():
        raise ConfigurationError(
            "there is no history here",
            where=str(file),
            next_step="Name the file that auditor audit --history keeps.",
        )
    if create:
        with writing_to(file, "--history"):
            _require_place(file)
    # Also a reader may have to roll back what a killed writer left.
    mode = "rwc" if create else "rw" if os.access(file, os.W_OK) else "ro"
    return sqlite3.connect(
        f"{file.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=_PATIENCE,
        isolation_level=None,
    )


def prepare(connection: sqlite3.Connection, file: Path, *, to_write: bool = True) -> None:
    """Take hold of the file if it is to be written, and bring it to the present version."""
    connection.execute("pragma foreign_keys = on")
    if to_write:
        connection.execute("pragma busy_timeout = 0")  # another audit may take an hour
        connection.execute("begin immediate")
        connection.execute(f"pragma busy_timeout = {1000 * _PATIENCE}")
    ((application,),) = connection.execute("pragma application_id")
    ((version,),) = connection.execute("pragma user_version")
    ((tables,),) = connection.execute("select count(*) from sqlite_master")
    if tables and application != APPLICATION:
        raise _no_history(file)
    known = migrations()
    if version > len(known):
        raise InputError(
            "a newer version of auditor keeps this history (form {found}, this one knows {known})",
            where=str(file),
            next_step="Use that version, or name another file with --history.",
            found=version,
            known=len(known),
        )
    ((sound,),) = connection.execute("pragma quick_check(1)")
    if sound != "ok":
        raise _damaged(file)
    if not to_write:
        return
    for number, statements in enumerate(known[version:], start=version + 1):
        for statement in _single(statements):
            connection.execute(statement)
        connection.execute(f"pragma user_version = {number}")
    connection.execute(f"pragma application_id = {APPLICATION}")


@contextmanager
def asking(file: Path) -> Iterator[None]:
    """Turn what SQLite says about a history into one sentence with the next step."""
    try:
        yield
    except sqlite3.Error as error:
        raise _worded(file, str(error).lower()) from error


def _worded(file: Path, said: str) -> AuditorError:
    if "locked" in said:
        return OutputError(
            "another audit is writing this history",
            where=str(file),
            next_step="Wait until it is done, then run this one again.",
        )
    if any(word in said for word in _DAMAGED):
        return _damaged(file) if "not a database" not in said else _no_history(file)
    if "readonly" in said or "unable to open" in said:
        return OutputError(
            "it cannot be written: permission is missing",
            where=str(file),
            next_step="Choose another place with {option}.",
            option="--history",
        )
    return OutputError(
        "it cannot be written",
        where=str(file),
        next_step="Free some room, or choose another place with {option}.",
        option="--history",
    )


def _no_history(file: Path) -> InputError:
    return InputError(
        "this is not a history of auditor",
        where=str(file),
        next_step="Name the file that auditor audit --history keeps, or one that does not exist.",
    )


def _damaged(file: Path) -> InputError:
    return InputError(
        "this history is damaged",
        where=str(file),
        next_step="Put back a copy of it; the file was left as it is.",
    )


def _require_place(file: Path) -> None:
    """Refuse before any work is done what could not be written in the end."""
    folder = file.absolute().parent
    folder.mkdir(parents=True, exist_ok=True)
    if file.is_dir():
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR), str(file))
    if not os.access(folder, os.W_OK | os.X_OK) or (file.exists() and not os.access(file, os.W_OK)):
        read_only = os.statvfs(folder).f_flag & os.ST_RDONLY
        number = EROFS if read_only else EACCES
        raise OSError(number, os.strerror(number), str(file))


def _single(statements: str) -> Iterator[str]:
    """Yield the statements of a migration one by one: a script would end the transaction."""
    pending = ""
    for line in statements.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
