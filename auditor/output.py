"""The output folder: written beside, then renamed into place, so that no run is left half.

Everything is made in a hidden folder on the same file system. When all of it is there, each
file replaces its predecessor; ``result.json`` comes last, so that it always describes files
that exist. A run that fails or is stopped leaves the output folder as it was.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from errno import (
    EACCES,
    EDQUOT,
    EEXIST,
    EISDIR,
    ENAMETOOLONG,
    ENOENT,
    ENOSPC,
    ENOTDIR,
    EPERM,
    EROFS,
)
from pathlib import Path

from connectors.errors import OutputError

RESULT = "result.json"
FINDINGS = "findings.parquet"
WORKBOOK = "worklists.xlsx"
WORKLISTS = "worklists"
OWNERS = "owners"
PEOPLE = "people.csv"

_FIXED = frozenset({RESULT, FINDINGS, WORKBOOK, PEOPLE})
_OF_AN_AUDIT = re.compile(
    rf"report\.[a-z]+\.(html|pdf)|actions\.[a-z]+\.(csv|ics)|{OWNERS}/rep-(\d+|unknown)\.xlsx"
)
_WORKLIST = re.compile(rf"{WORKLISTS}/[a-z0-9]+(-[a-z0-9]+)*\.csv")

#: Reasons of the system that a person can do something about.
_FAILURES = {
    EACCES: "it cannot be written: permission is missing",
    EPERM: "it cannot be written: permission is missing",
    EROFS: "it cannot be written: the disk is read-only",
    ENOSPC: "it cannot be written: the disk is full",
    EDQUOT: "it cannot be written: the disk is full",
    ENOTDIR: "it cannot be written: a file stands where a folder is needed",
    EEXIST: "it cannot be written: a file stands where a folder is needed",
    ENOENT: "it cannot be written: the folder it belongs in does not exist",
    EISDIR: "it cannot be written: a folder stands where a file is needed",
    ENAMETOOLONG: "it cannot be written: the name is too long",
}


def page_name(language: str) -> str:
    """Return the file name of the page in a language."""
    return f"report.{language}.html"


def summary_name(language: str) -> str:
    """Return the file name of the page of several companies in a language."""
    return f"summary.{language}.html"


def pdf_name(language: str) -> str:
    """Return the file name of the printed page in a language."""
    return f"report.{language}.pdf"


def plan_name(language: str, kind: str) -> str:
    """Return the file name of the action plan in a language, of the kind ``csv`` or ``ics``."""
    return f"actions.{language}.{kind}"


@contextmanager
def staged(folder: Path, *, whole_audit: bool = True) -> Iterator[Path]:
    """Give a folder to write into, and move what it holds to ``folder`` at the end.

    Files that are not ours stay. Nothing happens to ``folder`` when the block raises.

    Args:
        folder: Output folder; made when it does not exist, with its parents.
        whole_audit: Whether files of an earlier audit that are not written again go.

    Yields:
        An empty folder on the same file system, readable by this user only.

    Raises:
        OutputError: If the folder cannot be made, written to, or is full.
    """
    target = folder.absolute()
    with writing_to(folder):
        made = _make_parents(target)
    try:
        # Named first, so that it is removed whenever a signal comes.
        with writing_to(folder):
            stage = _place_of_stage(target) / f".{target.name}.{secrets.token_hex(4)}"
        try:
            with writing_to(folder):
                stage.mkdir(mode=0o700)
            yield stage
            with writing_to(folder):
                _publish(stage, target, _ours(target) if whole_audit else frozenset())
        finally:
            shutil.rmtree(stage, ignore_errors=True)
    except BaseException:
        for parent in reversed(made):
            with suppress(OSError):
                parent.rmdir()
        raise


def write_private(file: Path, text: str) -> None:
    """Write a file that only this user may read: it tells who is behind a pseudonym."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8", newline="") as handle:  # noqa: PTH123
        handle.write(text)


@contextmanager
def writing_to(place: Path, option: str = "--out") -> Iterator[None]:
    """Turn what the system or the engine says about a failed write into an ``OutputError``.

    Args:
        place: The folder or file that is written.
        option: Option that names another.
    """
    try:
        yield
    except OSError as error:
        raise OutputError(
            _FAILURES.get(error.errno or 0, "it cannot be written"),
            where=str(place),
            next_step=_next_step(error),
            option=option,
        ) from error
    except Exception as error:
        if not is_engine_io(error):
            raise
        raise OutputError(
            "it cannot be written",
            where=str(place),
            next_step="Free some room, or choose another place with {option}.",
            option=option,
        ) from error


def _next_step(error: OSError) -> str:
    if error.errno in _FAILURES and error.errno not in (ENOSPC, EDQUOT):
        return "Choose another place with {option}."
    return "Free some room, or choose another place with {option}."


def is_engine_io(error: Exception) -> bool:
    """Return whether the engine failed to read or write a file of its own."""
    import duckdb

    return isinstance(error, duckdb.IOException | duckdb.OutOfMemoryException)


def _make_parents(target: Path) -> list[Path]:
    """Make the folders above the target, and return those that were not there."""
    if target.exists():
        if not target.is_dir():
            raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR), str(target))
        if not os.access(target, os.W_OK | os.X_OK):
            raise PermissionError(EACCES, os.strerror(EACCES), str(target))
    missing = [parent for parent in target.parents if not parent.exists()]
    target.parent.mkdir(parents=True, exist_ok=True)
    return missing[::-1]


def _place_of_stage(target: Path) -> Path:
    """Return the folder for the stage: beside the target, or in it where renaming needs that."""
    if not target.exists():
        return target.parent
    same_device = target.stat().st_dev == target.parent.stat().st_dev
    return target.parent if same_device and os.access(target.parent, os.W_OK) else target


def _publish(stage: Path, target: Path, earlier: Collection[str]) -> None:
    new = sorted(
        (path.relative_to(stage) for path in stage.rglob("*") if path.is_file()),
        key=lambda name: (name.name == RESULT, name),
    )
    target.mkdir(exist_ok=True)
    for folder in sorted({name.parent for name in new}):
        (target / folder).mkdir(exist_ok=True)
    for name in new:
        if (target / name).is_dir():
            raise IsADirectoryError(EISDIR, os.strerror(EISDIR), str(target / name))
    for name in new:
        (stage / name).replace(target / name)
    for old in sorted(set(earlier) - {name.as_posix() for name in new}):
        (target / old).unlink(missing_ok=True)
    for emptied in (WORKLISTS, OWNERS):
        with suppress(OSError):
            (target / emptied).rmdir()


def _ours(target: Path) -> frozenset[str]:
    """Return the names that an earlier audit wrote here; its result tells which lists."""
    try:
        checks = json.loads((target / RESULT).read_text("utf-8"))["checks"]
        lists = {check["worklist"]["file"] for check in checks if check["worklist"]}
    except (OSError, ValueError, KeyError, TypeError):
        lists = set()
    there = {file.relative_to(target).as_posix() for file in target.glob("*")}
    there |= {file.relative_to(target).as_posix() for file in (target / OWNERS).glob("*.xlsx")}
    named = {name for name in there if _OF_AN_AUDIT.fullmatch(name)}
    return _FIXED | named | {name for name in lists if _WORKLIST.fullmatch(name)}
