"""The workbook of a large audit, written by a process of its own.

Writing a workbook is Python from end to end: as a thread it holds up whoever else runs Python,
as a process it has the second core. The sheets are read here and handed over in a file without a
name, so that nothing of them is left behind.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from reports.workbook import Sheet, write_workbook

#: Another process takes a third of a second to start, as long as some thousand records to write.
_WORTH_A_PROCESS = 8_000


class WorkbookApart:
    """Writes a workbook beside other work; used as a context, which the process never outlives."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._write: Callable[[], None] = _nothing

    def __enter__(self) -> Self:
        return self

    def begin(self, sheets: Iterable[Sheet], path: Path, *, as_of: date, language: str) -> None:
        """Begin to write a workbook; one of few records is written at once.

        Args:
            sheets: The lists, in the order of their sheets.
            path: The file to write; its folder exists.
            as_of: Day of the audit.
            language: Language of headers and titles.

        Raises:
            OSError: If the file cannot be written.
        """
        read = list(sheets)
        write = partial(write_workbook, read, path, as_of=as_of, language=language)
        if sum(len(sheet.records) for sheet in read) < _WORTH_A_PROCESS:
            write()
        else:
            self._write = write
            with suppress(OSError):  # where no process can be started, `wait` writes by itself
                self._process = _begun(write, path.parent)

    def wait(self) -> None:
        """Return once the workbook is there; what the process could not write is written here.

        Raises:
            OSError: If the file cannot be written.
        """
        if self._process is None or self._process.wait() != 0:
            self._write()
        self._write = _nothing

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()


def _nothing() -> None:
    """Write nothing: there is nothing left to write."""


def _begun(write: Callable[[], None], folder: Path) -> subprocess.Popen[bytes]:
    with tempfile.TemporaryFile(dir=folder) as handed_over:
        pickle.dump(write, handed_over)
        handed_over.seek(0)
        return subprocess.Popen(  # noqa: S603 - this program's own module
            [sys.executable, "-m", __name__],
            stdin=handed_over,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )


if __name__ == "__main__":
    pickle.load(sys.stdin.buffer)()  # noqa: S301 - written by `_begun`, in a file without a name
