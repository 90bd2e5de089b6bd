"""What a sample proposes holds only while the rest of the file agrees."""

from contextlib import ExitStack
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from connectors.csv_export.files.raw_tables import open_tables
from connectors.engines.duckdb import Engine
from connectors.intake.sample import sample_rows
from tests.connectors.written import load, values, write_csv

ROWS = 12_000


def sampled(path):
    """Return the first cell of each record that is in the sample of a file."""
    engine = Engine()
    with ExitStack() as copies, TemporaryDirectory() as workdir:
        ((table,), _) = open_tables(path, engine, Path(workdir), copies)
        return [row[0] for row in sample_rows(engine, table)]


def deals(folder, column, usual, late):
    """Write deals with ``usual`` in a column, and ``late`` in rows that no sample holds.

    Returns the folder, and the line of each late value.
    """
    headers = ["Deal ID", "Deal Name", "Stage", column]
    rows = [[f"d{at}", f"Deal {at}", "Won", usual[at % len(usual)]] for at in range(ROWS)]
    path = write_csv(folder, "deals.csv", headers, rows)
    seen = set(sampled(path))
    unseen = [at for at in range(ROWS) if f"d{at}" not in seen][-len(late) :]
    for at, value in zip(unseen, late, strict=True):
        # As many characters as before, so that the sample stays the same.
        rows[at][3] = value
        rows[at][1] = rows[at][1].ljust(len(rows[at][1]) + len(usual[at % len(usual)]) - len(value))
    write_csv(folder, "deals.csv", headers, rows)
    return folder, [at + 2 for at in unseen]


def test_the_sample_comes_from_all_over_the_file(tmp_path):
    path = write_csv(tmp_path, "deals.csv", ["Id", "Name"], [[at, "x"] for at in range(100_000)])
    found = [int(each) for each in sampled(path)]
    assert found[:1_500] == list(range(1_500))
    assert found == sorted(set(found))
    assert all(any(at <= n < at + 5_000 for n in found) for at in range(0, 100_000, 5_000))


def test_a_late_value_that_does_not_parse_is_kept_and_listed_with_its_line(tmp_path):
    folder, (line,) = deals(tmp_path, "Amount", ["100000"], ["soon"])
    loaded = load(folder)
    assert values(loaded, "select count(amount) from deals") == [ROWS - 1]
    assert values(loaded, "select amount_as_written from deals where amount is null") == ["soon"]
    (unread,) = loaded.snapshot.intake.unread
    assert (unread.column, unread.line, unread.value) == ("amount", line, "soon")
    (counted,) = [c for c in loaded.snapshot.intake.columns if c.column == "amount"]
    assert (counted.filled, counted.unparsed) == (ROWS, 1)


def test_a_late_notation_is_learnt_from_what_did_not_parse(tmp_path):
    folder, _ = deals(tmp_path, "Amount", ["100000.00"], ["$1,200.50"])
    loaded = load(folder)
    assert loaded.snapshot.intake.unread == []
    assert values(loaded, "select cast(min(amount) as double) from deals") == [1200.5]
    assert "amount_as_written" not in values(loaded, "select column_name from (describe deals)")


def test_late_dates_turn_the_order_of_the_whole_column(tmp_path):
    folder, _ = deals(tmp_path, "Close Date", ["02/03/2025"], ["01/31/2025", "01/30/2025"])
    path = folder / "deals.csv"
    path.write_text(path.read_text().replace("02/03/2025", "28/03/2025", 1))
    loaded = load(folder)
    days = values(loaded, "select distinct close_date from deals order by 1")
    assert days == [date(2025, 1, 30), date(2025, 1, 31), date(2025, 2, 3), None]
    assert [(each.value, each.line) for each in loaded.snapshot.intake.unread] == [
        ("28/03/2025", 2)
    ]


def test_a_late_no_takes_back_that_an_empty_cell_is_a_no(tmp_path):
    folder, _ = deals(tmp_path, "Won", ["true", ""], ["false"])
    loaded = load(folder)
    flags = loaded.snapshot.rows("select is_won, count(*) from deals group by 1 order by 1")
    assert flags == [(False, 1), (True, ROWS // 2), (None, ROWS // 2 - 1)]


def test_a_late_list_of_ids_is_read_as_one(tmp_path):
    headers = ["Record ID", "Deal Name", "Deal Stage", "Pipeline", "Associated Company IDs"]
    rows = [[str(at), f"Deal {at}", "Won", "Sales", "7000001"] for at in range(ROWS)]
    rows[-40][4] = "77;78;79"
    loaded = load(write_csv(tmp_path, "hubspot-deals.csv", headers, rows))
    assert values(loaded, "select distinct account_id from deals order by 1") == ["7000001", "77"]


def test_one_broken_line_late_in_a_file_costs_one_record(tmp_path):
    folder, (line,) = deals(tmp_path, "Amount", ["100000.00"], ['12" tube'])
    path = folder / "deals.csv"
    path.write_text(path.read_text().replace('"12"" tube"', '"12 tube'))
    loaded = load(folder)
    (table,) = loaded.snapshot.intake.tables
    assert (table.rows_in, table.rows_loaded, table.rows_unread) == (ROWS, ROWS - 1, 1)
    assert values(loaded, "select count(amount) from deals") == [ROWS - 1]
    assert values(loaded, "select max(row_no) from deals") == [ROWS - 1]
    assert [(each.line, each.reason) for each in loaded.snapshot.intake.unread] == [
        (line, "unbalanced_quote")
    ]


def test_huge_cells_line_breaks_and_zero_bytes_reach_their_columns(tmp_path):
    long = "x" * 204_800
    text = f'Deal ID,Deal Name,Stage,Amount\nd1,{long},Won,1\nd2,"a\nb",Won,2\nd3,c\0d,Won,soon\n'
    (tmp_path / "deals.csv").write_text(text)
    loaded = load(tmp_path)
    assert values(loaded, "select name from deals order by row_no") == [long, "a\nb", "cd"]
    assert [each.line for each in loaded.snapshot.intake.unread] == [5]


@pytest.mark.parametrize(
    "name", ["amount_as_written", "helper_id", "text_id", " given amount", "c0"]
)
def test_no_header_of_a_file_meets_a_column_of_ours(name, tmp_path):
    headers = ["Deal ID", "Deal Name", "Stage", "Amount", name]
    loaded = load(write_csv(tmp_path, "deals.csv", headers, [["d1", "A", "Won", "soon", "kept"]]))
    row = loaded.snapshot.sql("select * from deals").iloc[0]
    assert row["amount_as_written"] == "soon"
    assert "kept" in list(row)


def test_only_the_canonical_tables_stay_in_the_engine(tmp_path):
    write_csv(tmp_path, "deals.csv", ["Deal ID", "Deal Name", "Stage"], [["d1", "A", "Won"]])
    write_csv(tmp_path, "recipes.csv", ["Dish", "Minutes"], [["Soup", "20"]])
    left = values(load(Path(tmp_path)), "select table_name from duckdb_tables()")
    assert not [name for name in left if name.startswith(("raw_", "typed_"))]
