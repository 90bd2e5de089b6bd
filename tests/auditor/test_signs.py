"""What looks like figures being made rather than work being done is said."""

from __future__ import annotations

from datetime import date, timedelta

from tests.auditor.exports import deal
from tests.auditor.months import JULY, JUNE, LATE, Months, signs


def test_thirty_findings_resolved_in_ten_minutes_call_for_a_second_look(months: Months) -> None:
    months.audit(JUNE, [deal(n, **(LATE if n < 40 else {})) for n in range(100)])
    quick = [
        deal(
            n,
            LastModifiedDate=f"2026-07-10T09:{n % 8:02d}:00.000Z"
            if n < 30
            else f"2026-07-{n % 9 + 1:02d}T10:00:00.000Z",
        )
        for n in range(100)
    ]
    months.audit(JULY, quick)
    found = signs(months, JULY)
    assert found["mass_resolution"] == {"check": "open-deal-past-close-date", "count": 30}
    page = (months.folder / f"report-{JULY}" / "report.en.html").read_text("utf-8")
    assert "30 findings were resolved within ten minutes" in page


def test_findings_resolved_over_a_month_are_no_sign(months: Months) -> None:
    months.audit(JUNE, [deal(n, **(LATE if n < 40 else {})) for n in range(100)])
    months.audit(
        JULY,
        [
            deal(n, LastModifiedDate=f"2026-07-{n % 15 + 1:02d}T{n % 9 + 8:02d}:30:00.000Z")
            for n in range(100)
        ],
    )
    assert months.life(JULY)["resolved"] == 40
    assert signs(months, JULY) == {}


def test_one_value_for_every_empty_field_calls_for_a_second_look(months: Months) -> None:
    empty = [deal(n, **({"AccountId": ""} if n < 40 else {})) for n in range(100)]
    months.audit(JUNE, empty)
    month = [f"2026-07-{n % 15 + 1:02d}T{n % 9 + 8:02d}:30:00.000Z" for n in range(100)]
    alike = {"AccountId": "001A00000000006AAA"}
    months.audit(
        JULY, [deal(n, LastModifiedDate=month[n], **(alike if n < 40 else {})) for n in range(100)]
    )
    facts = signs(months, JULY)["filled_alike"]
    assert (facts["check"], facts["count"], facts["of"]) == ("deal-without-account", 40, 40)


def test_lost_without_a_reason_calls_for_a_second_look(months: Months) -> None:
    reasons = {"Loss_Reason__c": "Price"}
    rows = [deal(n, **{"Loss_Reason__c": ""}, **(LATE if n < 30 else {})) for n in range(100)]
    closed = [deal(200 + n, StageName="Closed Lost", IsClosed="true", **reasons) for n in range(30)]
    settings = "tables: {deals: {columns: {lost_reason: Loss_Reason__c}}}\n"
    months.audit(JUNE, [*rows, *closed], settings=settings)
    for row in rows[:15]:
        row |= {"StageName": "Closed Lost", "IsClosed": "true"}
    months.audit(JULY, [*rows, *closed], settings=settings)
    assert signs(months, JULY)["closed_without_reason"] == {"count": 15}


def test_dates_pushed_by_exactly_a_month_call_for_a_second_look(months: Months) -> None:
    def due(n: int, days: int) -> str:
        return (date(2026, 8, 1) + timedelta(days=n % 28 + days)).isoformat()

    months.audit(JUNE, [deal(n, CloseDate=due(n, 0)) for n in range(100)])
    pushed = [deal(n, CloseDate=due(n, 30 if n < 40 else 0)) for n in range(100)]
    pushed[99] = deal(99, CloseDate=due(99, 17))
    earlier = months.folder / f"export-{JUNE}"
    months.audit(JULY, pushed, "--earlier", f"{earlier}@{JUNE}")
    assert signs(months, JULY)["pushed_alike"] == {"count": 40, "of": 41}
