"""A CRM that is audited month after month, as a user does it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.auditor.commands import Finished, run
from tests.auditor.exports import deals, write_csv

#: Days of audits, the last two before the deals of ``exports`` are late.
APRIL, MAY, JUNE = "2026-04-30", "2026-05-31", "2026-06-30"
JULY, LATER = "2026-07-18", "2026-07-19"

#: What makes a deal late.
LATE = {"CloseDate": "2026-05-10"}


@dataclass
class Months:
    """The audits of one CRM in one history."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    @property
    def history(self) -> Path:
        return self.folder / "history.sqlite"

    def audit(
        self,
        day: str,
        rows: list[dict[str, str]] | None = None,
        *words: object,
        settings: str = "",
    ) -> Finished:
        """Audit an export of these deals as of a day."""
        rows = deals() if rows is None else rows
        return run(self.capsys, *prepared(self.folder, day, rows, settings), *words)

    def result(self, day: str) -> dict[str, Any]:
        """Return the result of an audit."""
        text = (self.folder / f"report-{day}" / "result.json").read_text("utf-8")
        found: dict[str, Any] = json.loads(text)
        return found

    def life(self, day: str, check_id: str = "open-deal-past-close-date") -> dict[str, int]:
        """Return the life of a check's findings, without what is zero."""
        changes = self.result(day)["comparison"]["checks"]
        (life,) = [one["life"] for one in changes if one["check_id"] == check_id]
        return {name: count for name, count in life.items() if count}

    def listed(self) -> str:
        """Return what ``auditor history list`` says."""
        return run(self.capsys, "history", "list", "--history", self.history).out


def prepared(
    folder: Path, day: str, rows: list[dict[str, str]], settings: str = ""
) -> list[object]:
    """Write an export of these deals into a folder; return the words that audit it as of a day."""
    export = folder / f"export-{day}"
    write_csv(export / "Opportunity.csv", rows)
    (folder / "auditor.yaml").write_text(settings or "{}\n", encoding="utf-8")
    return [
        "audit", export, "--as-of", day, "--out", folder / f"report-{day}",
        "--history", folder / "history.sqlite", "--config", folder / "auditor.yaml", "--lang", "en",
    ]  # fmt: skip


def exported(months: Months, folder: Path) -> dict[str, bytes]:
    """Return the files of the history, exported into a folder."""
    run(months.capsys, "history", "export", "--history", months.history, "--out", folder)
    files = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert files
    return files


def signs(months: Months, day: str) -> dict[str, dict[str, object]]:
    """Return what an audit says looks like figures being made, by its code."""
    return {one["code"]: one["facts"] for one in months.result(day)["comparison"]["signs"]}
