"""What audits of live sources are compared by: the contract of every connector."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb


def result(out: Path) -> dict[str, Any]:
    """Return the result of an audit."""
    found: dict[str, Any] = json.loads((out / "result.json").read_text("utf-8"))
    return found


def findings(out: Path) -> list[tuple[Any, ...]]:
    """Return every finding of an audit, record by record."""
    return duckdb.sql(f"select * from '{out}/findings.parquet' order by all").fetchall()


def _checks(out: Path) -> list[dict[str, Any]]:
    """Return the checks without counts by field: only a live source tells what it requires."""
    checks: list[dict[str, Any]] = result(out)["checks"]
    return [
        check | {"groups": [one for one in check["groups"] if one["dimension"] != "field"]}
        for check in checks
    ]


def assert_same_audit(live: Path, exported: Path, *, least: int) -> None:
    """Hold the audit of a live source to that of the export of the same world.

    Args:
        live: Where the one was written.
        exported: Where the other one was.
        least: Findings that there must be, so that something is compared.
    """
    assert findings(live) == findings(exported)
    assert len(findings(exported)) > least
    assert _checks(live) == _checks(exported)
    assert result(live)["signals"] == result(exported)["signals"]
