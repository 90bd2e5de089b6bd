"""Files that hold no table: why, and what to do when there is no other."""

from __future__ import annotations

from connectors.errors import InputError
from connectors.intake.raw_table import UnusedFile


class NotATableError(Exception):
    """A file holds no table; listed as unused, or an error when there is no other file.

    Args:
        reason: Code, one of the keys of the sentences below.
        facts: Values for the sentence.
    """

    def __init__(self, reason: str, **facts: str | int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = facts


def refusal(unused: UnusedFile) -> InputError:
    """Return the error for a file that was the only one given, or the only one there is."""
    what, next_step = _SENTENCES.get(unused.reason, _SENTENCES["not_a_table"])
    return InputError(what, where=unused.name, next_step=next_step, **unused.facts)


_EXPORT_AGAIN = "Export it again as CSV or XLSX."
_GIVE_EXPORT = "Give a CSV, TSV, XLSX or zip export of the CRM."
_SENTENCES = {
    "empty_file": ("the file is empty", "Export the records again."),
    "not_text": ("this is not a text file, whatever its name says", _EXPORT_AGAIN),
    "not_a_table": ("no table was found in this file", _GIVE_EXPORT),
    "other_kind": ("files of this kind are not read", _GIVE_EXPORT),
    "hidden_file": ("hidden files are not read", "Rename the file if it is an export."),
    "empty_sheet": ("the sheet is empty", "Export the records again."),
    "hidden_sheet": ("the sheet is hidden", "Show the sheet in the workbook and save it."),
    "special_file": ("this is not a regular file", "Give a file, a folder or a zip."),
    "link": ("links to folders are not followed", "Give the folder itself."),
    "too_deep": (
        "folders inside folders are read two levels deep only",
        "Give the inner folder itself.",
    ),
    "own_output": (
        "this folder holds the result of an audit, not an export",
        "Give the folder of the export.",
    ),
    "nested_archive": ("a zip inside a zip is not read", "Unpack the outer zip first."),
    "line_too_long": (
        "no line break in the first {megabytes} MB: this is no table of records",
        _EXPORT_AGAIN,
    ),
    "locked_workbook": (
        "the workbook is protected by a password",
        "Save it without the password, or export it as CSV.",
    ),
    "broken_workbook": ("the workbook is damaged and cannot be opened", "Export it again."),
    "sheet_too_large": (
        "a sheet reaches to cell {corner}, far beyond its records",
        "Delete what stands there, or export the records as CSV.",
    ),
    "workbook_too_large": (
        "the workbook unpacks to more than {megabytes} MB",
        "Export the records as CSV instead.",
    ),
}
