"""What an audit with a history says of a month, beside the one before."""

from __future__ import annotations

from pathlib import Path

from tests.auditor.commands import run
from tests.auditor.exports import deal, deals
from tests.auditor.months import JULY, JUNE, LATE, LATER, MAY, Months, exported


def test_the_second_audit_says_what_became_of_each_finding(months: Months) -> None:
    before = deals(overdue=10)
    assert months.audit(JUNE, before).code == 0
    assert months.result(JUNE)["comparison"]["reason"] == "first_audit"
    after = deals(overdue=10)[2:]  # two deleted
    after[0] = deal(2)  # mended
    after[1] = deal(3, StageName="Closed Lost", IsClosed="true", **LATE)  # no longer open
    after += [deal(100 + n, **LATE) for n in range(3)]
    assert months.audit(JULY, after).code == 0
    assert months.life(JULY) == {
        "before": 10, "new": 3, "persisting": 6, "resolved": 1, "vanished": 3, "now": 9,
    }  # fmt: skip
    assert "Since 30 June 2026" in page(months, JULY)


def test_a_finding_that_comes_back_is_reopened(months: Months) -> None:
    months.audit(MAY, [*deals(overdue=1), deal(99, CloseDate="2026-05-20")])
    months.audit(JUNE, [*deals(overdue=1), deal(99, CloseDate="2026-07-20")])
    assert months.life(JUNE)["resolved"] == 1
    months.audit(JULY, [*deals(overdue=1), deal(99, CloseDate="2026-06-20")])
    assert months.life(JULY)["reopened"] == 1
    assert "new" not in months.life(JULY)


def test_what_is_out_of_sight_is_unknown_and_then_seen_again(months: Months) -> None:
    blind = [{k: v for k, v in row.items() if k != "CloseDate"} for row in deals(overdue=10)]
    months.audit(MAY, [row | {"CloseDate": "2026-05-01"} for row in deals(10)] + deals()[10:])
    finished = months.audit(JUNE, blind)
    assert finished.code == 4
    assert "The last audit could read this, and this one cannot: “Close date”" in finished.out
    assert months.life(JUNE) == {"before": 10, "unknown": 10}
    assert months.result(JUNE)["signals"][0]["index"] is None
    months.audit(JULY, [row | {"CloseDate": "2026-05-01"} for row in deals(7)] + deals()[7:])
    assert months.life(JULY) == {"seen_again": 7, "now": 7, "oldest_months": 1}


def test_the_same_day_again_takes_the_place_of_its_audit(months: Months, tmp_path: Path) -> None:
    months.audit(JUNE, deals(overdue=10))
    months.audit(JULY, deals(overdue=4))
    once = exported(months, tmp_path / "once")
    months.audit(JULY, deals(overdue=20))
    months.audit(JULY, deals(overdue=4))
    assert exported(months, tmp_path / "twice") == once


def test_an_earlier_day_is_not_kept_and_not_trusted(months: Months, tmp_path: Path) -> None:
    """A clock that was set back, or an old export: the history stays as it is."""
    months.audit(JULY, deals(overdue=10))
    before = exported(months, tmp_path / "before")
    finished = months.audit(JUNE, deals(overdue=3))
    assert finished.code == 4
    assert "the last one that was kept shows 18 July 2026" in finished.out
    assert exported(months, tmp_path / "after") == before


def test_far_fewer_records_are_a_broken_audit_and_spoil_no_history(months: Months) -> None:
    full = [deal(n, **(LATE if n < 30 else {})) for n in range(100)]
    months.audit(MAY, full)
    finished = months.audit(JUNE, full[40:])
    assert finished.code == 4
    assert "40% of the records of the last audit are missing: deals" in finished.out
    assert months.result(JUNE)["comparison"]["reason"] == "not_trusted"
    assert months.audit(JULY, full).code == 0
    assert months.life(JULY)["persisting"] == 30
    assert months.result(JULY)["comparison"]["previous_as_of"] == MAY


def test_a_clean_up_is_accepted_as_a_new_beginning(months: Months) -> None:
    full = [deal(n, **(LATE if n < 30 else {})) for n in range(100)]
    months.audit(JUNE, full)
    finished = months.audit(JULY, full[40:], "--rebaseline")
    assert finished.code == 0
    comparison = months.result(JULY)["comparison"]
    assert "rebaselined" in [one["code"] for one in comparison["breaks"]]
    assert "The audit as of 30 June 2026 is not restated" in page(months, JULY)
    assert all(one["move"] is None for one in comparison["checks"])


def test_a_changed_threshold_breaks_the_trend_and_is_explained(months: Months) -> None:
    rows = [deal(n, CloseDate="2026-06-20" if n < 20 else "2026-08-20") for n in range(40)]
    months.audit(JUNE, rows, settings=grace(3))
    months.audit(JULY, rows, settings=grace(90))
    comparison = months.result(JULY)["comparison"]
    (broken,) = [one for one in comparison["breaks"] if one["code"] == "definition"]
    assert broken["checks"] == ["open-deal-past-close-date"]
    assert (broken["facts"]["before"], broken["facts"]["now"]) == ("3", "90")
    (change,) = [c for c in comparison["checks"] if c["check_id"] == "open-deal-past-close-date"]
    assert change["life"]["resolved"] == 20
    assert (change["comparable"], change["move"]) == (False, None)
    before, now = (months.result(day)["signals"][0]["index"] for day in (JUNE, JULY))
    signal = comparison["signals"][0]
    assert now > before
    assert signal["like"] == signal["like_before"]
    assert "grace_days was 3 and is 90" in page(months, JULY)


def test_the_audit_before_new_definitions_is_restated_from_its_export(months: Months) -> None:
    """As the page says: audited anew under the present settings, and set beside its old result."""
    rows = [deal(n, CloseDate="2026-06-20" if n < 20 else "2026-08-20") for n in range(40)]
    months.audit(JUNE, rows, settings=grace(3))
    months.audit(JULY, rows, settings=grace(90))
    assert "auditor audit EXPORT --as-of 2026-06-30 under the present" in page(months, JULY)
    restated = months.folder / "restated"
    run(
        months.capsys, "audit", months.folder / f"export-{JUNE}", "--as-of", JUNE,
        "--config", months.folder / "auditor.yaml", "--out", restated, "--lang", "en",
    )  # fmt: skip
    old = months.folder / f"report-{JUNE}" / "result.json"
    both = run(months.capsys, "compare", old, restated / "result.json").out
    assert "Open deals past their close date  50%  0%  not comparable" in both


def test_a_changed_tolerance_is_told_as_a_share(months: Months) -> None:
    rows = [deal(n, **(LATE if n < 20 else {})) for n in range(40)]
    tolerance = "profile: {{checks: {{open-deal-past-close-date: {{tolerance: {{t_lo: {}}}}}}}}}\n"
    months.audit(JUNE, rows, settings=tolerance.format(0.1))
    months.audit(JULY, rows, settings=tolerance.format(0.2))
    assert "the tolerated share was 10% and is 20%" in page(months, JULY)


def test_a_quiet_month_has_nothing_to_restate(months: Months) -> None:
    months.audit(JUNE, deals(overdue=4))
    months.audit(JULY, deals(overdue=4))
    assert "not restated" not in page(months, JULY)


def page(months: Months, day: str) -> str:
    return (months.folder / f"report-{day}" / "report.en.html").read_text("utf-8")


def grace(days: int) -> str:
    return (
        f"profile: {{checks: {{open-deal-past-close-date: {{params: {{grace_days: {days}}}}}}}}}\n"
    )


def test_a_mass_of_new_findings_is_a_move_and_a_few_are_none(months: Months) -> None:
    months.audit(JUNE, [deal(n) for n in range(100)])
    months.audit(JULY, [deal(n, **(LATE if n < 2 else {})) for n in range(100)])
    assert moves(months, JULY) == {}
    months.audit(LATER, [deal(n, **(LATE if n < 60 else {})) for n in range(100)])
    assert moves(months, LATER) == {"open-deal-past-close-date": "worse"}


def moves(months: Months, day: str) -> dict[str, str]:
    checks = months.result(day)["comparison"]["checks"]
    return {one["check_id"]: one["move"] for one in checks if one["move"]}
