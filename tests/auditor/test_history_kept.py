"""What a history keeps, and what it shows, forgets and gives away."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from auditor.history.opening import APPLICATION, migrations
from auditor.history.store import writing
from tests.auditor.commands import run
from tests.auditor.exports import deal, deals
from tests.auditor.months import JULY, JUNE, LATE, LATER, MAY, Months, exported


def test_a_history_names_no_record_and_nobody(months: Months, tmp_path: Path) -> None:
    months.audit(JUNE, [deal(n, Name="Ferme des Tilleuls", **LATE) for n in range(40)])
    kept = b"".join(exported(months, tmp_path / "kept").values())
    assert b"open-deal-past-close-date" in kept
    for text in (b"Tilleuls", b"006A00000000", b"005A00000000"):
        assert text not in kept
    shown = run(months.capsys, "history", "show", JUNE, "--history", months.history).out
    assert "Tilleuls" not in shown


def test_audits_are_listed_shown_and_forgotten(months: Months) -> None:
    rows = [deal(n, **(LATE if n < 10 else {})) for n in range(40)]
    for day in (MAY, JUNE, JULY):
        months.audit(day, rows)
    assert [line.split()[0] for line in months.listed().splitlines()] == [MAY, JUNE, JULY]
    pruned = run(months.capsys, "history", "prune", "--keep-months", 1, "--history", months.history)
    assert pruned.out == "Audits forgotten: 1.\n"
    assert [line.split()[0] for line in months.listed().splitlines()] == [JUNE, JULY]
    months.audit(LATER, rows)
    assert months.life(LATER)["persisting"] == 10
    assert months.life(LATER)["oldest_months"] == 1
    unknown = run(months.capsys, "history", "show", MAY, "--history", months.history)
    assert unknown.code == 2
    assert "the history holds no such audit" in unknown.err


def test_old_audits_are_forgotten_where_the_settings_say_so(months: Months) -> None:
    settings = "history: {file: elsewhere.sqlite, keep_months: 1}\n"
    for day in (MAY, JUNE, LATER):
        months.audit(day, settings=settings)
    assert [line.split()[0] for line in months.listed().splitlines()] == [JUNE, LATER]


def test_an_export_of_the_history_reads_as_csv(months: Months, tmp_path: Path) -> None:
    months.audit(JUNE, deals(overdue=2))
    months.audit(JULY, deals(overdue=1))
    exported(months, tmp_path / "kept")
    with (tmp_path / "kept" / "default-findings.csv").open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    ends = {(row["check_id"], row["valid_from"], row["valid_to"], row["ending"]) for row in rows}
    assert ends == {
        ("open-deal-past-close-date", JUNE, "", ""),
        ("open-deal-past-close-date", JUNE, JULY, "resolved"),
    }


@pytest.mark.parametrize("version", range(1, len(migrations()) + 1))
def test_a_history_of_each_earlier_version_is_led_forward(version: int, tmp_path: Path) -> None:
    file = tmp_path / "history.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        for statements in migrations()[:version]:
            connection.executescript(statements)
        connection.execute("insert into series (name) values ('kept')")
        connection.execute(f"pragma user_version = {version}")
        connection.execute(f"pragma application_id = {APPLICATION}")
        connection.commit()
    with writing(file):
        pass
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("pragma user_version").fetchone() == (len(migrations()),)
        assert connection.execute("select name from series").fetchall() == [("kept",)]
