"""A CRM that keeps no history of its fields gets one from what each audit saw of its deals."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date

import duckdb
import pytest

from tests.auditor.commands import run
from tests.auditor.exports import deal
from tests.auditor.months import APRIL, JULY, JUNE, LATER, MAY, Months, signs


def noted(months: Months, day: str) -> dict[str, object]:
    notes = {one["code"]: one["facts"] for one in months.result(day)["run"]["warnings"]}
    return notes.get("runs_compared", {})


def test_what_a_job_sees_change_becomes_a_history(months: Months) -> None:
    months.audit(MAY, [deal(n) for n in range(60)])
    assert noted(months, MAY) == {}
    page = (months.folder / f"report-{MAY}" / "report.en.html").read_text("utf-8")
    assert "How often close dates are pushed, in 3 months" in page
    pushed = [deal(n, CloseDate="2026-08-19" if n < 20 else "2026-07-20") for n in range(60)]
    months.audit(JUNE, pushed)
    assert noted(months, JUNE) == {"runs": 2, "since": MAY, "changes": 20}
    assert signs(months, JUNE)["pushed_alike"] == {"count": 20, "of": 20}
    moved = [row | {"StageName": "Negotiation"} if n < 5 else row for n, row in enumerate(pushed)]
    months.audit(JULY, moved)
    assert noted(months, JULY) == {"runs": 3, "since": MAY, "changes": 25}
    assert signs(months, JULY) == {}
    page = (months.folder / f"report-{JULY}" / "report.en.html").read_text("utf-8")
    assert "How often close dates are pushed, in 2 months" in page


def test_of_a_deal_that_an_export_holds_twice_the_first_counts(months: Months) -> None:
    rows, tolerant = [deal(n) for n in range(60)], "profile: {contract: {duplicate_ids: 0.05}}\n"
    months.audit(MAY, [*rows, deal(3, StageName="Negotiation")], settings=tolerant)
    months.audit(JUNE, [*rows, deal(3, StageName="Proposal")], settings=tolerant)
    assert noted(months, JUNE)["changes"] == 0


def test_a_column_that_is_hidden_for_a_month_is_no_change(months: Months) -> None:
    rows = [deal(n) for n in range(60)]
    months.audit(MAY, rows)
    months.audit(JUNE, [{k: v for k, v in row.items() if k != "Amount"} for row in rows])
    months.audit(JULY, rows)
    assert noted(months, JULY)["changes"] == 0


def test_a_renamed_stage_moves_no_deal(months: Months) -> None:
    months.audit(MAY, [deal(n) for n in range(60)])
    months.audit(JUNE, [deal(n, StageName="Offre") for n in range(60)])
    assert noted(months, JUNE)["changes"] == 0
    notes = {one["code"]: one["facts"] for one in months.result(JUNE)["run"]["warnings"]}
    assert notes["stage_renamed"] == {"was": "Proposal", "stage": "Offre"}
    months.audit(JULY, [deal(n, StageName="Offre" if n else "Negotiation") for n in range(60)])
    assert noted(months, JULY)["changes"] == 1


def test_deals_that_move_on_are_no_renamed_stage(months: Months) -> None:
    stages = ["Proposal", "Negotiation"]
    months.audit(MAY, [deal(n, StageName=stages[n % 2]) for n in range(60)])
    months.audit(JUNE, [deal(n, StageName="Negotiation") for n in range(60)])
    assert noted(months, JUNE)["changes"] == 30


LONG_AGO = "2026-03-01T09:00:00.000Z"


def kept_deals(months: Months) -> dict[str, set[str]]:
    """The ids of the deals that the history holds, by the day they were seen."""
    from auditor.history.store import reading

    folder = months.folder / "kept"
    folder.mkdir(exist_ok=True)
    with reading(months.history) as store:
        versions = store.deals.of("default", date.max, folder)
    return {
        str(one.day): {row[0] for row in duckdb.sql(f"select id from '{one.file}'").fetchall()}
        for one in versions
    }


def test_deals_are_forgotten_with_their_audits_but_for_how_they_last_were(months: Months) -> None:
    settings = "history: {file: history.sqlite, keep_months: 1}\n"
    first = [deal(n, CreatedDate=LONG_AGO) for n in range(60)]
    second = [row | {"StageName": "Negotiation"} if n < 10 else row for n, row in enumerate(first)]
    third = [row | {"Amount": "7"} if n < 20 else row for n, row in enumerate(second)][1:]
    months.audit(APRIL, first)
    months.audit(MAY, second)
    assert {day: len(ids) for day, ids in kept_deals(months).items()} == {APRIL: 60, MAY: 10}
    months.audit(JULY, third, settings=settings)
    kept = kept_deals(months)
    assert {day: len(ids) for day, ids in kept.items()} == {MAY: 59, JULY: 19}
    assert first[0]["Id"] not in kept[MAY]  # the source no longer holds it
    months.audit(LATER, third, settings=settings)
    assert noted(months, LATER)["changes"] == 19  # what changed since May is still known


def test_pruning_forgets_how_deals_were(months: Months) -> None:
    rows = [deal(n, CreatedDate=LONG_AGO) for n in range(60)]
    for number, day in enumerate((APRIL, MAY, JULY)):
        months.audit(day, [row | {"Amount": str(number + 1)} for row in rows])
    run(months.capsys, "history", "prune", "--keep-months", 1, "--history", months.history)
    assert {day: len(ids) for day, ids in kept_deals(months).items()} == {MAY: 60, JULY: 60}


@pytest.mark.parametrize("pruned", [False, True])
def test_versions_that_an_older_program_kept_tell_the_same(pruned: bool, months: Months) -> None:
    rows = [deal(n, CreatedDate=LONG_AGO) for n in range(60)]
    for number, day in enumerate((APRIL, MAY, JULY)):
        for row in rows[10 * number : 10 * number + 20]:
            row |= {"CloseDate": f"2026-09-{10 + number}", "OwnerId": "005A00000000001AAA"}
        months.audit(day, rows[number:])
    if pruned:
        run(months.capsys, "history", "prune", "--keep-months", "1", "--history", months.history)
    kept = months.history.read_bytes()
    months.audit(LATER, rows[:50])
    now, changes = months.result(LATER), noted(months, LATER)["changes"]
    months.history.write_bytes(kept)
    assert isinstance(changes, int)
    assert changes > 10
    forget_what_was_before(months)
    months.audit(LATER, rows[:50])
    assert months.result(LATER) == now


def forget_what_was_before(months: Months) -> None:
    """Turn the kept versions into those of a program that did not tell the one before."""
    file = months.folder / "old.parquet"
    with closing(sqlite3.connect(months.history)) as history, duckdb.connect() as engine:
        for day, deals in history.execute("select day, deals from version").fetchall():
            file.write_bytes(deals)
            engine.execute(f"create or replace table old as select * from '{file}'")
            engine.execute(
                f"copy (select columns(lambda c: not starts_with(c, 'was_')) from old) to '{file}'"
            )
            history.execute("update version set deals = ? where day = ?", (file.read_bytes(), day))
        history.commit()
