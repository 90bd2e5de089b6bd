"""Two results side by side: what moved, and what differs that is not the CRM."""

from __future__ import annotations

import json
from pathlib import Path

from tests.auditor.commands import run
from tests.auditor.exports import deal
from tests.auditor.months import JULY, JUNE, LATE, Months
from tests.auditor.test_history import grace


def results(months: Months) -> tuple[Path, Path]:
    return tuple(months.folder / f"report-{day}" / "result.json" for day in (JUNE, JULY))  # type: ignore[return-value]


def test_a_clean_up_shows_side_by_side(months: Months) -> None:
    months.audit(JUNE, [deal(n, **(LATE if n < 60 else {})) for n in range(200)])
    months.audit(JULY, [deal(n, **(LATE if n < 4 else {})) for n in range(200)])
    before, after = results(months)
    told = run(months.capsys, "compare", before, after).out
    assert "Open deals past their close date  30%  2%  better" in told
    found = json.loads(run(months.capsys, "compare", before, after, "--json").out)
    (change,) = [c for c in found["checks"] if c["check_id"] == "open-deal-past-close-date"]
    assert change["move"] == "better"
    assert change["probability"] < 0.001


def test_the_same_audit_twice_moves_nothing(months: Months) -> None:
    months.audit(JUNE, [deal(n, **(LATE if n < 20 else {})) for n in range(60)])
    same, _ = results(months)
    found = json.loads(run(months.capsys, "compare", same, same, "--json").out)
    assert [one for one in found["checks"] if one["move"]] == []
    assert found["breaks"] == []


def test_other_definitions_are_said_and_not_compared(months: Months) -> None:
    rows = [deal(n, CloseDate="2026-06-20" if n < 20 else "2026-08-20") for n in range(40)]
    months.audit(JUNE, rows, settings=grace(3))
    months.audit(JULY, rows, settings=grace(90))
    told = run(months.capsys, "compare", *results(months)).out
    assert "grace_days was 3 and is 90" in told
    assert "not comparable" in told


def test_a_file_that_is_no_result_is_said(months: Months) -> None:
    months.audit(JUNE)
    before, _ = results(months)
    finished = run(months.capsys, "compare", before, months.folder / "auditor.yaml")
    assert finished.code == 2
    assert "this is not a result.json" in finished.err
