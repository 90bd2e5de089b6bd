"""The bundled example: an invented company's export, and the day it was made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from importlib import resources
from pathlib import Path

from connectors.errors import InputError

#: The day on which the invented export was made; it never moves with the clock.
AS_OF = date(2026, 10, 30)

_EXPORT = "alpes-froid.zip"


@contextmanager
def bundled_export() -> Iterator[Path]:
    """Give the example as a file.

    Raises:
        InputError: If this installation came without it.
    """
    packed = resources.files(__package__).joinpath("demo", _EXPORT)
    if not packed.is_file():
        raise InputError(
            "the bundled example is missing from this installation",
            where=_EXPORT,
            next_step="Install the program again, or audit an export of your own.",
        )
    with resources.as_file(packed) as path:
        yield path
