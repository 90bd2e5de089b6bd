"""Limits that an audit learned stay in the audits after it, until somebody begins anew."""

from __future__ import annotations

from datetime import date, timedelta

from tests.auditor.exports import deal
from tests.auditor.months import JULY, JUNE, LATER, MAY, Months

STALLED = "stalled-open-deal"


def crm(days: int) -> list[dict[str, str]]:
    """Open deals that are as old as each other, and won ones that took so many days."""
    closed = date(2026, 5, 20)
    created = f"{closed - timedelta(days=days)}T09:00:00.000Z"
    won = {
        "StageName": "Closed Won", "IsClosed": "true", "IsWon": "true", "CreatedDate": created,
        "CloseDate": closed.isoformat(),
    }  # fmt: skip
    return [deal(n, **(won if n >= 40 else {})) for n in range(80)]


def stalled(months: Months, day: str) -> int:
    (check,) = [c for c in months.result(day)["checks"] if c["check_id"] == STALLED]
    return int(check["k_defect"])


def broken(months: Months, day: str) -> list[str]:
    breaks = months.result(day)["comparison"]["breaks"]
    return [one["facts"]["limit"] for one in breaks if one["code"] == "learning"]


def page(months: Months, day: str) -> str:
    return (months.folder / f"report-{day}" / "report.en.html").read_text("utf-8")


def test_slower_sales_do_not_teach_that_slow_is_usual(months: Months) -> None:
    months.audit(MAY, crm(20))
    months.audit(JUNE, crm(200))
    assert (stalled(months, MAY), stalled(months, JUNE)) == (40, 40)
    assert broken(months, JUNE) == []
    assert months.life(JUNE, STALLED)["persisting"] == 40
    assert "learned a month ago, on 31 May 2026" in page(months, JUNE)


def test_a_new_beginning_learns_anew_and_says_so(months: Months) -> None:
    months.audit(MAY, crm(20))
    months.audit(JUNE, crm(200), "--rebaseline")
    assert stalled(months, JUNE) == 0
    assert "won_cycles" in broken(months, JUNE)
    assert "the limit was learned anew from the past" in page(months, JUNE)
    months.audit(JULY, crm(20))
    assert stalled(months, JULY) == 0
    assert broken(months, JULY) == []


def test_an_audit_that_cannot_be_trusted_teaches_nothing(months: Months) -> None:
    months.audit(MAY, crm(20)[:50])  # too few won deals to learn from
    assert months.audit(JUNE, crm(200)[:20]).code == 4
    months.audit(JULY, crm(20))
    assert stalled(months, JULY) == 40
    assert "won_cycles" in broken(months, JULY)
    months.audit(LATER, crm(200))
    assert stalled(months, LATER) == 40
    assert broken(months, LATER) == []
