"""Findings that somebody accepted: counted all the same, shown apart, and back when they end."""

from __future__ import annotations

from tests.auditor.commands import run
from tests.auditor.exports import deal, write_csv
from tests.auditor.months import JULY, JUNE, LATE, LATER, Months

ACCEPTED = """
accepted:
  - check: open-deal-past-close-date
    records: [006A00000000000AAA, 006A00000000001AAA, 006A00000000039AAA]
    reason: Tender, no date before the council votes
    owner: Head of sales
    until: 2026-07-18
"""


def test_an_accepted_exception_is_shown_counted_and_ends(months: Months) -> None:
    rows = [deal(n, **(LATE if n < 10 else {})) for n in range(40)]
    months.audit(JUNE, rows)
    months.audit(JULY, rows, settings=ACCEPTED)
    assert months.life(JULY)["accepted"] == 2
    assert months.life(JULY)["now"] == 10
    page = (months.folder / f"report-{JULY}" / "report.en.html").read_text("utf-8")
    assert "2 findings are accepted until 18 July 2026 (Tender, no date before" in page
    months.audit(LATER, rows, settings=ACCEPTED)
    assert "accepted" not in months.life(LATER)
    page = (months.folder / f"report-{LATER}" / "report.en.html").read_text("utf-8")
    assert "the acceptance of 2 findings ended on 18 July 2026" in page


def test_an_exception_to_an_unknown_check_is_said(months: Months) -> None:
    finished = months.audit(JUNE, settings=ACCEPTED.replace("past-close-date", "past-clos-date"))
    assert finished.code == 2
    assert 'auditor.yaml:3: unknown check "open-deal-past-clos-date"' in finished.err


def test_an_exception_is_shown_without_a_history_too(months: Months) -> None:
    rows = [deal(n, **(LATE if n < 10 else {})) for n in range(40)]
    export = write_csv(months.folder / "export" / "Opportunity.csv", rows).parent
    (months.folder / "auditor.yaml").write_text(ACCEPTED, encoding="utf-8")
    out, config = months.folder / "report", months.folder / "auditor.yaml"
    finished = run(
        months.capsys, "audit", export, "--as-of", JULY, "--out", out, "--config", config
    )
    assert finished.code == 0
    page = (out / "report.en.html").read_text("utf-8")
    assert "2 findings are accepted until 18 July 2026 (Tender, no date before" in page
