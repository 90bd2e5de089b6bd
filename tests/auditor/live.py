"""What audits of live sources are compared by: the contract of every connector."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

from tests.worlds.plan import Planted, healthy

#: A small company with three habits, as an org or a portal.
PLAN = healthy(seed=11, reps=8, deals=200).planting(
    Planted("zombie-deal", 0.3),
    Planted("lost-deal-without-reason", 0.4),
    Planted("contact-without-email-or-phone", 0.3),
)


def result(out: Path) -> dict[str, Any]:
    """Return the result of an audit."""
    found: dict[str, Any] = json.loads((out / "result.json").read_text("utf-8"))
    return found


def findings(out: Path) -> list[tuple[Any, ...]]:
    """Return every finding of an audit, record by record."""
    return duckdb.sql(f"select * from '{out}/findings.parquet' order by all").fetchall()


def _checks_as_far_as(live: Path, exported: Path) -> list[dict[str, Any]]:
    """Return a live source's checks without the fields that only the CRM itself requires.

    No export tells those; every count that the export has must be there.
    """
    found = []
    for check, other in zip(result(live)["checks"], result(exported)["checks"], strict=True):
        told = {one["key"] for one in other["groups"] if one["dimension"] == "field"}
        groups = [
            one for one in check["groups"] if one["dimension"] != "field" or one["key"] in told
        ]
        found.append(check | {"groups": groups})
    return found


def assert_same_audit(live: Path, exported: Path, *, least: int) -> None:
    """Hold the audit of a live source to that of the export of the same world.

    Args:
        live: Where the one was written.
        exported: Where the other one was.
        least: Findings that there must be, so that something is compared.
    """
    assert findings(live) == findings(exported)
    assert len(findings(exported)) > least
    assert _checks_as_far_as(live, exported) == result(exported)["checks"]
    assert result(live)["signals"] == result(exported)["signals"]
