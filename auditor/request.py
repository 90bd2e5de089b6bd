"""What the user asked for, once every default is filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from auditor.config import Configuration
    from auditor.extraction import EarlierExport
    from auditor.history.keeping import HistoryRequest
    from auditor.owner_mail import OwnerMail
    from auditor.sections import CsvStyle
    from auditor.sources import Source


@dataclass(frozen=True)
class AuditRequest:
    """What the user asked for, with every default filled in.

    Attributes:
        source: What is audited.
        configuration: What ``auditor.yaml`` says.
        as_of: A day, ``latest`` or ``today``.
        now: The present moment, with its time zone.
        out: Output folder.
        languages: One page each; the first is that of the workbook.
        named: Whether people appear under their names.
        redact: Whether names of owners, accounts and contacts are left out everywhere.
        earlier: Earlier exports of the same CRM, whose differences make a history.
        answers: Files with what people answered in the interview.
        history: Where audits of this CRM are kept; None keeps nothing.
        signature: Whose report it is and how it looks, as results keep it.
        pdf: Whether the pages are printed to PDF too.
        workbook_rows: Records that a sheet of the workbook holds at most.
        owner_workbooks: Whether each owner gets a workbook of their own.
        owner_mail: Whether and how it is sent to them; None sends nothing.
    """

    source: Source
    configuration: Configuration
    as_of: str
    now: datetime
    out: Path
    languages: tuple[str, ...]
    csv_style: CsvStyle
    named: bool = False
    redact: bool = False
    earlier: tuple[EarlierExport, ...] = ()
    answers: tuple[Path, ...] = ()
    history: HistoryRequest | None = None
    signature: Mapping[str, Any] = field(default_factory=dict)
    pdf: bool = False
    workbook_rows: int = 1000
    owner_workbooks: bool = False
    owner_mail: OwnerMail | None = None
