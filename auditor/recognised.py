"""How a file and a column were recognised, in words: for the summary and for ``auditor.yaml``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.messages import Translate

if TYPE_CHECKING:
    from connectors.snapshot import ColumnSource, SourceFile
    from reports.wording import Wording


def file_reason(words: Wording, file: SourceFile) -> str:
    """Return why a file is what it was recognised as, or why it is not used."""
    return words.either(f"file_reason.{file.reason}", _plainly(file.reason))


def read_otherwise(translate: Translate, words: Wording, file: SourceFile) -> str:
    """Return what became of a file that is no table: links between records, or nothing."""
    if file.links:
        return translate("{file}: read as links between {tables}").format(
            file=file.name, tables=words.listed([words(f"table.{one}") for one in file.links])
        )
    return translate("{file}: not used ({reason})").format(
        file=file.name, reason=file_reason(words, file)
    )


def recognised_by(words: Wording, file: SourceFile) -> str:
    """Return the system whose words a file uses, its language, and what told so."""
    system = words.either(f"system.{file.system.partition('-')[0]}", file.system)
    spoken = " ".join(part for part in (system, file.language) if part)
    return ", ".join(part for part in (spoken, file_reason(words, file)) if part)


def column_reason(words: Wording, column: ColumnSource) -> str:
    """Return why a column feeds its field."""
    return words.either(f"column_reason.{column.reason}", _plainly(column.reason))


def _plainly(code: str) -> str:
    return code.replace("_", " ")
