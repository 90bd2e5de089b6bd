"""Audits of a small export, run as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.auditor.commands import Finished, run
from tests.auditor.exports import AS_OF, write_export


def audited(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], *words: object, overdue: int = 30
) -> tuple[Finished, Path]:
    """Audit an export of which so many deals are overdue; return what was said, and the folder."""
    export = write_export(tmp_path / "export", overdue=overdue)
    finished = run(capsys, "audit", export, "--out", tmp_path / "report", *AS_OF, *words)
    return finished, tmp_path / "report"


def result_of(report: Path) -> dict[str, Any]:
    """Return the result that an audit wrote."""
    return json.loads((report / "result.json").read_text("utf-8"))
