"""How a file and a column were recognised, in words: for the summary and for ``auditor.yaml``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connectors.snapshot import ColumnSource, SourceFile
    from reports.wording import Wording


def file_reason(words: Wording, file: SourceFile) -> str:
    """Return why a file is what it was recognised as, or why it is not used."""
    return words.either(f"file_reason.{file.reason}", _plainly(file.reason))


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
