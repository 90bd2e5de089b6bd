"""``people.csv``, the key to the pseudonyms of an audit: for those who may know who is who."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.errors import ConfigurationError, InputError

if TYPE_CHECKING:
    from checks.results import AuditResult

_HEADINGS = ("owner_id", "name", "pseudonym")


def key_text(people: Iterable[tuple[str, str, str]]) -> str:
    """Return, as CSV, who is behind each pseudonym.

    Args:
        people: Id, name and pseudonym of each.
    """
    from reports.worklists import guarded

    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(_HEADINGS)
    for row in people:
        writer.writerow([guarded(cell) for cell in row])
    return text.getvalue()


def name_people(result: AuditResult, file: Path) -> AuditResult:
    """Return a result with people under the names that a key gives them.

    Raises:
        ConfigurationError: If the key cannot be read, or the result holds no pseudonym.
        InputError: If the file is no key, or that of another audit.
    """
    from checks.judgement.naming import pseudonyms_in, with_names

    if result.run.parameters.get("redacted"):
        raise ConfigurationError(
            "this result names nobody: it was made with --redact",
            next_step="Run auditor audit again without --redact, then name people.",
        )
    names = _read_key(file)
    if pseudonyms_in(result).isdisjoint(names) and not result.run.named:
        raise InputError(
            "no pseudonym of the result is in this file",
            where=str(file),
            next_step="Name the people.csv that the same audit wrote.",
        )
    return with_names(result, names)


def _read_key(file: Path) -> dict[str, str]:
    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _no_key(file) from error
    except OSError as error:
        raise ConfigurationError(
            "the file cannot be read",
            where=str(file),
            next_step="Check that it exists and that you may read it.",
        ) from error
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
        return {
            row["pseudonym"]: _unguarded(row["name"] or row["owner_id"])
            for row in rows
            if row["pseudonym"]
        }
    except (csv.Error, KeyError, TypeError) as error:
        raise _no_key(file) from error


def _no_key(file: Path) -> InputError:
    return InputError(
        "this is no people.csv of an audit",
        where=str(file),
        next_step="Name the file with the columns owner_id, name and pseudonym.",
    )


def _unguarded(cell: str) -> str:
    """Take off the apostrophe that keeps a spreadsheet from reading a name as a formula."""
    from reports.worklists import FORMULA_STARTS

    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell
