"""A history as plain files: every audit as JSON, and the life of findings as CSV."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from auditor.history.store import Store
from auditor.output import staged, writing_to

_HEADINGS = (
    "check_id", "version", "table", "spot", "record_key", "since", "valid_from", "valid_to",
    "ending",
)  # fmt: skip


def export_history(store: Store, series: str | None, folder: Path) -> list[str]:
    """Write the audits of one series, or of all, and return the names of the files.

    Args:
        store: The history.
        series: Whose audits, or None for all.
        folder: Where they go; other files in it stay.

    Raises:
        OutputError: If they cannot be written.
    """
    written = []
    audits = store.audits(series)
    with staged(folder, whole_audit=False) as stage, writing_to(folder):
        for audit in audits:
            name = f"{_plain(audit.series)}-{audit.as_of}.json"
            (stage / name).write_text(store.result_text(audit), encoding="utf-8")
            written.append(name)
        for one in sorted({audit.series for audit in audits}):
            name = f"{_plain(one)}-findings.csv"
            with (stage / name).open("w", encoding="utf-8", newline="") as handle:
                writer = csv.writer(handle)
                writer.writerow(_HEADINGS)
                writer.writerows(store.findings.spells(one))
            written.append(name)
    return written


def _plain(name: str) -> str:
    """Return the name of a series as part of a file's name."""
    return re.sub(r"[^\w-]+", "-", name)
