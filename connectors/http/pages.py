"""The folder of a pull: pages as they came, and a journal that says what is there.

A page counts once the journal says so, and as long as its checksum holds. A process may be killed
at any moment: a page without a line in the journal is not there, a line that was cut is not there,
and both are pulled again. The folder holds customer data, so only its owner may read it.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

HEADER = "pull.json"
_JOURNAL = "journal.jsonl"
_PAGES = "pages"
_LOG = "requests.log"


@dataclass(frozen=True)
class Page:
    """One page as it came.

    Attributes:
        object: Name that the service gives to the kind of record.
        part: Part of the object: a slice of time, a job; pages are numbered within it.
        number: From 0.
        file: Path within the folder.
        rows: Records in it.
        size: Bytes.
        checksum: SHA-256.
        next: Where the service goes on; empty on the last page of a part.
        total: Records that the service announced for the part; -1 where it told none.
    """

    object: str
    part: str
    number: int
    file: str
    rows: int
    size: int
    checksum: str
    next: str = ""
    total: int = -1


@dataclass(frozen=True)
class Landed:
    """What a page turned out to be when it was written."""

    rows: int
    next: str = ""
    total: int = -1


class PageStore:
    """The folder of one pull.

    Args:
        folder: The folder; must exist and hold a header.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.header: dict[str, Any] = json.loads((folder / HEADER).read_text("utf-8"))
        self.pages: list[Page] = []
        self.notes: list[dict[str, Any]] = []
        self._lock = threading.Lock()
        self._read_journal()

    @classmethod
    def create(cls, folder: Path, header: dict[str, Any]) -> PageStore:
        """Make the folder of a new pull."""
        folder.mkdir(parents=True, mode=0o700)
        write_aside(folder / HEADER, json.dumps(header, indent=1).encode())
        return cls(folder)

    @property
    def log_file(self) -> Path:
        """Where the log of requests belongs."""
        return self.folder / _LOG

    def update(self, **facts: Any) -> None:
        """Change the header."""
        with self._lock:
            self.header |= facts
            write_aside(self.folder / HEADER, json.dumps(self.header, indent=1).encode())

    def remember(self, kind: str, **facts: Any) -> None:
        """Write down something that a later run needs: a job, a finished object."""
        with self._lock:
            self._note({"note": kind, **facts})

    def remembered(self, kind: str, **facts: Any) -> Iterator[dict[str, Any]]:
        """Yield what was noted, oldest first."""
        for note in list(self.notes):
            if note["note"] == kind and facts.items() <= note.items():
                yield note

    def of(self, name: str, part: str | None = None) -> list[Page]:
        """Return the pages of an object, or of a part of it, in order."""
        found = [p for p in self.pages if p.object == name and part in (None, p.part)]
        return sorted(found, key=lambda page: (page.part, page.number))

    def land(
        self,
        name: str,
        part: str,
        number: int,
        suffix: str,
        write: Callable[[Sink], Landed],
    ) -> Page:
        """Write a page aside, then give it its place and its line in the journal.

        Args:
            name: Object.
            part: Part of it.
            number: Page within the part.
            suffix: For example ``.csv``.
            write: Writes the bytes, and tells what they hold; may be called anew after a failure.
        """
        file = Path(_PAGES) / name / f"{part}-{number:06d}{suffix}"
        target = self.folder / file
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = target.with_name(f"{target.name}.part")
        with aside.open("wb") as out:
            sink = Sink(out)
            landed = write(sink)
        aside.replace(target)
        page = Page(
            name,
            part,
            number,
            file.as_posix(),
            landed.rows,
            sink.size,
            sink.hash.hexdigest(),
            landed.next,
            landed.total,
        )
        with self._lock:
            self._append({"page": asdict(page)})
            self.pages.append(page)
        return page

    def forget(self, name: str, part: str | None = None, *, since: int = 0) -> None:
        """Let go of pages that do not count any more."""
        with self._lock:
            self._append({"forget": name, "part": part, "since": since})
            self._forget(name, part, since)

    def restart(self) -> None:
        """Let go of every page and note: nothing was settled yet."""
        with self._lock:
            (self.folder / _JOURNAL).unlink(missing_ok=True)
            self.pages, self.notes = [], []

    def damaged(self) -> list[Page]:
        """Return the pages whose bytes are not those that came."""
        return [page for page in self.pages if not self._is_whole(page)]

    def path(self, page: Page) -> Path:
        """Return where the bytes of a page are."""
        return self.folder / page.file

    def _is_whole(self, page: Page) -> bool:
        try:
            with self.path(page).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == page.checksum
        except OSError:
            return False

    def _note(self, note: dict[str, Any]) -> None:
        self._append(note)
        self.notes.append(note)

    def _append(self, line: dict[str, Any]) -> None:
        descriptor = os.open(self.folder / _JOURNAL, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, json.dumps(line).encode() + b"\n")
        finally:
            os.close(descriptor)

    def _read_journal(self) -> None:
        journal = self.folder / _JOURNAL
        if not journal.exists():
            return
        content = journal.read_bytes()
        whole, _, cut = content.rpartition(b"\n")
        if cut:
            with journal.open("r+b") as file:
                file.truncate(len(content) - len(cut))
        for text in whole.splitlines():
            line = json.loads(text)
            if "page" in line:
                self.pages.append(Page(**line["page"]))
            elif "forget" in line:
                self._forget(line["forget"], line["part"], line["since"])
            else:
                self.notes.append(line)

    def _forget(self, name: str, part: str | None, since: int) -> None:
        self.pages = [
            page
            for page in self.pages
            if not (page.object == name and part in (None, page.part) and page.number >= since)
        ]


class Sink:
    """A file that knows how much was written to it, and the checksum of that."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.size = 0
        self.hash = hashlib.sha256()

    def write(self, data: bytes) -> None:
        """Add bytes."""
        self.size += len(data)
        self.hash.update(data)
        self._out.write(data)

    def restart(self) -> None:
        """Forget what was written: the answer is read anew."""
        self._out.seek(0)
        self._out.truncate()
        self.size, self.hash = 0, hashlib.sha256()


def write_aside(target: Path, content: bytes) -> None:
    """Replace a file as a whole, readable by its owner only."""
    aside = target.with_name(f"{target.name}.part")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
    aside.replace(target)
