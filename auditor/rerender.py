"""Pages anew from ``result.json``, by this version, without the export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.identity import Identity, signed
from auditor.output import pdf_name, staged, writing_to
from auditor.pages import print_pages, write_pages
from auditor.people_file import name_people
from auditor.result_file import read_result
from connectors.errors import AuditorError


@dataclass(frozen=True)
class Rerendered:
    """What was written.

    Attributes:
        files: Names of the pages, and of the PDF files.
        problem: Why a PDF that was asked for is not there, or None.
    """

    files: list[str]
    problem: AuditorError | None


def rerender(
    file: Path,
    folder: Path,
    languages: Sequence[str],
    *,
    people: Path | None = None,
    identity: Identity | None = None,
    pdf: bool = False,
) -> Rerendered:
    """Write the pages of a result.

    Args:
        file: A ``result.json``; keys that this version does not know are ignored.
        folder: Folder for the pages; other files in it stay.
        languages: One page each.
        people: The ``people.csv`` of the audit, to show people under their names.
        identity: Whose report it is, in place of what the result says.
        pdf: Whether the pages are printed too.

    Raises:
        ConfigurationError: If a file or a setting cannot be used.
        InputError: If the file is no result of an audit, or ``people`` no key to its people.
        OutputError: If the pages cannot be written.
    """
    result = read_result(file)
    if people is not None:
        result = name_people(result, people)
    if identity is not None:
        result = signed(result, identity)
    with staged(folder, whole_audit=False) as stage, writing_to(folder):
        files = write_pages(result, languages, stage)
        problem = print_pages(result, languages, stage) if pdf else None
    if pdf and problem is None:
        files += [pdf_name(language) for language in languages]
    return Rerendered(files, problem)
