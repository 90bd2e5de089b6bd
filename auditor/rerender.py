"""Pages anew from ``result.json``, by this version, without the export."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from auditor.output import staged, writing_to
from auditor.pages import write_pages
from auditor.people_file import name_people
from auditor.result_file import read_result


def rerender(
    file: Path, folder: Path, languages: Sequence[str], *, people: Path | None = None
) -> list[str]:
    """Write the pages of a result, and return their names.

    Args:
        file: A ``result.json``; keys that this version does not know are ignored.
        folder: Folder for the pages; other files in it stay.
        languages: One page each.
        people: The ``people.csv`` of the audit, to show people under their names.

    Raises:
        ConfigurationError: If a file cannot be read.
        InputError: If the file is no result of an audit, or ``people`` no key to its people.
        OutputError: If the pages cannot be written.
    """
    result = read_result(file)
    if people is not None:
        result = name_people(result, people)
    with staged(folder, whole_audit=False) as stage, writing_to(folder):
        return write_pages(result, languages, stage)
