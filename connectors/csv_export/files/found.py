"""What there is to read: the files of a folder or an archive, and what each one holds."""

from __future__ import annotations

import errno
import os
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from connectors.csv_export.files import archive
from connectors.csv_export.files.refusals import NotATableError
from connectors.errors import InputError, OutputError
from connectors.intake.raw_table import UnusedFile

#: A folder of exports has a few dozen; more is somebody's home folder.
MAX_FILES = 1_000

_DEEPEST = 2
_TABLE_SUFFIXES = frozenset(("", ".csv", ".tsv", ".tab", ".txt", ".psv", ".xls", ".xlsx", ".xlsm"))
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0"
_SAMPLE = 64 * 1024


class Content(StrEnum):
    """What a file holds, told from its first bytes."""

    TEXT = "text"
    HTML = "html"
    WORKBOOK = "workbook"
    ARCHIVE = "archive"


@dataclass(frozen=True)
class FoundFile:
    """A file to read: its name in the source, its name without suffix, and where it lies."""

    name: str
    stem: str
    path: Path
    content: Content


class Scratch:
    """Names for temporary files in the folder of the audit, each given once."""

    def __init__(self, workdir: Path) -> None:
        self._workdir = workdir
        self._given = 0

    def folder(self) -> TemporaryDirectory[str]:
        """Return a folder for the copies of one file, removed after its table is loaded."""
        return TemporaryDirectory(prefix="copies-", dir=self._workdir)

    def new(self, suffix: str) -> Path:
        """Return the path of a file that does not exist yet."""
        while True:
            self._given += 1
            path = self._workdir / f"intake-{self._given:04d}{suffix}"
            if not path.exists():
                return path


def find_files(path: Path, scratch: Scratch) -> tuple[list[FoundFile], list[UnusedFile]]:
    """List what a source holds, unpacking archives into temporary files.

    Raises:
        InputError: If the source does not exist, cannot be read, or is an unsafe archive.
    """
    with readable(str(path)):
        mode = path.stat().st_mode
    search = _Search(scratch)
    if stat.S_ISDIR(mode):
        with readable(str(path)):
            search.folder(path, prefix="", depth=0)
    else:
        with readable(path.name):
            search.file(path, path.name, named_by_user=True)
    return search.found, search.unused


@contextmanager
def readable(name: str) -> Iterator[None]:
    """Turn what the operating system says about a file into a sentence about it."""
    try:
        yield
    except FileNotFoundError as error:
        raise InputError(
            "there is no such file or folder",
            where=name,
            next_step="Check the path; a path with blanks needs quotes.",
        ) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise OutputError(
                "the disk is full: no room for temporary files while reading {file}",
                next_step="Free some space, or set TMPDIR to a folder on another disk.",
                file=name,
            ) from error
        raise InputError(
            "it cannot be read ({problem})",
            where=name,
            next_step="Check its permissions, or copy it to a folder of your own.",
            problem=os.strerror(error.errno) if error.errno else type(error).__name__,
        ) from error


class _Search:
    def __init__(self, scratch: Scratch) -> None:
        self._scratch = scratch
        self.found: list[FoundFile] = []
        self.unused: list[UnusedFile] = []

    def folder(self, folder: Path, prefix: str, depth: int) -> None:
        """Take the files of a folder and of the folders in it, in the order of their names."""
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        names = {entry.name for entry in entries}
        if {"result.json", "findings.parquet"} <= names:
            self._leave(prefix.rstrip("/") or folder.name, "own_output")
            return
        for entry in entries:
            name = f"{prefix}{entry.name}"
            if _is_hidden(entry.name):
                self._leave(name, "hidden_file")
            elif entry.is_dir():
                self._inner_folder(entry, name, depth)
            else:
                with readable(name):
                    self.file(Path(entry.path), name)
            if len(self.found) + len(self.unused) > MAX_FILES:
                raise InputError(
                    "the folder holds more than {limit} files",
                    where=folder.name,
                    next_step="Give the folder that holds the export and nothing else.",
                    limit=MAX_FILES,
                )

    def file(self, path: Path, name: str, *, named_by_user: bool = False) -> None:
        """Take one file, or the members of an archive."""
        try:
            if not stat.S_ISREG(path.stat().st_mode):
                raise NotATableError("special_file")
            suffix = path.suffix.lower()
            if suffix != ".zip" and suffix not in _TABLE_SUFFIXES and not named_by_user:
                raise NotATableError("other_kind", suffix=suffix)
            content = _content(path)
        except NotATableError as refused:
            self._leave(name, refused.reason, **refused.facts)
            return
        if content is Content.ARCHIVE:
            self._archive(path, name)
        else:
            self.found.append(FoundFile(name, Path(name).stem, path, content))

    def _inner_folder(self, entry: os.DirEntry[str], name: str, depth: int) -> None:
        if entry.is_symlink():
            self._leave(name, "link")
        elif depth == _DEEPEST:
            self._leave(name, "too_deep")
        else:
            with readable(name):
                self.folder(Path(entry.path), f"{name}/", depth + 1)

    def _archive(self, path: Path, name: str) -> None:
        with archive.opened(path, name) as opened:
            for member in archive.members(opened):
                inside = PurePosixPath(member.filename)
                shown = f"{name}!{member.filename}"
                suffix = inside.suffix.lower()
                if any(_is_hidden(part) for part in inside.parts):
                    self._leave(shown, "hidden_file")
                elif suffix == ".zip":
                    self._leave(shown, "nested_archive")
                elif suffix not in _TABLE_SUFFIXES:
                    self._leave(shown, "other_kind", suffix=suffix)
                else:
                    target = self._scratch.new(suffix)
                    archive.unpack(opened, member, target, shown)
                    self._member(target, shown, inside.stem)

    def _member(self, path: Path, shown: str, stem: str) -> None:
        try:
            content = _content(path)
            if content is Content.ARCHIVE:
                raise NotATableError("nested_archive")
        except NotATableError as refused:
            self._leave(shown, refused.reason, **refused.facts)
            return
        self.found.append(FoundFile(shown, stem, path, content))

    def _leave(self, name: str, reason: str, **facts: str | int) -> None:
        self.unused.append(UnusedFile(name, reason, facts))


def _is_hidden(name: str) -> bool:
    """Tell files that systems and office programs leave behind."""
    return name.startswith((".", "~$", "__MACOSX")) or name.lower() in ("thumbs.db", "desktop.ini")


def _content(path: Path) -> Content:
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    if not sample:
        raise NotATableError("empty_file")
    if sample.startswith(_ZIP):
        return _packed_content(path)
    if sample.startswith(_OLE):
        return Content.WORKBOOK
    begin = sample.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if begin.startswith(b"<"):
        if b"<table" in begin.lower():
            return Content.HTML
        raise NotATableError("not_a_table")
    if begin.startswith((b"{", b"[{", b'["', b"%PDF-")):
        raise NotATableError("not_a_table")
    return Content.TEXT


def _packed_content(path: Path) -> Content:
    is_workbook_by_name = path.suffix.lower() in (".xlsx", ".xlsm")
    try:
        with zipfile.ZipFile(path) as packed:
            names = packed.namelist()
    except zipfile.BadZipFile as error:
        if is_workbook_by_name:
            raise NotATableError("broken_workbook") from error
        return Content.ARCHIVE
    if any(name.startswith("xl/workbook.") for name in names):
        return Content.WORKBOOK
    if is_workbook_by_name:
        raise NotATableError("broken_workbook")
    return Content.ARCHIVE
