"""Pages anew from ``result.json``, by this version, without the export."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from auditor.audit import write_pages
from auditor.output import page_name, staged, writing_to
from auditor.people_file import name_people
from connectors.errors import ConfigurationError, InputError


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
    from checks.results import AuditResult

    text = _read(file)
    try:
        result = AuditResult.from_json(text)
    except ValueError as error:
        raise _not_a_result(file, text) from error
    if people is not None:
        result = name_people(result, people)
    with staged(folder, whole_audit=False) as stage, writing_to(folder):
        write_pages(result, languages, stage)
    return [page_name(language) for language in languages]


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            "this is not a result.json",
            where=str(file),
            next_step="Name the result.json of an audit.",
        ) from error
    except OSError as error:
        raise ConfigurationError(
            "the file cannot be read",
            where=str(file),
            next_step="Check that it exists and that you may read it.",
        ) from error


def _not_a_result(file: Path, text: str) -> InputError:
    from checks.results import SCHEMA_VERSION

    try:
        found = json.loads(text)["schema_version"]
    except (ValueError, KeyError, TypeError):
        return InputError(
            "this is not a result.json",
            where=str(file),
            next_step="Name the result.json of an audit.",
        )
    return InputError(
        "this result.json has the form {found}, which this version (form {known}) cannot show",
        where=str(file),
        next_step="Use the version of auditor that wrote it, or a newer one.",
        found=found,
        known=SCHEMA_VERSION,
    )
