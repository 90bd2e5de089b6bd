"""The bundled examples: exports of two invented companies, and the day they were made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from importlib import resources
from pathlib import Path

from connectors.errors import InputError

#: The day on which the invented exports were made; it never moves with the clock.
AS_OF = date(2026, 10, 30)

#: A French company for those who read French, a British one for everybody else.
_EXPORTS = {"fr": "portalys.zip"}
_OTHERWISE = "harrowgate-lift.zip"


@contextmanager
def bundled_export(language: str) -> Iterator[Path]:
    """Give an example as a file.

    Args:
        language: What its reader speaks.

    Raises:
        InputError: If this installation came without it.
    """
    name = _EXPORTS.get(language, _OTHERWISE)
    packed = resources.files(__package__).joinpath("demo", name)
    if not packed.is_file():
        raise InputError(
            "the bundled example is missing from this installation",
            where=name,
            next_step="Install the program again, or audit an export of your own.",
        )
    with resources.as_file(packed) as path:
        yield path
