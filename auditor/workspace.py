"""A private folder for one run, which vanishes with what it held, however the run ends."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from auditor.output import is_engine_io
from connectors.errors import OutputError


@contextmanager
def workspace() -> Iterator[Path]:
    """Give a private folder for the engine.

    A signal may stop the program between any two steps, so that the folder is certain to be
    removed before it is made.

    Raises:
        OutputError: If what is put there finds no room.
    """
    folder = Path(tempfile.gettempdir()) / f"auditor-{secrets.token_hex(8)}"
    try:
        folder.mkdir(mode=0o700)
        yield folder
    except Exception as error:
        if not is_engine_io(error):
            raise
        raise OutputError(
            "there is not enough room for temporary files",
            where=tempfile.gettempdir(),
            next_step="Free some room there, or set TMPDIR to a folder on a larger disk.",
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
